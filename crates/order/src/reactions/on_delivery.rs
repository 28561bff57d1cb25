//! What an order does when its delivery begins, goes on, or ends. When the goods have arrived it cannot be cancelled any more, and a
//! cancel that came too late is called off.

use contracts::events::{
    DeliveryCancelled, DeliveryCompleted, DeliveryDispatched, DeliveryStarted, OrderCancelRefused,
};
use contracts::{Code, DeliveryNow, OrderId, Recipes, Rejection};
use engine::Stop;

use super::Ctx;
use crate::order::{Order, OrderState};
use crate::sagas;

/// The order `id` with what is `heard` of its delivery, if there is such an order.
fn hearing(id: OrderId, heard: Option<&DeliveryNow>, context: &mut Ctx<'_>) -> Result<Option<Order>, Stop> {
    let Some(mut order) = context.get::<Order>(&id)? else { return Ok(None) };
    order.hear_of_delivery(heard);
    Ok(Some(order))
}

pub(crate) fn started(event: &DeliveryStarted, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match hearing(event.order, event.now.as_deref(), context)? {
        Some(order) => sagas::answered(order, sagas::DELIVER, recipes, context),
        None => Ok(()),
    }
}

pub(crate) fn dispatched(event: &DeliveryDispatched, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match hearing(event.order, event.now.as_deref(), context)? {
        Some(order) => sagas::note(&order, context),
        None => Ok(()),
    }
}

pub(crate) fn cancelled(event: &DeliveryCancelled, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match hearing(event.order, event.now.as_deref(), context)? {
        Some(order) => sagas::undone(order, sagas::DELIVER, recipes, context),
        None => Ok(()),
    }
}

pub(crate) fn completed(event: &DeliveryCompleted, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = hearing(event.order, event.now.as_deref(), context)? else { return Ok(()) };
    let cancelling = saga::Course::from_raw(order.course).undoing() == Some(sagas::DELIVER);
    if order.delivered && !cancelling {
        return sagas::note(&order, context);
    }
    order.delivered = true;
    if !cancelling {
        return sagas::keep(order, context);
    }
    context.do_not_wake(order.id.0)?;
    order.course = saga::Course::ENDED.raw();
    order.state = OrderState::Confirmed;
    order.cancelled_at = None;
    order.parked = None;
    // Why it was to be undone, where an operator had given it up.
    (order.reason, order.explanation) = (None, None);
    order = order.changed();
    context.say(OrderCancelRefused { order: order.id, now: Some(order.now()) });
    context.answer(too_late().into());
    context.put(order);
    Ok(())
}

/// The refusal of a cancel after the delivery.
pub(crate) fn too_late() -> Rejection {
    Rejection::new(Code::AlreadyDelivered, "the delivery has arrived, so the order cannot be cancelled any more")
}
