//! What an order does when it was paid, or was not, or its payment changed otherwise. Whatever that is, it keeps it.

use contracts::events::{PaymentDeclined, PaymentParked, PaymentRefunded, PaymentTaken};
use contracts::{Code, OrderId, OrderPayment, PaymentNow, Recipes};
use engine::Stop;

use super::Ctx;
use crate::order::{Order, OrderState};
use crate::sagas;

/// The order `id` with what is `heard` of its payment, if there is such an order.
fn hearing(id: OrderId, heard: Option<&PaymentNow>, context: &mut Ctx<'_>) -> Result<Option<Order>, Stop> {
    let Some(mut order) = context.get::<Order>(&id)? else { return Ok(None) };
    order.hear_of_payment(heard)?;
    Ok(Some(order))
}

pub(crate) fn changed(id: OrderId, heard: Option<&PaymentNow>, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(version) = heard.map(|heard| heard.version) else { return Ok(()) };
    let is_news = |order: &Order| order.payment.as_ref().is_none_or(|known| known.version < version);
    if !context.look::<Order>(&id)?.is_some_and(is_news) {
        return Ok(());
    }
    match hearing(id, heard, context)? {
        Some(order) => sagas::note(&order, context),
        None => Ok(()),
    }
}

pub(crate) fn taken(event: &PaymentTaken, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = hearing(event.order, event.now.as_deref(), context)? else { return Ok(()) };
    if saga::Course::from_raw(order.course).asking() == Some(sagas::PAY) {
        order.state = OrderState::Paid;
    }
    sagas::answered(order, sagas::PAY, recipes, context)
}

pub(crate) fn declined(event: &PaymentDeclined, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(order) = hearing(event.order, event.now.as_deref(), context)? else { return Ok(()) };
    let why = (Code::PaymentDeclined, event.reason.clone());
    sagas::refused(order, sagas::PAY, why, recipes, context)
}

pub(crate) fn refunded(event: &PaymentRefunded, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = hearing(event.order, event.now.as_deref(), context)? else { return Ok(()) };
    // What was to be asked for never was: the message that asks for it was given up.
    if event.now.is_none() {
        order.payment = order.payment.filter(|known| *known != OrderPayment::requested(known.amount));
    }
    sagas::undone(order, sagas::PAY, recipes, context)
}

/// The payment waits for an operator, so its order does: it has no deadline any more, and keeps what is held for it as long as that lasts.
pub(crate) fn parked(event: &PaymentParked, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(order) = hearing(event.order, event.now.as_deref(), context)? else { return Ok(()) };
    if !sagas::waits_for_payment(&order) {
        return sagas::note(&order, context);
    }
    context.do_not_wake(order.id.0)?;
    sagas::park(order, event.reason.clone(), context);
    Ok(())
}
