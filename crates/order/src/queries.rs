//! What others may ask of orders.

use contracts::queries::{Found, OrderView, Placed, Query};
use engine::{Missing, Rows};

use crate::order::Order;

/// Answers a query from rows by their keys; `None` where it is for another service.
///
/// # Errors
/// If a row must be fetched first.
pub fn keyed(query: &Query, rows: &Rows<'_>) -> Result<Option<Found>, Missing> {
    Ok(match query {
        Query::OneOrder(of) => Some(Found::OneOrder(rows.get::<Order>(&of.id)?.map(Order::view))),
        Query::PlacedOrder(of) => {
            let order = rows.get::<Order>(&of.id)?;
            Some(Found::PlacedOrder(order.map(|order| Placed::Kept(order.view()))))
        }
        _ => None,
    })
}

impl Order {
    /// As others see it.
    pub(crate) fn view(&self) -> Box<OrderView> {
        Box::new(OrderView {
            order: self.id,
            now: self.told(),
            seats: self.seats.clone(),
            field: self.field.clone(),
            explanation: self.explanation.clone(),
            correlation: self.correlation,
            shown: self.shown,
            card: self.card.clone(),
            seat_row: self.seat_row.clone(),
            seat_column: self.seat_col,
        })
    }
}
