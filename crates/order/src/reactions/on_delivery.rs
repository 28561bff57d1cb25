//! What an order does when the goods have arrived: it cannot be cancelled any more, and a cancel that came too late is called off.

use contracts::events::{DeliveryCompleted, OrderCancelRefused};
use contracts::{Code, Rejection};
use engine::Stop;

use super::Ctx;
use crate::order::{Order, OrderState};
use crate::sagas;

pub(crate) fn completed(event: &DeliveryCompleted, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    let cancelling = saga::Course::from_raw(order.course).undoing() == Some(sagas::DELIVER);
    if order.delivered && !cancelling {
        return Ok(());
    }
    order.delivered = true;
    if cancelling {
        context.do_not_wake(order.id.0)?;
        order.course = saga::Course::ENDED.raw();
        order.state = OrderState::Confirmed;
        order.cancelled_at = None;
        order.parked = None;
        order = order.changed();
        context.say(OrderCancelRefused { order: order.id, now: Some(order.now()) });
        context.answer(too_late().into());
    }
    context.put(order);
    Ok(())
}

/// The refusal of a cancel after the delivery.
pub(crate) fn too_late() -> Rejection {
    Rejection::new(Code::AlreadyDelivered, "the delivery has arrived, so the order cannot be cancelled any more")
}
