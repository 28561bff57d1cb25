//! Fills in what the rows of orders from before do not know of their steps: once, at the first start on a store from before, through the
//! journal, before anything else happens (`docs/adr/0027-the-orders-row-is-the-whole-order.md`).

use std::collections::{HashMap, HashSet};

use contracts::commands::FillInOrder;
use contracts::{Message, Numbered, OrderId, Recipe, Recipes, ServiceName, Step, Subject, Text, seat_name};
use delivery::Delivery;
use engine::{Command, Core, Parked, Tables};
use order::{Order, OrderState};
use payment::Payment;
use points::Entry;
use stock::Seat;
use store::{Find, StoreError, TableReader, rows_of};
use typed::{Key, Row, SubjectKey};

use crate::node::{Opened, bring_forward};
use crate::services::{services, tables};

/// So many orders are filled in by one record.
const ORDERS: u64 = 500;

/// An order that has ended and has neither payment nor delivery nor seats is whole as it is: those are left as they are.
const UNDER_WAY: [OrderState; 4] = [OrderState::Placed, OrderState::Held, OrderState::Paid, OrderState::Cancelling];

/// Fills in the orders of `opened`, and brings its tables up to that, at `now` in milliseconds since the Unix epoch.
pub(super) fn orders(opened: &mut Opened, recipes: &Recipes, now: u64) -> Result<(), StoreError> {
    let mut reader = opened.store.reader()?;
    let behind = behind_parked(&mut *reader)?;
    let (mut core, mut filled) = (None, 0);
    for recipe in recipes.values() {
        let mut after = None;
        loop {
            let mut found = next(recipe, after, &mut *reader)?;
            let Some(last) = found.last() else { break };
            after = Some((last.state, last.id));
            found.retain(|order| !behind.contains(&Subject::Order(order.id).key()));
            if found.is_empty() {
                continue;
            }
            filled += found.len();
            let core = match &mut core {
                Some(core) => core,
                None => {
                    let (services, reader) = (services(opened.identity(), recipes, None), opened.store.reader()?);
                    core.insert(Core::open(services, reader, opened.taken.last.0, opened.taken.last.1)?)
                }
            };
            core.begin(now);
            for (order, command) in found.iter().zip(commands(&found, &mut *reader)?) {
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

/// The next orders to be filled in of the storefront of `recipe`, after the one that is in this state and has this id.
fn next(
    recipe: &Recipe,
    after: Option<(OrderState, OrderId)>,
    reader: &mut dyn TableReader,
) -> Result<Vec<Order>, StoreError> {
    let order = || Order::COLUMNS;
    let mut find = Find::all().with(order().whole.is_none()).with(order().storefront.is(recipe.number));
    let has_more = recipe.has(Step::Pay) || recipe.has(Step::Deliver) || recipe.seated;
    if !has_more {
        find = find.with(order().state.one_of(UNDER_WAY));
    }
    if let Some(after) = after {
        find = find.after(after);
    }
    find.by(order().state.asc()).by(order().id.asc()).limit(ORDERS).rows(reader)
}

/// What messages to orders are parked about. What waits behind them is left for the start after that.
fn behind_parked(reader: &mut dyn TableReader) -> Result<HashSet<SubjectKey>, StoreError> {
    let mut subjects = HashSet::new();
    let parked = Find::all().with(Parked::COLUMNS.service.is(ServiceName::Order as u8));
    parked.each(reader, Parked::COLUMNS.subject, |subject| {
        subjects.insert(subject);
    })?;
    Ok(subjects)
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
    opened.taken.last = bring_forward(&mut *opened.journal, &Tables::new(tables()), &mut *opened.writer)?;
    core.evict(record.seq);
    Ok(())
}
