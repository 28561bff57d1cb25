//! Orders: newest first, over one storefront or all of them.

use contracts::{Numbered, OrderId, StorefrontNo};
use delivery::Delivery;
use engine::Parked;
use order::{Order, OrderState};
use payment::Payment;
use serde_json::{Value, json};
use stock::Hold;
use store::{TableReader, select};
use typed::Sql;

use super::{LIMIT, LIMIT_MAX, asked, int, parked, row};
use crate::operator::Problem;
use crate::operator::asked::Filters;
use crate::written::{StorefrontNames, moment};

/// So many parked messages are shown with an order.
const MESSAGES: u64 = 100;

const STATES: [OrderState; 7] = [
    OrderState::Placed,
    OrderState::Held,
    OrderState::Paid,
    OrderState::Confirmed,
    OrderState::Rejected,
    OrderState::Cancelling,
    OrderState::Cancelled,
];

/// Which orders are wanted, as it stands in SQL.
#[derive(Debug, Default)]
struct Wanted {
    sql: String,
    values: Vec<Sql<'static>>,
}

impl Wanted {
    fn of(filters: &mut Filters) -> Result<Self, Problem> {
        let mut wanted = Self::default();
        if let Some(state) = filters.text("state") {
            wanted.and("state = ?", Sql::Text(known(&state)?.as_str().into()));
        }
        if let Some(offering) = filters.number("offering", contracts::NUMBER_MAX)? {
            let low = i64::try_from(contracts::NUMBER_MAX).unwrap_or(i64::MAX);
            wanted.values.push(Sql::Int(low));
            let mask = wanted.values.len() + FIXED;
            wanted.and(&format!("offering & ?{mask} = ?"), int(offering));
        }
        if let Some(customer) = filters.text("customer") {
            wanted.and("id IN (SELECT owner FROM my_page WHERE customer = ?", Sql::Text(customer.into()));
            wanted.sql.push(')');
        }
        if filters.yes("parked")? {
            wanted.sql.push_str(" AND parked IS NOT NULL");
        }
        Ok(wanted)
    }

    fn and(&mut self, condition: &str, value: Sql<'static>) {
        self.values.push(value);
        self.sql = format!("{} AND {condition}{}", self.sql, self.values.len() + FIXED);
    }
}

/// Parameters that come before those of the filters: the lowest id, the highest, and how many.
const FIXED: usize = 3;

fn known(state: &str) -> Result<OrderState, Problem> {
    STATES.into_iter().find(|known| known.as_str() == state).ok_or_else(|| {
        let all = STATES.map(OrderState::as_str).join(", ");
        Problem::invalid("state", format!("there is no state {state}; there are {all}"))
    })
}

/// The newest orders first. Each storefront is read down its keys, and the newest of what stands first in each comes next.
pub(super) fn list(
    reader: &mut dyn TableReader,
    names: &StorefrontNames,
    filters: &mut Filters,
) -> Result<Value, Problem> {
    let limit = usize::try_from(filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT)).unwrap_or(usize::MAX);
    let mut after = Cursor::of(filters.text("after").as_deref().unwrap_or_default())?;
    let storefronts = asked(names, filters)?;
    let wanted = Wanted::of(filters)?;
    let mut piles = Vec::with_capacity(storefronts.len());
    for storefront in storefronts {
        let mut pile = newest(reader, storefront, after.of_storefront(storefront), limit + 1, &wanted)?;
        pile.reverse();
        piles.push(pile);
    }
    let mut items = Vec::with_capacity(limit);
    while items.len() < limit {
        let newest = piles.iter_mut().max_by_key(|pile| pile.last().map(|order| order.placed_at));
        let Some(order) = newest.and_then(Vec::pop) else { break };
        after.pass(order.id);
        items.push(self::order(&order, names));
    }
    let more = piles.iter().any(|pile| !pile.is_empty());
    Ok(json!({ "items": items, "next": more.then(|| after.written()) }))
}

fn newest(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    below: u64,
    limit: usize,
    wanted: &Wanted,
) -> Result<Vec<Order>, Problem> {
    let (first, last) = (OrderId::of(storefront, 0), OrderId::of(storefront, below));
    let mut values = vec![int(first.0), int(last.0), int(limit as u64)];
    values.extend(wanted.values.iter().cloned());
    let tail = format!("WHERE id > ?1 AND id < ?2{} ORDER BY id DESC LIMIT ?3", wanted.sql);
    Ok(select::<Order>(reader, &tail, &values)?)
}

/// How far each storefront was read: its number, and the number of the last order shown, as `1.12-5.3`.
struct Cursor(Vec<(StorefrontNo, u64)>);

impl Cursor {
    fn of(text: &str) -> Result<Self, Problem> {
        let place = |text: &str| {
            let (storefront, number) = text.split_once('.')?;
            let number = number.parse().ok().filter(|number| *number <= contracts::NUMBER_MAX)?;
            Some((StorefrontNo(storefront.parse().ok()?), number))
        };
        let places: Option<Vec<_>> = text.split('-').filter(|place| !place.is_empty()).map(place).collect();
        places.map(Self).ok_or_else(|| Problem::invalid("after", "after is what the list before said as next"))
    }

    /// Only orders with a lower number are still to be shown.
    fn of_storefront(&self, storefront: StorefrontNo) -> u64 {
        let found = self.0.iter().find(|(known, _)| *known == storefront);
        found.map_or(contracts::NUMBER_MAX, |(_, number)| *number)
    }

    fn pass(&mut self, order: OrderId) {
        match self.0.iter_mut().find(|(known, _)| *known == order.storefront()) {
            Some((_, number)) => *number = order.number(),
            None => self.0.push((order.storefront(), order.number())),
        }
    }

    fn written(&self) -> String {
        self.0.iter().map(|(storefront, number)| format!("{}.{number}", storefront.0)).collect::<Vec<_>>().join("-")
    }
}

/// One order, with what the other services know of it.
pub(super) fn one(reader: &mut dyn TableReader, names: &StorefrontNames, id: OrderId) -> Result<Value, Problem> {
    let Some(found) = row::<Order>(reader, id.0)? else {
        return Err(Problem::NotFound(format!("there is no order {}/{}", names.name(id.storefront()), id.number())));
    };
    let mut shown = order(&found, names);
    let hold = row::<Hold>(reader, id.0)?;
    shown["hold"] = json!(hold.map(|hold| json!({
        "state": hold.state.as_str(), "quantity": hold.quantity, "until": moment(hold.until),
    })));
    let payment = row::<Payment>(reader, id.0)?;
    shown["payment"] = json!(payment.map(|payment| json!({
        "state": payment.state.as_str(), "amount": payment.amount, "given_back": payment.given_back,
        "reference": payment.reference.as_deref(), "reason": payment.reason.as_deref(),
    })));
    let delivery = row::<Delivery>(reader, id.0)?;
    shown["delivery"] = json!(delivery.map(|delivery| json!({ "state": delivery.state.as_str() })));
    let about = select::<Parked>(reader, "WHERE subject = ?1 ORDER BY id LIMIT ?2", &[int(id.0), int(MESSAGES)])?;
    shown["parked_messages"] = about.iter().map(|message| parked::message(message, names)).collect();
    Ok(shown)
}

/// An order as an operator sees it.
pub fn order(order: &Order, names: &StorefrontNames) -> Value {
    json!({
        "storefront": names.name(order.storefront),
        "order": order.id.number(),
        "offering": order.offering.map(Numbered::number),
        "wanted": order.wanted_as_named(),
        "offering_name": order.name.as_deref(),
        "customer": &*order.customer,
        "quantity": order.quantity,
        "seats": order.seats.0.iter().map(|seat| seat.number()).collect::<Vec<_>>(),
        "total": order.total,
        "state": order.state.as_str(),
        "reason": order.reason.map(contracts::Code::as_str),
        "explanation": order.explanation.as_deref(),
        "waits_for": order.waits_for(),
        "attempts": order.attempts,
        "parked": order.parked.is_some(),
        "parked_reason": order.parked.as_deref(),
        "points": order.points,
        "placed_at": moment(order.placed_at),
        "decided_at": order.decided_at.map(moment),
        "cancelled_at": order.cancelled_at.map(moment),
        "correlation_id": format!("{:016x}", order.correlation),
        "version": order.version,
    })
}
