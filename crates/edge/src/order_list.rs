//! Lists of orders, newest first, for all doors alike.

use backend::{Backend, Unavailable};
use contracts::Text;
use contracts::queries::{OrderDetail, OrderDetails, Orders, OrdersOf, Recent};

/// So many of a customer's orders are looked at together where not all of them are wanted.
const CHUNK: u32 = 64;

/// The orders that `which` asks for, newest first; of one `customer`, where one is named. Those are found by way of my page, which has them
/// by customer. All others are walked through, down their numbers.
///
/// # Errors
/// If nothing could be read.
pub async fn list_orders(
    backend: &dyn Backend,
    customer: Option<Text>,
    which: Orders,
) -> Result<Recent<OrderDetail>, Unavailable> {
    match customer {
        None => backend.ask(which).await,
        Some(customer) => of_customer(backend, customer, which).await,
    }
}

/// A customer's orders: my page knows which, and order how it stands with them.
async fn of_customer(backend: &dyn Backend, customer: Text, which: Orders) -> Result<Recent<OrderDetail>, Unavailable> {
    let ids = |after, limit| {
        let storefronts = which.storefronts.clone();
        backend.ask(OrdersOf { customer: customer.clone(), storefronts, after, limit })
    };
    if which.is_for_all() {
        let page = ids(which.after.clone(), which.limit).await?;
        let rows = backend.ask(OrderDetails { ids: page.rows }).await?;
        return Ok(Recent { rows: rows.into_iter().flatten().collect(), end: page.end });
    }
    let (mut rows, mut end, mut after) = (Vec::new(), None, which.after.clone());
    let limit = usize::try_from(which.limit).unwrap_or(usize::MAX);
    loop {
        let chunk = ids(after.clone(), CHUNK).await?;
        for (at, detail) in (1..).zip(backend.ask(OrderDetails { ids: chunk.rows }).await?) {
            let Some(detail) = detail.filter(|detail| which.is_for(detail)) else { continue };
            if rows.len() == limit {
                return Ok(Recent { rows, end });
            }
            rows.push(detail);
            if rows.len() == limit {
                // The page ends here, though more were looked at.
                end = ids(after.clone(), at).await?.end;
            }
        }
        match chunk.end {
            Some(end) => after = Some(end),
            None => return Ok(Recent { rows, end: None }),
        }
    }
}
