//! What an operator can do with a parked order: try its step again, or undo it.

use contracts::commands::{GiveUpOrder, GiveUpPayment, RetryOrder};
use contracts::{Answer, Code, Message, OrderId, Recipes, Rejection};
use engine::{Context, Stop};

use crate::order::{Order, OrderState};
use crate::sagas;

pub(crate) fn retry(
    command: &RetryOrder,
    recipes: &Recipes,
    context: &mut Context<'_, Message, Answer>,
) -> Result<(), Stop> {
    match parked(command.order, context)? {
        Some(order) => sagas::resume(Order { attempts: 0, ..order }, recipes, context),
        None => Ok(()),
    }
}

pub(crate) fn give_up(
    command: &GiveUpOrder,
    recipes: &Recipes,
    context: &mut Context<'_, Message, Answer>,
) -> Result<(), Stop> {
    let Some(order) = parked(command.order, context)? else { return Ok(()) };
    if sagas::waits_for_payment(&order) {
        // Where the payment itself is parked, it counts as settled; where the provider only does not answer, it is asked again.
        context.say(GiveUpPayment { order: order.id });
    }
    if order.state == OrderState::Cancelling || order.reason.is_some() {
        return sagas::resume(Order { attempts: 0, ..order }, recipes, context);
    }
    let explanation = Some("an operator gave it up".into());
    sagas::turn_back(Order { reason: Some(Code::Expired), explanation, ..order }, recipes, context)
}

fn parked(id: OrderId, context: &mut Context<'_, Message, Answer>) -> Result<Option<Order>, Stop> {
    let order = context.get::<Order>(&id)?.filter(|order| order.parked.is_some());
    match &order {
        Some(order) => context.answer(Answer::Order(order.id)),
        None => context.answer(Rejection::new(Code::NotFound, "there is no such parked order").into()),
    }
    Ok(order)
}
