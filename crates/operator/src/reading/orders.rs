//! Orders: newest first, over one storefront or all of them.

use contracts::queries::PageCursor;
use contracts::{Numbered, OrderId, SeatId, StorefrontNo, Subject, Text, seat_name};
use delivery::Delivery;
use engine::Parked;
use mypage::Line;
use order::{Order, OrderState};
use payment::Payment;
use serde_json::{Value, json};
use stock::Hold;
use store::by_recency::{self, ByRecency, Chunk, ChunkRequest, RecencyList};
use store::{Find, StoreError, TableReader};
use typed::Filter;

use super::{LIMIT, LIMIT_MAX, parked, row, storefronts_of};
use crate::OperatorError;
use crate::request::Filters;
use contracts::display::{StorefrontNames, moment};

/// So many parked messages are shown with an order.
const MESSAGES: u64 = 100;

/// Which orders are wanted: of these storefronts, of this customer if one is asked for, and what else.
#[derive(Debug)]
struct OrderFilter {
    storefronts: Vec<StorefrontNo>,
    customer: Option<String>,
    filters: Vec<Filter<Order>>,
}

impl OrderFilter {
    fn of(names: &StorefrontNames, filters: &mut Filters<'_>) -> Result<Self, OperatorError> {
        let (storefronts, customer) = (storefronts_of(names, filters)?, filters.text("customer"));
        let mut filter = Self { storefronts, customer, filters: Vec::new() };
        if let Some(state) = filters.text("state") {
            filter.filters.push(Order::COLUMNS.state.is(known(&state)?));
        }
        if let Some(offering) = filters.number("offering", contracts::NUMBER_MAX)? {
            let number = Order::COLUMNS.offering.low(contracts::NUMBER_BITS);
            filter.filters.push(number.is(i64::try_from(offering).ok()));
        }
        if filters.yes("parked")? {
            filter.filters.push(Order::COLUMNS.parked.is_some());
        }
        Ok(filter)
    }

    /// The newest of those for which `which` holds.
    fn newest(&self, which: Filter<Order>) -> Find<Order> {
        let find = Find::all().with(which).by(Order::COLUMNS.id.desc());
        self.filters.iter().cloned().fold(find, Find::with)
    }

    /// The newest of all orders of a storefront.
    fn of_storefront(&self, request: ChunkRequest) -> Find<Order> {
        let first = OrderId::of(StorefrontNo(u32::try_from(request.group).unwrap_or(u32::MAX)), 0);
        let below = OrderId(first.0.saturating_add(request.number));
        self.newest(Order::COLUMNS.id.above(first)).with(Order::COLUMNS.id.below(below)).limit(request.limit)
    }
}

/// A customer's orders are found by their lines on my page, a block at a time; all orders of a storefront are walked down their keys.
impl RecencyList for OrderFilter {
    type Row = Order;

    fn groups(&self, reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let groups: Vec<u64> = self.storefronts.iter().map(|storefront| u64::from(storefront.0)).collect();
        if self.customer.is_none() {
            return Ok(groups.into_iter().map(|group| (group, contracts::NUMBER_MAX + 1)).collect());
        }
        let lines = Line::groups(reader)?.into_iter();
        Ok(lines.filter(|(group, _)| groups.contains(group)).collect())
    }

    fn chunk(&self, reader: &mut dyn TableReader, request: ChunkRequest) -> Result<Chunk<Order>, StoreError> {
        let numbered = |orders: Vec<Order>| orders.into_iter().map(|order| (order.id.number(), order)).collect();
        let Some(customer) = &self.customer else {
            let orders = self.of_storefront(request).rows(reader)?;
            return Ok(Chunk::of(numbered(orders), request, 0));
        };
        Line::chunk(reader, customer, request)?.map(|lines| {
            let theirs = Order::COLUMNS.id.one_of(lines.iter().map(|line| line.owner));
            self.newest(theirs).rows(reader).map(numbered)
        })
    }

    fn at(order: &Order) -> u64 {
        order.placed_at
    }
}

fn known(state: &str) -> Result<OrderState, OperatorError> {
    state.parse().map_err(|_| {
        let all = OrderState::NAMES.join(", ");
        OperatorError::filter("state", format!("there is no state {state}; there are {all}"))
    })
}

/// The newest orders first, over all storefronts that are asked for.
pub(super) fn list(
    reader: &mut dyn TableReader,
    names: &StorefrontNames,
    filters: &mut Filters<'_>,
) -> Result<Value, OperatorError> {
    let limit = usize::try_from(filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT)).unwrap_or(usize::MAX);
    let cursor = |after: &str| {
        PageCursor::read(after)
            .ok_or_else(|| OperatorError::filter("after", "after is what the list before said as next"))
    };
    let after = filters.text("after").filter(|after| !after.is_empty());
    let after = after.as_deref().map(cursor).transpose()?;
    let filter = OrderFilter::of(names, filters)?;
    let (found, next) = by_recency::page(&filter, reader, after.map(|cursor| cursor.0).as_ref(), limit)?;
    let items: Vec<Value> = found.iter().map(|order| self::order(order, names)).collect();
    Ok(json!({ "items": items, "next": next.map(|places| PageCursor(places).text()) }))
}

/// One order, with what the other services know of it.
pub(super) fn one(reader: &mut dyn TableReader, names: &StorefrontNames, id: OrderId) -> Result<Value, OperatorError> {
    let Some(found) = row::<Order>(reader, id.0)? else {
        return Err(OperatorError::not_found(format!(
            "there is no order {}/{}",
            names.name(id.storefront()),
            id.number()
        )));
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
    let about = Find::all().with(Parked::COLUMNS.subject.is(Subject::Order(id).key()));
    let about = about.by(Parked::COLUMNS.id.asc()).limit(MESSAGES).rows(reader)?;
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
        "seats": seats(order),
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

/// What people call its seats; of one for which none were set aside, only their numbers are known.
fn seats(order: &Order) -> Vec<Text> {
    let numbered = |seat: &SeatId| seat_name(None, None, seat.number()).into();
    order.seat_names.as_ref().map_or_else(|| order.seats.0.iter().map(numbered).collect(), |names| names.0.clone())
}

#[cfg(test)]
mod tests {
    use store::sqlite::SqliteStore;
    use store::{Change, Form, TableReader, TableWriter};
    use tempfile::TempDir;
    use typed::{Key, Row};

    use super::*;
    use sample::{MOVIE, SHOW, walked};

    const BLOCK: u64 = 1 << 17;

    /// A store in which the sample's first order and its line stand again at these numbers.
    fn again(storefront: StorefrontNo, numbers: &[u64], dir: &TempDir) {
        let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
        let mut reader = store.reader().unwrap();
        let first = Find::all().with(Order::COLUMNS.id.low(contracts::NUMBER_BITS).is(Some(1)));
        let order = first.one(&mut reader).unwrap().unwrap();
        let line = Find::all().with(Line::COLUMNS.owner.is(order.id)).one(&mut reader).unwrap().unwrap();
        for number in numbers {
            let (id, placed_at, customer) = (OrderId::of(storefront, *number), 5_000 + number, "far".into());
            let line = Line { owner: id, storefront, placed_at, customer, ..line.clone() };
            let customer = line.customer.clone();
            put(&store, &Order { id, storefront, placed_at, customer, parked: None, ..order.clone() });
            put(&store, &line);
        }
    }

    fn put<R: Row>(store: &SqliteStore, row: &R) {
        let mut writer = store.writer().unwrap();
        let applied = writer.applied().unwrap();
        let change = Change { table: R::TABLE, key: row.key().to_value(), row: Some(Form::Row(row)) };
        writer.apply(&mut [change], &mut [], applied).unwrap();
    }

    fn names() -> StorefrontNames {
        StorefrontNames::of(&sample::shipped())
    }

    fn listed(reader: &mut dyn TableReader, query: &str) -> (Vec<String>, Option<String>) {
        let found = list(reader, &names(), &mut Filters::of(query).unwrap()).unwrap();
        let order = |order: &Value| format!("{}/{}", order["storefront"].as_str().unwrap(), order["order"]);
        let items = found["items"].as_array().unwrap().iter().map(order).collect();
        (items, found["next"].as_str().map(str::to_owned))
    }

    /// All of a list, `limit` at a time.
    fn all(reader: &mut dyn TableReader, query: &str, limit: usize) -> Vec<String> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let (items, next) = listed(reader, &format!("{query}&limit={limit}{after}"));
            all.extend(items);
            let Some(next) = next else { return all };
            after = format!("&after={next}");
        }
    }

    fn forward(dir: &TempDir) {
        let mut store = maintenance::offline_store::OfflineStore::open(dir.path()).unwrap();
        store.bring_forward(&mut maintenance::offline_store::Progress::of("")).unwrap();
    }

    #[test]
    fn a_customers_orders_are_found_in_every_block_and_storefront_and_narrowed_further() {
        let dir = walked();
        forward(&dir);
        again(SHOW, &[70, BLOCK + 3, 12 * BLOCK], &dir);
        again(MOVIE, &[71, 12 * BLOCK + 1], &dir);
        let reader = &mut store::sqlite::reader(dir.path()).unwrap();
        let number = |blocks: u64, more: u64| blocks * BLOCK + more;
        let expected = [
            format!("movie/{}", number(12, 1)),
            format!("show/{}", number(12, 0)),
            format!("show/{}", number(1, 3)),
            "movie/71".to_owned(),
            "show/70".to_owned(),
        ];
        let far = Find::all().with(Order::COLUMNS.customer.is("far".into()));
        let state = far.one(reader).unwrap().unwrap().state.as_str();
        for limit in [1, 2, 1_000] {
            assert_eq!(all(reader, "customer=far", limit), expected, "{limit} at a time");
            assert_eq!(all(reader, &format!("customer=far&state={state}"), limit), expected, "{limit} at a time");
            assert_eq!(all(reader, "customer=far&storefront=movie", limit), [&*expected[0], &*expected[3]]);
            assert_eq!(all(reader, "customer=far&parked=true", limit), [""; 0]);
            assert_eq!(all(reader, "customer=nobody", limit), [""; 0]);
        }
        let every = all(reader, "", 1_000);
        assert!(every.len() > expected.len() && expected.iter().all(|order| every.contains(order)), "{every:?}");
        assert_eq!(all(reader, "", 1), every);
    }

    #[test]
    fn seats_are_called_what_customers_call_them_also_where_they_were_refused() {
        let dir = walked();
        forward(&dir);
        let reader = &mut store::sqlite::reader(dir.path()).unwrap();
        let found = list(reader, &names(), &mut Filters::of("storefront=musical").unwrap()).unwrap();
        let seats = |order: &Value| (order["reason"] == "seat-taken", order["seats"].clone());
        let items: Vec<_> = found["items"].as_array().unwrap().iter().map(seats).collect();
        assert!(items.contains(&(false, json!(["1-1"]))) && items.contains(&(true, json!(["1-1"]))), "{items:?}");
    }

    #[test]
    fn a_customers_orders_are_read_by_their_keys_and_those_of_a_storefront_by_a_range_of_them() {
        let dir = walked();
        forward(&dir);
        let reader = &mut store::sqlite::reader(dir.path()).unwrap();
        let filter = |query: &str| OrderFilter::of(&names(), &mut Filters::of(query).unwrap()).unwrap();
        let theirs = || Order::COLUMNS.id.one_of([OrderId(7), OrderId(9)]);
        let keys = ["SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)"];
        for query in ["customer=7", "customer=7&state=held&offering=3&parked=true"] {
            assert_eq!(reader.plan(filter(query).newest(theirs()).any()).unwrap(), keys);
        }
        let request = ChunkRequest { group: 1, number: 9 * BLOCK, limit: 10 };
        let keys = "SEARCH orders USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)";
        assert_eq!(reader.plan(filter("state=held").of_storefront(request).any()).unwrap(), [keys]);
    }
}
