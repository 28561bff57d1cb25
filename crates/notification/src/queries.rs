//! What others may ask of notices.

use ::store::by_recency::{self, BLOCK_BITS, ByRecency, ChunkRequest, OfCustomer};
use ::store::{Find, StoreError, TableReader};
use contracts::StorefrontNo;
use contracts::queries::{Field, Found, NoticeView, NoticesOf, PageCursor, Query, Recent, RecordKind, RecordView};
use records::{ByIndex, Listed, Sought, number_of};
use typed::{Any, Term};

use crate::notice::Notice;
use crate::store::Counter as NoticeCounter;

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    match query {
        Query::NoticesOf(of) => of_customer(of, reader).map(Some),
        Query::Records(of) if of.kind == RecordKind::Notice => {
            Ok(Some(Found::Records(records::answer::<Notice>(of, reader)?)))
        }
        _ => Ok(None),
    }
}

fn of_customer(of: &NoticesOf, reader: &mut dyn TableReader) -> Result<Found, StoreError> {
    let limit = usize::try_from(of.limit).unwrap_or(usize::MAX);
    let after = of.after.as_ref().map(|cursor| &cursor.0);
    let (notices, end) = by_recency::page(&OfCustomer::<Notice>::new(&of.customer, reader), reader, after, limit)?;
    let rows = notices.into_iter().map(Notice::view).collect();
    Ok(Found::NoticesOf(Recent { rows, end: end.map(PageCursor) }))
}

/// So many notices an order can have: their ids follow each other.
const OF_ORDER: u64 = 4;

impl Listed for Notice {
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
            Field::Offering => number_of(of.offering),
            Field::OfferingName => of.offering_name.as_any(),
            Field::Quantity => of.quantity.as_any(),
            Field::Customer => of.customer.as_any(),
            Field::CustomerName => of.customer_name.as_any(),
            Field::State => of.kind.as_any(),
            Field::PlacedAt => of.at.as_any(),
            Field::Order => number_of(of.owner),
            _ => return None,
        })
    }
    fn by_index(rows: Find<Self>, sought: &Sought<'_>, _: &mut dyn TableReader) -> Result<ByIndex<Self>, StoreError> {
        if *sought.field != Field::Order {
            return Ok(ByIndex::None);
        }
        let id = || Self::COLUMNS.id;
        let (first, last) = (|order| order * OF_ORDER, |order| order * OF_ORDER + OF_ORDER - 1);
        Ok(sought.with_id(|order| rows.with(id().at_least(first(order))).with(id().at_most(last(order)))))
    }
    fn view(row: Self) -> Option<RecordView> {
        Some(RecordView::Notice(Box::new(Self::view(row))))
    }
}

impl ByRecency for Notice {
    fn in_block(customer: &str, request: ChunkRequest) -> Find<Self> {
        let notice = || Self::COLUMNS;
        let storefront = StorefrontNo(u32::try_from(request.group).unwrap_or(u32::MAX));
        Find::all()
            .with(notice().storefront.is(storefront))
            .with(notice().number.block(BLOCK_BITS).is(i64::try_from(request.block()).ok()))
            .with(notice().customer.is(customer.into()))
            .with(notice().number.below(request.number))
            .by(notice().number.desc())
    }
    fn group(&self) -> u64 {
        u64::from(self.storefront.0)
    }
    fn number(&self) -> u64 {
        self.number
    }
    fn at(&self) -> u64 {
        self.at
    }
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let counters = Find::<NoticeCounter>::all().rows(reader)?;
        Ok(counters.into_iter().map(|counter| (counter.storefront, counter.next)).collect())
    }
}

impl Notice {
    /// As others see it.
    pub(crate) fn view(self) -> NoticeView {
        NoticeView {
            id: self.id,
            order: self.owner,
            now: self.now(),
            customer: self.customer,
            customer_name: self.customer_name,
            offering: self.offering,
            offering_name: self.offering_name,
            quantity: self.quantity,
        }
    }
}
