//! What an order does when it was paid, or was not.

use contracts::events::{PaymentDeclined, PaymentParked, PaymentTaken};
use contracts::{Code, Recipes};
use engine::Stop;

use super::Ctx;
use crate::order::{Order, OrderState};
use crate::sagas;

pub(crate) fn taken(event: &PaymentTaken, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    if saga::Course::from_raw(order.course).asking() == Some(sagas::PAY) {
        order.state = OrderState::Paid;
    }
    sagas::answered(order, sagas::PAY, recipes, context)
}

pub(crate) fn declined(event: &PaymentDeclined, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    let why = (Code::PaymentDeclined, event.reason.clone());
    sagas::refused(order, sagas::PAY, why, recipes, context)
}

/// The payment waits for an operator, so its order does: it has no deadline any more, and keeps what is held for it as long as that lasts.
pub(crate) fn parked(event: &PaymentParked, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    if sagas::waits_for_payment(&order) {
        context.do_not_wake(order.id.0)?;
        sagas::park(order, event.reason.clone(), context);
    }
    Ok(())
}
