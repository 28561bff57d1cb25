//! What an order's events change: a line shows the order as its last event told it.

use contracts::commands::Target;
use contracts::events::OrderPlaced;
use contracts::states::OrderState;
use contracts::{Numbered, OrderId, OrderNow, OrderPayment, Recipes, Refusals, Text};
use engine::Stop;

use super::{Ctx, next_number};
use crate::line::Line;

/// Where a refusal is told by the answer, a line is shown only from the moment at which stock was set aside.
pub(crate) fn placed(event: &OrderPlaced, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if context.get::<Line>(&event.order)?.is_some() {
        return Ok(());
    }
    let storefront = event.storefront();
    let shown_at_once = recipes.get(&storefront).is_some_and(|recipe| recipe.refusals == Refusals::Row);
    let number = if shown_at_once { Some(next_number(event.order, false, context)?) } else { None };
    let wanted = match &event.target {
        Target::Id(id) => Text::from(id.number().to_string()),
        Target::Reference(reference) => reference.clone(),
    };
    let placed_at = context.now();
    context.put(Line {
        owner: event.order,
        storefront,
        number,
        list_number: None,
        customer: event.customer.clone(),
        wanted,
        offering: None,
        name: None,
        quantity: event.quantity,
        unit_price: None, // what the client sent is a wish; the price is what is found
        total: None,
        state: OrderState::Placed,
        reason: None,
        points: None,
        paid: None,
        paid_at: None,
        refunded_at: None,
        delivery: None,
        fields: event.fields.clone(),
        placed_at,
        cancelled_at: None,
        version: 1,
        told: None,
    });
    Ok(())
}

/// The order is as `now` says. What was told before that, or changes nothing of the line, does not raise its version.
pub(crate) fn changed(order: OrderId, now: &OrderNow, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let news = |line: &&Line| line.told.is_none_or(|told| told < now.version);
    let Some(before) = context.look::<Line>(&order)?.filter(news) else { return Ok(()) };
    let mut line = showing(now, before);
    if line.state == OrderState::Cancelled {
        line.list_number = None;
    }
    let mut is_changed = line != *before;
    // Stock was set aside for it.
    if line.number.is_none() && now.unit_price.is_some() {
        (line.number, is_changed) = (Some(next_number(order, false, context)?), true);
    }
    if line.state == OrderState::Confirmed && line.list_number.is_none() {
        (line.list_number, is_changed) = (Some(next_number(order, true, context)?), true);
    }
    line.version += u64::from(is_changed);
    line.told = Some(now.version);
    context.put(line);
    Ok(())
}

/// `line` with what `now` says of its order.
fn showing(now: &OrderNow, line: &Line) -> Line {
    let payment = now.payment.as_ref();
    // Of nothing, nothing is given back.
    let refunded_at = payment.filter(|payment| payment.amount.amount != 0).and_then(|payment| payment.refunded_at);
    let was_paid = |payment: &&OrderPayment| payment.paid_at.is_some() || refunded_at.is_some();
    Line {
        offering: now.offering,
        name: now.name.clone(),
        quantity: now.quantity,
        unit_price: now.unit_price,
        total: now.total,
        state: now.state,
        reason: if now.state == OrderState::Rejected { now.reason } else { line.reason },
        points: now.balance.or(line.points),
        paid: payment.filter(was_paid).map(|payment| payment.amount),
        paid_at: payment.and_then(|payment| payment.paid_at),
        refunded_at,
        delivery: now.delivery.as_ref().map(|delivery| delivery.state.as_str().into()),
        cancelled_at: now.cancelled_at,
        ..line.clone()
    }
}

/// The order was refused, and is not kept.
pub(crate) fn forgotten(order: OrderId, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if context.get::<Line>(&order)?.is_some() {
        context.delete::<Line>(&order);
    }
    Ok(())
}
