//! What others may ask of my page.

use ::store::by_recency::{self, BLOCK_BITS, ByRecency, ChunkRequest, OfCustomer};
use ::store::{Find, StoreError, TableReader};
use contracts::queries::{Found, LineView, PageCursor, Query, Recent};
use contracts::{Numbered, OrderId, StorefrontNo};
use typed::Row;

use crate::line::Line;

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    let Query::LinesOf(of) = query else { return Ok(None) };
    let limit = usize::try_from(of.limit).unwrap_or(usize::MAX);
    let after = of.after.as_ref().map(|cursor| &cursor.0);
    let (lines, end) = by_recency::page(&OfCustomer::<Line>::new(&of.customer), reader, after, limit)?;
    let rows = lines.into_iter().map(Line::view).collect();
    Ok(Some(Found::LinesOf(Recent { rows, end: end.map(PageCursor) })))
}

impl ByRecency for Line {
    fn in_block(customer: &str, request: ChunkRequest) -> Find<Self> {
        // A line's key is its order, so that blocks of all storefronts are counted in one.
        let line = || Self::COLUMNS;
        let first = first_of(request.group);
        let block = (first >> BLOCK_BITS) + request.block();
        Find::all()
            .with(line().owner.block(BLOCK_BITS).is(i64::try_from(block).ok()))
            .with(line().customer.is(customer.into()))
            .with(line().owner.below(OrderId(first.saturating_add(request.number))))
            .by(line().owner.desc())
    }
    fn number(&self) -> u64 {
        self.owner.number()
    }
    fn at(&self) -> u64 {
        self.placed_at
    }
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let highest = reader.highest(Self::TABLE)?.into_iter().map(contracts::OrderId);
        Ok(highest.map(|order| (u64::from(order.storefront().0), order.number() + 1)).collect())
    }
}

/// What stands above the numbers of the storefront `group`.
fn first_of(group: u64) -> u64 {
    OrderId::of(StorefrontNo(u32::try_from(group).unwrap_or(u32::MAX)), 0).raw()
}

impl Line {
    /// As others see it.
    pub(crate) fn view(self) -> LineView {
        LineView {
            order: self.owner,
            number: self.number,
            list_number: self.list_number,
            customer: self.customer,
            wanted: self.wanted,
            offering: self.offering,
            name: self.name,
            quantity: self.quantity,
            unit_price: self.unit_price,
            total: self.total,
            state: self.state,
            reason: self.reason,
            points: self.points,
            paid: self.paid,
            paid_at: self.paid_at,
            refunded_at: self.refunded_at,
            delivery: self.delivery,
            fields: self.fields,
            placed_at: self.placed_at,
            cancelled_at: self.cancelled_at,
            version: self.version,
        }
    }
}
