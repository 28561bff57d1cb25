//! Fills in what the rows of orders from before do not know of their steps: once, at the first start on a store from before, through the
//! journal, before anything else happens (`docs/adr/0027-the-orders-row-is-the-whole-order.md`).

use std::collections::HashMap;

use contracts::commands::FillInOrder;
use contracts::{Message, Numbered, OrderId, Recipe, Recipes, Step, Text, seat_name};
use delivery::Delivery;
use engine::{Command, Core, Tables};
use order::Order;
use payment::Payment;
use points::Entry;
use stock::Seat;
use store::{StoreError, TableReader, rows_of};
use typed::{Key, Row, Sql};

use crate::node::{Opened, bring_forward};
use crate::services::{services, tables};

/// So many orders are filled in by one record.
const ORDERS: usize = 500;

/// Those of a storefront that are to be filled in. What waits behind a parked message is left for the start after that.
const FROM_BEFORE: &str = "WHERE whole IS NULL AND storefront = ?1 AND (state, id) > (?2, ?3)
    AND NOT EXISTS (SELECT 1 FROM engine_parked p WHERE p.service = 1 AND p.subject = orders.id)";

/// An order that has ended and has neither payment nor delivery nor seats is whole as it is: those are left as they are.
const UNDER_WAY: &str = "AND state IN ('placed', 'held', 'paid', 'cancelling')";

/// Fills in the orders of `opened`, and brings its tables up to that, at `now` in milliseconds since the Unix epoch.
pub(super) fn orders(opened: &mut Opened, recipes: &Recipes, now: u64) -> Result<(), StoreError> {
    let mut reader = opened.store.reader()?;
    let (mut core, mut filled) = (None, 0);
    for recipe in recipes.values() {
        let mut after = (String::new(), 0);
        loop {
            let found = next(recipe, &after, &mut reader)?;
            let Some(last) = found.last() else { break };
            after = (last.state.as_str().to_owned(), last.id.0);
            filled += found.len();
            let core = match &mut core {
                Some(core) => core,
                None => {
                    let (services, reader) = (services(opened.identity(), recipes, None), opened.store.reader()?);
                    core.insert(Core::open(services, Box::new(reader), opened.taken.last.0, opened.taken.last.1)?)
                }
            };
            core.begin(now);
            for (order, command) in found.iter().zip(commands(&found, &mut reader)?) {
                let message = Message::from(command);
                let command = Command { message, correlation: order.correlation, cause: 0, key: None };
                if let Err(why) = core.command(command) {
                    let order = order.id.0;
                    tracing::warn!(order, why, "the order could not be filled in; the next start tries again");
                }
            }
            write(core, opened)?;
            tracing::info!(filled, "filling in what orders from before do not know of their steps");
        }
    }
    Ok(())
}

/// The next orders of the storefront of `recipe` after the one that is in this state and has this id.
fn next(recipe: &Recipe, after: &(String, u64), reader: &mut dyn TableReader) -> Result<Vec<Order>, StoreError> {
    let has_more = recipe.has(Step::Pay) || recipe.has(Step::Deliver) || recipe.seated;
    let which = if has_more { "" } else { UNDER_WAY };
    let tail = format!("{FROM_BEFORE} {which} ORDER BY state, id LIMIT {ORDERS}");
    let id = Sql::Int(i64::try_from(after.1).unwrap_or(i64::MAX));
    let params = [Sql::Int(i64::from(recipe.number.0)), Sql::Text(after.0.as_str().into()), id];
    store::select::<Order>(reader, &tail, &params)
}

/// What fills in `orders`.
fn commands(orders: &[Order], reader: &mut dyn TableReader) -> Result<Vec<FillInOrder>, StoreError> {
    let ids = || orders.iter().map(|order| order.id);
    let mut payments = by_key::<Payment>(ids(), reader)?;
    let mut deliveries = by_key::<Delivery>(ids(), reader)?;
    let entries = by_key::<Entry>(ids().flat_map(|id| [points::earned_id(id), points::revoked_id(id)]), reader)?;
    let unnamed = orders.iter().filter(|order| order.seat_names.is_none());
    let seats = by_key::<Seat>(unnamed.flat_map(|order| order.seats.0.iter().copied()), reader)?;
    let filled = orders.iter().map(|order| FillInOrder {
        order: order.id,
        payment: payments.remove(&order.id).map(|row| Box::new(row.now())),
        delivery: deliveries.remove(&order.id).map(|row| Box::new(row.now())),
        balance: balance(order.id, &entries),
        seats: names(order, &seats),
    });
    Ok(filled.collect())
}

/// The customer's points after what an order earned, or after that was taken back.
fn balance(order: OrderId, entries: &HashMap<u64, Entry>) -> Option<i64> {
    let revoked = entries.get(&points::revoked_id(order)).filter(|entry| entry.points != 0);
    revoked.or_else(|| entries.get(&points::earned_id(order))).map(|entry| entry.balance)
}

/// What people call the seats of an order that does not know it, as they are called now.
fn names(order: &Order, seats: &HashMap<contracts::SeatId, Seat>) -> Option<Vec<Text>> {
    let name = |id: &contracts::SeatId| {
        let seat = seats.get(id);
        let row = seat.and_then(|seat| seat.seat_row.as_deref());
        seat_name(row, seat.and_then(|seat| seat.seat_col), id.number()).into()
    };
    let is_wanted = order.seat_names.is_none() && !order.seats.0.is_empty();
    is_wanted.then(|| order.seats.0.iter().map(name).collect())
}

fn by_key<R: Row>(
    keys: impl Iterator<Item = R::Key>,
    reader: &mut dyn TableReader,
) -> Result<HashMap<R::Key, R>, StoreError> {
    let keys: Vec<_> = keys.map(|key| key.to_value()).collect();
    let rows = rows_of::<R>(reader.load(R::TABLE, &keys)?);
    Ok(rows.into_iter().map(|row| (row.key(), row)).collect())
}

/// Appends what came of it, and brings the tables up to it.
fn write(core: &mut Core<Message, contracts::Answer>, opened: &mut Opened) -> Result<(), StoreError> {
    let Some(record) = core.finish().record else { return Ok(()) };
    opened.journal.append(&record)?;
    opened.taken.last = bring_forward(&mut *opened.journal, &Tables::new(tables()), &mut opened.writer)?;
    core.evict(record.seq);
    Ok(())
}
