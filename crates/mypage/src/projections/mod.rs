//! How each event changes a line. An event that comes before the line's first one is not lost: the engine keeps an order's messages
//! in order.

mod before;
mod on_order;

use contracts::{Answer, Message, OrderId, OrderNow, Recipes};
use engine::{Context, Stop};

use crate::store::Counter;

type Ctx<'a> = Context<'a, Message, Answer>;

/// Handles an event.
pub(crate) fn handle(message: &Message, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match message {
        Message::OrderPlaced(event) => on_order::placed(event, recipes, context),
        Message::OrderRejected(event) if !event.kept => on_order::forgotten(event.order, context),
        _ => match told(message) {
            Some((order, now)) if now.whole => on_order::changed(order, now, context),
            _ => before::handle(message, context),
        },
    }
}

/// What an event of an order tells of all of it.
fn told(message: &Message) -> Option<(OrderId, &OrderNow)> {
    let (order, now) = match message {
        Message::OrderHeld(event) => (event.order, &event.now),
        Message::OrderChanged(event) => (event.order, &event.now),
        Message::OrderConfirmed(event) => (event.order, &event.now),
        Message::OrderRejected(event) => (event.order, &event.now),
        Message::OrderCancelling(event) => (event.order, &event.now),
        Message::OrderCancelRefused(event) => (event.order, &event.now),
        Message::OrderCancelled(event) => (event.order, &event.now),
        Message::OrderParked(event) => (event.order, &event.now),
        _ => return None,
    };
    Some((order, now.as_deref()?))
}

/// The next number of a storefront's lines, or of those among them that were confirmed.
fn next_number(order: OrderId, confirmed: bool, context: &mut Ctx<'_>) -> Result<u64, Stop> {
    let id = u64::from(contracts::Numbered::storefront(order).0) * 2 + u64::from(confirmed);
    let next = context.get::<Counter>(&id)?.map_or(1, |counter| counter.next);
    context.put(Counter { id, next: next + 1 });
    Ok(next)
}
