//! What others may ask of my page.

use ::store::by_recency::{self, BLOCK_BITS, ByRecency, Chunk, ChunkRequest, OfCustomer, RecencyList};
use ::store::{Find, StoreError, TableReader};
use contracts::queries::{
    CUSTOMER_NAME, Field, Found, LineView, LinesOf, OrdersOf, PageCursor, Query, Recent, RecordKind, RecordView,
};
use contracts::{Numbered, OrderId, StorefrontNo};
use records::{ByIndex, Listed, Sought, number_of};
use typed::{Any, Row, Term};

use crate::line::Line;

/// Answers a query from the tables; `None` where it is for another service.
///
/// # Errors
/// If the tables cannot be read.
pub fn listed(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    match query {
        Query::LinesOf(of) => of_customer(of, reader).map(Some),
        Query::Records(of) if of.kind == RecordKind::Line => {
            Ok(Some(Found::Records(records::answer::<Visible>(of, reader)?)))
        }
        Query::Records(of) if of.kind == RecordKind::ConfirmedLine => {
            Ok(Some(Found::Records(records::answer::<Confirmed>(of, reader)?)))
        }
        Query::OrdersOf(of) => orders(of, reader).map(|found| Some(Found::OrdersOf(found))),
        _ => Ok(None),
    }
}

fn of_customer(of: &LinesOf, reader: &mut dyn TableReader) -> Result<Found, StoreError> {
    let limit = usize::try_from(of.limit).unwrap_or(usize::MAX);
    let after = of.after.as_ref().map(|cursor| &cursor.0);
    let (lines, end) = by_recency::page(&OfCustomer::<Line>::new(&of.customer, reader), reader, after, limit)?;
    let rows = lines.into_iter().map(Line::view).collect();
    Ok(Found::LinesOf(Recent { rows, end: end.map(PageCursor) }))
}

/// The lines that facades show, by their number in the storefront.
struct Visible;
/// Those of orders that stand, by a number of their own.
struct Confirmed;

macro_rules! lines {
    ($($name:ident as $view:ident by $number:ident),+) => {$(
        impl Listed for $name {
            type Row = Line;

            fn shown(storefront: StorefrontNo) -> Find<Line> {
                Find::all().with(Line::COLUMNS.storefront.is(storefront)).with(Line::COLUMNS.$number.is_some())
            }
            fn number() -> Term<Line, Any> {
                Line::COLUMNS.$number.as_any()
            }
            fn term(field: &Field) -> Option<Term<Line, Any>> {
                term(field)
            }
            fn by_index(
                rows: Find<Line>,
                sought: &Sought<'_>,
                _: &mut dyn TableReader,
            ) -> Result<ByIndex<Line>, StoreError> {
                if *sought.field != Field::Order {
                    return Ok(ByIndex::None);
                }
                Ok(sought.with_id(|id| rows.with(Line::COLUMNS.owner.is(OrderId(id)))))
            }
            fn view(row: Line) -> Option<RecordView> {
                row.$number.is_some().then(|| RecordView::$view(Box::new(row.view())))
            }
        }
    )+};
}

lines!(Visible as Line by number, Confirmed as ConfirmedLine by list_number);

/// What a line has.
fn term(field: &Field) -> Option<Term<Line, Any>> {
    let of = Line::COLUMNS;
    Some(match field {
        Field::Offering => of.wanted.as_any(),
        Field::OfferingName => of.name.as_any(),
        Field::Quantity => of.quantity.as_any(),
        Field::Customer => of.customer.as_any(),
        Field::CustomerName => return of.fields.member(CUSTOMER_NAME),
        Field::UnitPrice => of.unit_price.as_any(),
        Field::Amount => of.paid.as_any(),
        Field::State => of.state.as_any(),
        Field::PlacedAt => of.placed_at.as_any(),
        Field::CancelledAt => of.cancelled_at.as_any(),
        Field::PaidAt => of.paid_at.as_any(),
        Field::RefundedAt => of.refunded_at.as_any(),
        Field::Order => number_of(of.owner),
        Field::Points => of.points.as_any(),
        Field::Kept(name) => return of.fields.member(name),
        _ => return None,
    })
}

fn orders(of: &OrdersOf, reader: &mut dyn TableReader) -> Result<Recent<OrderId>, StoreError> {
    let limit = usize::try_from(of.limit).unwrap_or(usize::MAX);
    let after = of.after.as_ref().map(|cursor| &cursor.0);
    let (lines, end) = by_recency::page(&InStorefronts(of), reader, after, limit)?;
    Ok(Recent { rows: lines.iter().map(|line| line.owner).collect(), end: end.map(PageCursor) })
}

/// A customer's lines in some storefronts.
struct InStorefronts<'a>(&'a OrdersOf);

impl RecencyList for InStorefronts<'_> {
    type Row = Line;

    fn groups(&self, reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let is_wanted = |group: u64| self.0.storefronts.iter().any(|storefront| u64::from(storefront.0) == group);
        Ok(Line::groups(reader)?.into_iter().filter(|(group, _)| is_wanted(*group)).collect())
    }
    fn chunk(&self, reader: &mut dyn TableReader, request: ChunkRequest) -> Result<Chunk<Line>, StoreError> {
        <Line as ByRecency>::chunk(reader, &self.0.customer, request)
    }
    fn at(line: &Line) -> u64 {
        line.placed_at
    }
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
    fn group(&self) -> u64 {
        u64::from(self.storefront.0)
    }
    fn number(&self) -> u64 {
        self.owner.number()
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn at(&self) -> u64 {
        self.placed_at
    }
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let highest = reader.highest(Self::TABLE)?.into_iter().map(OrderId);
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
