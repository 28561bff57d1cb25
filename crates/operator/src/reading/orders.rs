//! Orders: newest first, over one storefront or all of them.

use backend::WhichParked;
use contracts::display::{StorefrontNames, moment};
use contracts::queries::{OneDelivery, OneHold, OnePayment, OrderDetail, OrderDetails, Orders};
use contracts::states::OrderState;
use contracts::{Numbered, OrderId, Text};
use edge::list_orders;
use serde_json::{Value, json};

use super::{LIMIT, LIMIT_MAX, Reader, cursor_of, parked, storefronts_of};
use crate::OperatorError;
use crate::request::Filters;

/// So many parked messages are shown with an order.
const MESSAGES: u64 = 100;

impl Reader<'_> {
    /// The newest orders first, over all storefronts that are asked for.
    pub(super) async fn orders(self, filters: &mut Filters<'_>) -> Result<Value, OperatorError> {
        let limit = u32::try_from(filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT)).unwrap_or(u32::MAX);
        let after = cursor_of(filters)?;
        let storefronts = storefronts_of(self.names, filters)?;
        let customer = filters.text("customer");
        let state = filters.text("state").as_deref().map(known).transpose()?;
        let offering = filters.number("offering", contracts::NUMBER_MAX)?;
        let parked = filters.yes("parked")?;
        let (placed_from, placed_until) = (filters.moment("placed_from")?, filters.moment("placed_until")?);
        let which =
            Orders { state, offering, parked, after, placed_from, placed_until, ..Orders::of(storefronts, limit) };
        let found = list_orders(self.backend, customer.map(Text::from), which).await?;
        let items: Vec<Value> = found.rows.iter().map(|found| order(found, self.names)).collect();
        Ok(json!({ "items": items, "next": found.end.map(|end| end.text()) }))
    }

    /// One order, with what the other services know of it.
    pub(super) async fn one_order(self, id: OrderId) -> Result<Value, OperatorError> {
        let backend = self.backend;
        let Some(found) = backend.ask(OrderDetails { ids: vec![id] }).await?.pop().flatten() else {
            let name = self.names.name(id.storefront());
            return Err(OperatorError::not_found(format!("there is no order {name}/{}", id.number())));
        };
        let mut shown = order(&found, self.names);
        let hold = backend.ask(OneHold { order: id }).await?;
        shown["hold"] = json!(hold.map(|hold| json!({
            "state": &*hold.state, "quantity": hold.quantity, "until": moment(hold.until),
        })));
        let payment = backend.ask(OnePayment { order: id }).await?;
        shown["payment"] = json!(payment.map(|payment| json!({
            "state": &*payment.now.state, "amount": payment.now.amount, "given_back": payment.now.given_back,
            "reference": payment.now.reference.as_deref(), "reason": payment.now.reason.as_deref(),
        })));
        let delivery = backend.ask(OneDelivery { order: id }).await?;
        shown["delivery"] = json!(delivery.map(|delivery| json!({ "state": delivery.now.state.as_str() })));
        let about = backend.parked(WhichParked::About(id, MESSAGES)).await?;
        shown["parked_messages"] = about.iter().map(|message| parked::message(message, self.names)).collect();
        Ok(shown)
    }
}

fn known(state: &str) -> Result<OrderState, OperatorError> {
    state.parse().map_err(|_| {
        let all = OrderState::NAMES.join(", ");
        OperatorError::filter("state", format!("there is no state {state}; there are {all}"))
    })
}

/// An order as an operator sees it.
pub fn order(order: &OrderDetail, names: &StorefrontNames) -> Value {
    let OrderDetail { view, waits_for, attempts } = order;
    let now = &view.now;
    json!({
        "storefront": names.name(view.order.storefront()),
        "order": view.order.number(),
        "offering": now.offering.map(Numbered::number),
        "wanted": &*now.wanted,
        "offering_name": now.name.as_deref(),
        "customer": &*now.customer,
        "quantity": now.quantity,
        "seats": view.seat_names(),
        "total": now.total,
        "state": now.state.as_str(),
        "reason": now.reason.map(contracts::Code::as_str),
        "explanation": view.explanation.as_deref(),
        "waits_for": waits_for.as_deref(),
        "attempts": attempts,
        "parked": now.parked.is_some(),
        "parked_reason": now.parked.as_deref(),
        "points": now.points,
        "placed_at": moment(now.placed_at),
        "decided_at": now.decided_at.map(moment),
        "cancelled_at": now.cancelled_at.map(moment),
        "correlation_id": format!("{:016x}", view.correlation),
        "version": now.version,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use contracts::StorefrontNo;
    use contracts::display::EventIds;
    use futures_util::FutureExt;
    use host::AtRest;
    use mypage::Line;
    use order::Order;
    use sample::{MOVIE, SHOW, walked};
    use store::sqlite::SqliteStore;
    use store::{Change, Find, Form, TableWriter};
    use tempfile::TempDir;
    use typed::{Key, Row};

    use super::*;

    const BLOCK: u64 = 1 << 17;

    /// A store in which the sample's first order and its line stand again at these numbers.
    fn again(storefront: StorefrontNo, numbers: &[u64], dir: &TempDir) {
        let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
        let mut reader = store.reader().unwrap();
        let first = OrderId::of(SHOW, 1);
        let order = Find::<Order>::all().with(Order::COLUMNS.id.is(first)).one(&mut reader).unwrap().unwrap();
        let line = Find::<Line>::all().with(Line::COLUMNS.owner.is(first)).one(&mut reader).unwrap().unwrap();
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

    fn found(dir: &Path, query: &str) -> Value {
        let backend = AtRest::new(store::sqlite::reader(dir).unwrap(), dir.to_owned());
        let reader = Reader { backend: &backend, names: &names(), ids: &EventIds::of(None), now_ms: 0 };
        reader.read(&["orders"], query).now_or_never().unwrap().unwrap()
    }

    fn listed(dir: &Path, query: &str) -> (Vec<String>, Option<String>) {
        let found = found(dir, query);
        let order = |order: &Value| format!("{}/{}", order["storefront"].as_str().unwrap(), order["order"]);
        let items = found["items"].as_array().unwrap().iter().map(order).collect();
        (items, found["next"].as_str().map(str::to_owned))
    }

    /// All of a list, `limit` at a time.
    fn all(dir: &Path, query: &str, limit: usize) -> Vec<String> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let (items, next) = listed(dir, &format!("{query}&limit={limit}{after}"));
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
        let number = |blocks: u64, more: u64| blocks * BLOCK + more;
        let expected = [
            format!("movie/{}", number(12, 1)),
            format!("show/{}", number(12, 0)),
            format!("show/{}", number(1, 3)),
            "movie/71".to_owned(),
            "show/70".to_owned(),
        ];
        let state = found(dir.path(), "customer=far&limit=1")["items"][0]["state"].as_str().unwrap().to_owned();
        for limit in [1, 2, 1_000] {
            assert_eq!(all(dir.path(), "customer=far", limit), expected, "{limit} at a time");
            assert_eq!(all(dir.path(), &format!("customer=far&state={state}"), limit), expected, "{limit} at a time");
            assert_eq!(all(dir.path(), "customer=far&storefront=movie", limit), [&*expected[0], &*expected[3]]);
            assert_eq!(all(dir.path(), "customer=far&parked=true", limit), [""; 0]);
            assert_eq!(all(dir.path(), "customer=nobody", limit), [""; 0]);
        }
        let every = all(dir.path(), "", 1_000);
        assert!(every.len() > expected.len() && expected.iter().all(|order| every.contains(order)), "{every:?}");
        assert_eq!(all(dir.path(), "", 1), every);
    }

    #[test]
    fn seats_are_called_what_customers_call_them_also_where_they_were_refused() {
        let dir = walked();
        forward(&dir);
        let found = found(dir.path(), "storefront=musical");
        let seats = |order: &Value| (order["reason"] == "seat-taken", order["seats"].clone());
        let items: Vec<_> = found["items"].as_array().unwrap().iter().map(seats).collect();
        assert!(items.contains(&(false, json!(["1-1"]))) && items.contains(&(true, json!(["1-1"]))), "{items:?}");
    }
}
