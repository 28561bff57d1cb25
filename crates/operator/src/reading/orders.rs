//! Orders: newest first, over one storefront or all of them.

use contracts::queries::PageCursor;
use contracts::{Numbered, OrderId, SeatId, StorefrontNo, Text, seat_name};
use delivery::Delivery;
use engine::Parked;
use mypage::Line;
use order::{Order, OrderState};
use payment::Payment;
use serde_json::{Value, json};
use stock::Hold;
use store::by_recency::{self, ByRecency, Chunk, ChunkRequest, RecencyList};
use store::{StoreError, TableReader, select};
use typed::Sql;

use super::{LIMIT, LIMIT_MAX, int, parked, row, storefronts_of};
use crate::OperatorError;
use crate::request::Filters;
use contracts::display::{StorefrontNames, moment};

/// So many parked messages are shown with an order.
const MESSAGES: u64 = 100;

/// Which orders are wanted: of these storefronts, of this customer if one is asked for, and what else, as it stands in SQL.
#[derive(Debug)]
struct OrderFilter {
    storefronts: Vec<StorefrontNo>,
    customer: Option<String>,
    sql: String,
    values: Vec<Sql<'static>>,
}

impl OrderFilter {
    fn of(names: &StorefrontNames, filters: &mut Filters<'_>) -> Result<Self, OperatorError> {
        let (storefronts, customer) = (storefronts_of(names, filters)?, filters.text("customer"));
        let mut filter = Self { storefronts, customer, sql: String::new(), values: Vec::new() };
        if let Some(state) = filters.text("state") {
            filter.and("state = ?", Sql::Text(known(&state)?.as_str().into()));
        }
        if let Some(offering) = filters.number("offering", contracts::NUMBER_MAX)? {
            let low = i64::try_from(contracts::NUMBER_MAX).unwrap_or(i64::MAX);
            filter.values.push(Sql::Int(low));
            let mask = filter.values.len() + FIXED;
            filter.and(&format!("offering & ?{mask} = ?"), int(offering));
        }
        if filters.yes("parked")? {
            filter.sql.push_str(" AND parked IS NOT NULL");
        }
        Ok(filter)
    }

    fn and(&mut self, condition: &str, value: Sql<'static>) {
        self.values.push(value);
        self.sql = format!("{} AND {condition}{}", self.sql, self.values.len() + FIXED);
    }

    /// What picks the newest of them below, and its parameters.
    fn statement(&self, request: ChunkRequest) -> (String, Vec<Sql<'_>>) {
        let which = match self.customer {
            None => "id > ?1 << 40 AND id < (?1 << 40) + ?4".to_owned(),
            Some(_) => format!("id IN (SELECT owner FROM my_page {})", Line::IN_BLOCK),
        };
        let mut values = request.params(self.customer.as_deref().unwrap_or_default()).to_vec();
        values.extend(self.values.iter().cloned());
        (format!("WHERE {which}{} ORDER BY id DESC LIMIT ?5", self.sql), values)
    }
}

/// Parameters that come before those of the filters: [`Below::params`].
const FIXED: usize = 5;

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
        let (tail, values) = self.statement(request);
        let orders = select::<Order>(reader, &tail, &values)?.into_iter();
        let lowest = if self.customer.is_some() { request.lowest_of_block() } else { 0 };
        Ok(Chunk::of(orders.map(|order| (order.id.number(), order)).collect(), request, lowest))
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
    use store::{Change, TableReader, TableWriter, select};
    use tempfile::TempDir;
    use typed::{Key, Row};

    use super::*;
    use sample::{MOVIE, SHOW, walked};

    const BLOCK: u64 = 1 << 17;

    /// A store in which the sample's first order and its line stand again at these numbers.
    fn again(storefront: StorefrontNo, numbers: &[u64], dir: &TempDir) {
        let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
        let mut reader = store.reader().unwrap();
        let order = select::<Order>(&mut reader, "WHERE id & 1099511627775 = 1 LIMIT 1", &[]).unwrap().remove(0);
        let line = select::<Line>(&mut reader, "WHERE owner = ?1", &[int(order.id.0)]).unwrap().remove(0);
        for number in numbers {
            let (id, placed_at, customer) = (OrderId::of(storefront, *number), 5_000 + number, "far".into());
            let line = Line { owner: id, storefront, placed_at, customer, ..line.clone() };
            let customer = line.customer.clone();
            put(&store, &Order { id, storefront, placed_at, customer, parked: None, ..order.clone() });
            put(&store, &line);
        }
    }

    fn put<R: Row>(store: &SqliteStore, row: &R) {
        let mut bytes = Vec::new();
        row.encode_into(&mut bytes);
        let mut writer = store.writer().unwrap();
        let applied = writer.applied().unwrap();
        let change = Change { table: R::TABLE, key: row.key().to_value(), row: Some(&bytes) };
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
        let state = select::<Order>(reader, "WHERE customer = 'far' LIMIT 1", &[]).unwrap()[0].state.as_str();
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
    fn a_block_of_a_customers_orders_is_read_by_its_index_alone() {
        let dir = walked();
        forward(&dir);
        let reader = &mut store::sqlite::reader(dir.path()).unwrap();
        let plan = |reader: &mut dyn TableReader, query: &str| {
            let filter = OrderFilter::of(&names(), &mut Filters::of(query).unwrap()).unwrap();
            let (tail, values) = filter.statement(ChunkRequest { group: 1, number: 9 * BLOCK, limit: 10 });
            let steps = reader.report(&format!("EXPLAIN QUERY PLAN SELECT * FROM orders {tail}"), &values).unwrap();
            steps.into_iter().map(|mut step| step.remove(3)).collect::<Vec<_>>()
        };
        let by_age = "SEARCH my_page USING COVERING INDEX my_page_by_age (<expr>=? AND customer=? AND rowid<?)";
        let whole = ["SEARCH orders USING INTEGER PRIMARY KEY (rowid=?)", "LIST SUBQUERY 1", by_age];
        assert_eq!(plan(reader, "customer=7"), whole);
        assert_eq!(plan(reader, "customer=7&state=held&offering=3&parked=true"), whole);
        let keys = "SEARCH orders USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)";
        assert_eq!(plan(reader, "state=held"), [keys]);
    }
}
