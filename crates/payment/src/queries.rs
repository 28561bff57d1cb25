//! What others may ask of payments.

use ::store::{Find, StoreError, TableReader};
use contracts::queries::{Field, Found, PaymentView, Query, RecordKind, RecordView};
use contracts::{OrderId, StorefrontNo};
use engine::{Missing, Rows};
use records::{ByIndex, Listed, Sought, number_of};
use typed::{Any, Term};

use crate::payment::Payment;

/// Answers a query from rows by their keys; `None` where it is for another service.
///
/// # Errors
/// If a row must be fetched first.
pub fn keyed(query: &Query, rows: &Rows<'_>) -> Result<Option<Found>, Missing> {
    let Query::OnePayment(of) = query else { return Ok(None) };
    Ok(Some(Found::OnePayment(rows.get::<Payment>(&of.order)?.map(|row| Box::new(seen(row.clone()))))))
}

/// As others see it.
fn seen(row: Payment) -> PaymentView {
    let now = row.now();
    let Payment { owner: order, customer, product, card, .. } = row;
    PaymentView { order, customer, product, card, now }
}

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    Ok(match query {
        Query::Records(of) if of.kind == RecordKind::Payment => {
            Some(Found::Records(records::answer::<Payment>(of, reader)?))
        }
        _ => None,
    })
}

impl Listed for Payment {
    type Row = Self;

    fn shown(storefront: StorefrontNo) -> Find<Self> {
        Find::all().with(Self::COLUMNS.storefront.is(storefront))
    }
    fn number() -> Term<Self, Any> {
        Self::COLUMNS.number.as_any()
    }
    fn term(field: &Field) -> Option<Term<Self, Any>> {
        let of = Self::COLUMNS;
        Some(match field {
            Field::Offering => of.product.as_any(),
            Field::Customer => of.customer.as_any(),
            Field::Amount => of.amount.as_any(),
            Field::State => of.state.as_any(),
            Field::PlacedAt => of.requested_at.as_any(),
            Field::PaidAt => of.paid_at.as_any(),
            Field::RefundedAt | Field::CancelledAt => of.refunded_at.as_any(),
            Field::Order => number_of(of.owner),
            Field::Card => of.card.as_any(),
            _ => return None,
        })
    }
    fn by_index(rows: Find<Self>, sought: &Sought<'_>, _: &mut dyn TableReader) -> Result<ByIndex<Self>, StoreError> {
        if *sought.field != Field::Order {
            return Ok(ByIndex::None);
        }
        Ok(sought.with_id(|id| rows.with(Self::COLUMNS.owner.is(OrderId(id)))))
    }
    fn view(row: Self) -> Option<RecordView> {
        Some(RecordView::Payment(Box::new(seen(row))))
    }
}
