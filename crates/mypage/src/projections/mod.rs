//! How each event changes a line. An event that comes before the line's first one is not lost: the engine keeps an order's messages
//! in order.

mod on_order;
mod on_steps;

use contracts::{Answer, Message, OrderId, Recipes};
use engine::{Context, Stop};

use crate::line::Line;
use crate::store::Counter;

type Ctx<'a> = Context<'a, Message, Answer>;

/// Handles an event.
pub(crate) fn handle(message: &Message, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match message {
        Message::OrderPlaced(event) => on_order::placed(event, recipes, context),
        Message::OrderHeld(event) => on_order::held(event, context),
        Message::OrderConfirmed(event) => on_order::confirmed(event, context),
        Message::OrderRejected(event) => on_order::rejected(event, context),
        Message::OrderCancelling(event) => on_order::cancelling(event, context),
        Message::OrderCancelRefused(event) => on_order::cancel_refused(event, context),
        Message::OrderCancelled(event) => on_order::cancelled(event, context),
        Message::PaymentTaken(event) => on_steps::paid(event, context),
        Message::PaymentRefunded(event) => on_steps::refunded(event, context),
        Message::PointsEarned(event) => on_steps::points_earned(event, context),
        Message::PointsRevoked(event) if event.points != 0 => on_steps::points_revoked(event, context),
        Message::DeliveryStarted(event) => on_steps::delivery(event.order, on_steps::STARTED, context),
        Message::DeliveryDispatched(event) => on_steps::delivery(event.order, on_steps::DISPATCHED, context),
        Message::DeliveryCompleted(event) => on_steps::delivery(event.order, on_steps::COMPLETED, context),
        Message::DeliveryCancelled(event) if event.number != 0 => {
            on_steps::delivery(event.order, on_steps::CANCELLED, context)
        }
        _ => Ok(()),
    }
}

/// Changes the line of an order, if there is one. `change` gives `None` where the event is known already or overtaken.
fn change(order: OrderId, change: impl FnOnce(Line) -> Option<Line>, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if let Some(line) = context.get::<Line>(&order)?.and_then(change) {
        context.put(Line { version: line.version + 1, ..line });
    }
    Ok(())
}

/// The next number of a storefront's lines, or of those among them that were confirmed.
fn next_number(order: OrderId, confirmed: bool, context: &mut Ctx<'_>) -> Result<u64, Stop> {
    let id = u64::from(contracts::Numbered::storefront(order).0) * 2 + u64::from(confirmed);
    let next = context.get::<Counter>(&id)?.map_or(1, |counter| counter.next);
    context.put(Counter { id, next: next + 1 });
    Ok(next)
}
