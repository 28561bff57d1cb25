//! Everything is undone: the order is cancelled, or rejected for the reason that was noted.

use contracts::events::{OrderCancelled, OrderRejected};
use contracts::{Answer, Code, Message, Recipe, Refusals};
use engine::Context;

use crate::order::{Order, OrderState};
use crate::refusal;

/// Ends an order of which nothing is left.
pub(crate) fn close(order: Order, recipe: &Recipe, context: &mut Context<'_, Message, Answer>) {
    if order.state == OrderState::Cancelling {
        cancelled(order, context);
    } else {
        rejected(order, recipe, context);
    }
}

fn cancelled(order: Order, context: &mut Context<'_, Message, Answer>) {
    let cancelled_at = order.cancelled_at.or(Some(context.now()));
    let order = Order { state: OrderState::Cancelled, reason: Some(Code::Cancelled), cancelled_at, ..order }.changed();
    context.say(OrderCancelled {
        order: order.id,
        customer: order.customer.clone(),
        offering: order.offering,
        name: order.name.clone(),
        quantity: order.quantity,
        seats: order.seats.clone(),
        fields: order.fields.clone(),
        now: Some(order.now()),
    });
    context.put(order);
}

fn rejected(mut order: Order, recipe: &Recipe, context: &mut Context<'_, Message, Answer>) {
    let code = order.reason.unwrap_or(Code::Expired);
    let explanation = order.explanation.clone().unwrap_or_default();
    let never_held = order.unit_price.is_none();
    let kept = !matches!(code, Code::UnknownReference | Code::InvalidValue);
    order.shown = !(never_held && recipe.refusals == Refusals::Answer);
    let decided_at = Some(context.now());
    let order = Order { state: OrderState::Rejected, reason: Some(code), decided_at, ..order }.changed();
    context.say(OrderRejected {
        order: order.id,
        customer: order.customer.clone(),
        offering: order.offering,
        name: order.name.clone(),
        quantity: order.quantity,
        code,
        message: explanation.clone(),
        fields: order.fields.clone(),
        kept,
        seats: order.seats.clone(),
        now: Some(order.now()),
    });
    if kept {
        context.put(order);
    } else {
        refusal::keep(&order, code, context);
    }
}
