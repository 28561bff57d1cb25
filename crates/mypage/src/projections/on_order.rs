//! What an order's own events change.

use contracts::commands::Target;
use contracts::events::{
    OrderCancelRefused, OrderCancelled, OrderCancelling, OrderConfirmed, OrderHeld, OrderPlaced, OrderRejected,
};
use contracts::{Numbered, Recipes, Refusals, Text};
use engine::Stop;

use super::{Ctx, change, next_number};
use crate::line::{Line, LineState};

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
        state: LineState::Placed,
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
    });
    Ok(())
}

pub(crate) fn held(event: &OrderHeld, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let placed = context.get::<Line>(&event.order)?.filter(|line| line.state == LineState::Placed);
    let Some(line) = placed else { return Ok(()) };
    let number = match line.number {
        Some(number) => number,
        None => next_number(event.order, false, context)?,
    };
    context.put(Line {
        number: Some(number),
        offering: Some(event.offering),
        name: event.name.clone(),
        quantity: event.quantity,
        unit_price: Some(event.unit_price),
        total: Some(event.total),
        state: LineState::Held,
        version: line.version + 1,
        ..line
    });
    Ok(())
}

pub(crate) fn confirmed(event: &OrderConfirmed, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let open = |line: &Line| line.state != LineState::Confirmed && !line.is_being_undone();
    let Some(line) = context.get::<Line>(&event.order)?.filter(open) else { return Ok(()) };
    let list_number = Some(next_number(event.order, true, context)?);
    context.put(Line { state: LineState::Confirmed, list_number, version: line.version + 1, ..line });
    Ok(())
}

pub(crate) fn rejected(event: &OrderRejected, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if !event.kept {
        if context.get::<Line>(&event.order)?.is_some() {
            context.delete::<Line>(&event.order);
        }
        return Ok(());
    }
    let rejected = |line: Line| {
        (!line.is_closed()).then(|| {
            let name = event.name.clone().or(line.name);
            let (reason, offering) = (Some(event.code), event.offering.or(line.offering));
            Line { state: LineState::Rejected, reason, name, offering, ..line }
        })
    };
    change(event.order, rejected, context)
}

pub(crate) fn cancelling(event: &OrderCancelling, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let now = context.now();
    let cancelling = |line: Line| {
        (!line.is_being_undone()).then_some(Line { state: LineState::Cancelling, cancelled_at: Some(now), ..line })
    };
    change(event.order, cancelling, context)
}

pub(crate) fn cancel_refused(event: &OrderCancelRefused, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let kept = |line: Line| {
        let was_cancelling = line.state == LineState::Cancelling;
        was_cancelling.then_some(Line { state: LineState::Confirmed, cancelled_at: None, ..line })
    };
    change(event.order, kept, context)
}

pub(crate) fn cancelled(event: &OrderCancelled, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let cancelled =
        |line: Line| (!line.is_closed()).then_some(Line { state: LineState::Cancelled, list_number: None, ..line });
    change(event.order, cancelled, context)
}
