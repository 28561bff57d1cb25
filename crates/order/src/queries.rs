//! What others may ask of orders.

use ::store::{Find, StoreError, TableReader};
use contracts::queries::{CUSTOMER_NAME, Field, Found, OrderView, Placed, Query, RecordKind, RecordView};
use contracts::{NUMBER_MAX, Numbered, OrderId, StorefrontNo};
use engine::{Missing, Rows};
use records::Listed;
use typed::{Any, Term};

use crate::order::Order;
use crate::refusal::Refusal;

/// Answers a query from rows by their keys; `None` where it is for another service.
///
/// # Errors
/// If a row must be fetched first.
pub fn keyed(query: &Query, rows: &Rows<'_>) -> Result<Option<Found>, Missing> {
    Ok(match query {
        Query::OneOrder(of) => Some(Found::OneOrder(rows.get::<Order>(&of.id)?.map(Order::view))),
        Query::PlacedOrder(of) => {
            let placed = match rows.get::<Order>(&of.id)? {
                Some(order) => Some(Placed::Kept(order.view())),
                None => rows.get::<Refusal>(&of.id)?.map(|refusal| Placed::Refused(refusal.rejection())),
            };
            Some(Found::PlacedOrder(placed))
        }
        _ => None,
    })
}

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    Ok(match query {
        Query::Records(of) if of.kind == RecordKind::Order => {
            Some(Found::Records(records::answer::<Order>(of, reader)?))
        }
        _ => None,
    })
}

impl Listed for Order {
    type Row = Self;

    fn shown(storefront: StorefrontNo) -> Find<Self> {
        let id = || Self::COLUMNS.id;
        let (first, last) = (OrderId::of(storefront, 0), OrderId::of(storefront, NUMBER_MAX));
        Find::all().with(id().at_least(first)).with(id().at_most(last)).with(Self::COLUMNS.shown.is(true))
    }
    fn number() -> Term<Self, Any> {
        Self::COLUMNS.id.as_any()
    }
    fn key_of(storefront: StorefrontNo, number: u64) -> u64 {
        OrderId::of(storefront, number).raw()
    }
    fn term(field: &Field) -> Option<Term<Self, Any>> {
        let of = Self::COLUMNS;
        Some(match field {
            Field::Offering => of.wanted.without(crate::commands::REFERENCE).as_any(),
            Field::OfferingName => of.name.as_any(),
            Field::Quantity => of.quantity.as_any(),
            Field::Customer => of.customer.as_any(),
            Field::CustomerName => return of.fields.member(CUSTOMER_NAME),
            Field::Seat => of.seats.as_any(),
            Field::SeatRow => of.seat_row.as_any(),
            Field::SeatColumn => of.seat_col.as_any(),
            Field::UnitPrice => of.unit_price.as_any(),
            Field::Amount => of.total.as_any(),
            Field::State => of.state.as_any(),
            Field::PlacedAt => of.placed_at.as_any(),
            Field::CancelledAt => of.cancelled_at.as_any(),
            Field::Points => of.points.as_any(),
            Field::Card => of.card.as_any(),
            Field::Kept(name) => return of.fields.member(name),
            _ => return None,
        })
    }
    fn view(row: Self) -> Option<RecordView> {
        row.shown.then(|| RecordView::Order(Self::view(&row)))
    }
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
