//! How events changed a line before each event of an order held the whole of it: then my page heard the steps, too. A running shop hears
//! none of that any more; journals have it, and my page is built anew from them.

mod on_order;
mod on_steps;

use contracts::{Message, OrderId};
use engine::Stop;

use super::Ctx;
use crate::line::Line;

/// Handles an event from before, or of a step. The line of an order that told the whole of itself has all of that already.
pub(super) fn handle(message: &Message, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match message {
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

/// The line of an order that has not told the whole of itself yet.
fn line(order: OrderId, context: &mut Ctx<'_>) -> Result<Option<Line>, Stop> {
    Ok(context.get::<Line>(&order)?.filter(|line| line.told.is_none()))
}

/// Changes such a line, if there is one. `change` gives `None` where the event is known already or overtaken.
fn change(order: OrderId, change: impl FnOnce(Line) -> Option<Line>, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if let Some(line) = line(order, context)?.and_then(change) {
        context.put(Line { version: line.version + 1, ..line });
    }
    Ok(())
}
