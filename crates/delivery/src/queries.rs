//! What others may ask of deliveries.

use ::store::{Find, StoreError, TableReader};
use contracts::queries::{DeliveryView, Field, Found, Query, RecordKind, RecordView};
use contracts::{OrderId, StorefrontNo};
use engine::{Missing, Rows};
use records::{ByIndex, Listed, Sought, number_of};
use typed::{Any, Term};

use crate::delivery::Delivery;

/// Answers a query from rows by their keys; `None` where it is for another service.
///
/// # Errors
/// If a row must be fetched first.
pub fn keyed(query: &Query, rows: &Rows<'_>) -> Result<Option<Found>, Missing> {
    let Query::OneDelivery(of) = query else { return Ok(None) };
    Ok(Some(Found::OneDelivery(rows.get::<Delivery>(&of.order)?.map(|row| Box::new(seen(row.clone()))))))
}

/// As others see it.
fn seen(row: Delivery) -> DeliveryView {
    DeliveryView { order: row.owner, now: row.now() }
}

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    Ok(match query {
        Query::Records(of) if of.kind == RecordKind::Delivery => {
            Some(Found::Records(records::answer::<Delivery>(of, reader)?))
        }
        _ => None,
    })
}

impl Listed for Delivery {
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
            Field::Quantity => of.quantity.as_any(),
            Field::State => of.state.as_any(),
            Field::PlacedAt => of.started_at.as_any(),
            Field::Order => number_of(of.owner),
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
        Some(RecordView::Delivery(Box::new(seen(row))))
    }
}
