//! What others may ask of orders.

use ::store::by_recency::{self, Chunk, ChunkRequest, RecencyList};
use ::store::{Find, StoreError, TableReader};
use contracts::queries::{
    CUSTOMER_NAME, Field, Found, OrderDetail, OrderView, Orders, PageCursor, Placed, Query, Recent, RecordKind,
    RecordView,
};
use contracts::{NUMBER_MAX, Numbered, OfferingId, OrderId, StorefrontNo};
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
        Query::OrderDetails(of) => Some(Found::OrderDetails(details(&of.ids, rows)?)),
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
        Query::Orders(of) => {
            let (after, limit) = (of.after.as_ref().map(|cursor| &cursor.0), usize::try_from(of.limit));
            let (orders, end) = by_recency::page(&OfStorefronts(of), reader, after, limit.unwrap_or(usize::MAX))?;
            let rows = orders.iter().map(Order::detail).collect();
            Some(Found::Orders(Recent { rows, end: end.map(PageCursor) }))
        }
        Query::ParkedOrders(of) => {
            let parked = Find::<Order>::all().with(Order::COLUMNS.parked.is_some()).by(Order::COLUMNS.id.asc());
            let parked = parked.limit(of.limit).rows(reader)?;
            Some(Found::ParkedOrders(parked.iter().map(Order::detail).collect()))
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

fn details(ids: &[OrderId], rows: &Rows<'_>) -> Result<Vec<Option<OrderDetail>>, Missing> {
    let (mut found, mut missing) = (Vec::with_capacity(ids.len()), Missing::default());
    for id in ids {
        match rows.get::<Order>(id) {
            Ok(order) => found.push(order.map(Order::detail)),
            Err(more) => missing.and(more),
        }
    }
    if missing.is_empty() { Ok(found) } else { Err(missing) }
}

/// The orders of storefronts, walked down their keys.
struct OfStorefronts<'a>(&'a Orders);

impl RecencyList for OfStorefronts<'_> {
    type Row = Order;

    fn groups(&self, _: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        Ok(self.0.storefronts.iter().map(|storefront| (u64::from(storefront.0), NUMBER_MAX + 1)).collect())
    }

    fn chunk(&self, reader: &mut dyn TableReader, request: ChunkRequest) -> Result<Chunk<Order>, StoreError> {
        let orders = self.below(request).rows(reader)?.into_iter();
        Ok(Chunk::of(orders.map(|order| (order.id.number(), order)).collect(), request, 0))
    }

    fn at(order: &Order) -> u64 {
        order.placed_at
    }
}

impl OfStorefronts<'_> {
    fn below(&self, request: ChunkRequest) -> Find<Order> {
        let wanted = self.0;
        let at = StorefrontNo(u32::try_from(request.group).unwrap_or(u32::MAX));
        let end = OrderId::of(at, request.number - 1);
        let mut find =
            Find::all().with(Order::COLUMNS.id.above(OrderId::of(at, 0))).with(Order::COLUMNS.id.at_most(end));
        if let Some(state) = wanted.state {
            find = find.with(Order::COLUMNS.state.is(state));
        }
        if let Some(number) = wanted.offering {
            find = find.with(Order::COLUMNS.offering.is(Some(OfferingId::of(at, number))));
        }
        if wanted.parked {
            find = find.with(Order::COLUMNS.parked.is_some());
        }
        if let Some(from) = wanted.placed_from {
            find = find.with(Order::COLUMNS.placed_at.at_least(from));
        }
        if let Some(until) = wanted.placed_until {
            find = find.with(Order::COLUMNS.placed_at.below(until));
        }
        find.by(Order::COLUMNS.id.desc()).limit(request.limit)
    }
}

impl Order {
    /// As operators see it.
    fn detail(&self) -> OrderDetail {
        OrderDetail { view: self.view(), waits_for: self.waits_for().map(Into::into), attempts: self.attempts }
    }

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
