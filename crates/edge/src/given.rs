//! What tests of this crate are given.

use contracts::commands::Target;
use contracts::events::OrderPlaced;
use contracts::queries::OrderView;
use contracts::{OfferingId, OrderId, OrderNow, Seats};

/// The order `order` of one of `offering`, placed at 5 ms after 1970, and then as `change` leaves it.
pub(crate) fn order(order: OrderId, offering: OfferingId, change: impl FnOnce(&mut OrderNow)) -> OrderView {
    let (customer, target, seats) = ("7".into(), Target::Id(offering), Seats(Vec::new()));
    let placed = OrderPlaced { order, customer, quantity: 1, target, seats, expected_price: None, fields: None };
    let mut now = placed.now(5);
    change(&mut now);
    OrderView {
        order,
        now,
        seats: Seats(Vec::new()),
        field: None,
        explanation: None,
        correlation: 1,
        shown: true,
        card: None,
        seat_row: None,
        seat_column: None,
    }
}
