//! Takes an order back: what was done of it is undone, last first. A second cancel does nothing, whatever its reason is.

use contracts::commands::{CancelOrder, Versions};
use contracts::events::OrderCancelling;
use contracts::{Answer, Code, Message, Recipes, Rejection};
use engine::{Context, Stop};

use crate::order::{Order, OrderState};
use crate::reactions::on_delivery::too_late;
use crate::sagas;

pub(crate) fn handle(
    command: &CancelOrder,
    recipes: &Recipes,
    context: &mut Context<'_, Message, Answer>,
) -> Result<(), Stop> {
    let Some(order) = context.get::<Order>(&command.order)? else {
        context.answer(Rejection::new(Code::NotFound, "there is no such order").into());
        return Ok(());
    };
    let version = Rejection::unless_version(order.version, command.expected_version);
    if let Err(rejection) = version.and_then(|()| Versions::allow(command.versions.as_deref(), order.version)) {
        context.answer(rejection.into());
        return Ok(());
    }
    let being_rejected = order.reason.is_some() && !order.has_ended();
    match order.state {
        OrderState::Cancelled | OrderState::Cancelling => context.answer(Answer::Order(order.id)),
        OrderState::Rejected => context.answer(rejected().into()),
        _ if being_rejected => context.answer(rejected().into()),
        OrderState::Held if order.parked.is_some() && sagas::waits_for_payment(&order) => {
            context.answer(parked().into());
        }
        _ if order.delivered => context.answer(too_late().into()),
        OrderState::Placed | OrderState::Held | OrderState::Paid | OrderState::Confirmed => {
            context.answer(Answer::Order(order.id));
            let now = context.now();
            let (state, explanation) = (OrderState::Cancelling, command.reason.clone());
            let order = Order { state, explanation, cancelled_at: Some(now), parked: None, ..order }.changed();
            context.say(OrderCancelling { order: order.id, now: Some(order.now()) });
            return sagas::turn_back(order, recipes, context);
        }
    }
    Ok(())
}

/// To take it back is to have the provider void a charge of which nobody knows whose it is.
fn parked() -> Rejection {
    Rejection::new(Code::WrongState, "an operator must see to the payment of the order before it can be cancelled")
}

fn rejected() -> Rejection {
    Rejection::new(Code::WrongState, "the order was rejected, so there is nothing to cancel")
}
