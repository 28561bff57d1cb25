//! What an order's own events changed.

use contracts::events::{
    OrderCancelRefused, OrderCancelled, OrderCancelling, OrderConfirmed, OrderHeld, OrderRejected,
};
use contracts::states::OrderState;
use engine::Stop;

use super::{change, line};
use crate::line::Line;
use crate::projections::{Ctx, next_number};

pub(crate) fn held(event: &OrderHeld, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let placed = line(event.order, context)?.filter(|line| line.state == OrderState::Placed);
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
        state: OrderState::Held,
        version: line.version + 1,
        ..line
    });
    Ok(())
}

pub(crate) fn confirmed(event: &OrderConfirmed, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let open = |line: &Line| line.state != OrderState::Confirmed && !line.is_being_undone();
    let Some(line) = line(event.order, context)?.filter(open) else { return Ok(()) };
    let list_number = Some(next_number(event.order, true, context)?);
    context.put(Line { state: OrderState::Confirmed, list_number, version: line.version + 1, ..line });
    Ok(())
}

pub(crate) fn rejected(event: &OrderRejected, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let rejected = |line: Line| {
        (!line.is_closed()).then(|| {
            let name = event.name.clone().or(line.name);
            let (reason, offering) = (Some(event.code), event.offering.or(line.offering));
            Line { state: OrderState::Rejected, reason, name, offering, ..line }
        })
    };
    change(event.order, rejected, context)
}

pub(crate) fn cancelling(event: &OrderCancelling, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let now = context.now();
    let cancelling = |line: Line| {
        (!line.is_being_undone()).then_some(Line { state: OrderState::Cancelling, cancelled_at: Some(now), ..line })
    };
    change(event.order, cancelling, context)
}

pub(crate) fn cancel_refused(event: &OrderCancelRefused, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let kept = |line: Line| {
        let was_cancelling = line.state == OrderState::Cancelling;
        was_cancelling.then_some(Line { state: OrderState::Confirmed, cancelled_at: None, ..line })
    };
    change(event.order, kept, context)
}

pub(crate) fn cancelled(event: &OrderCancelled, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let cancelled =
        |line: Line| (!line.is_closed()).then_some(Line { state: OrderState::Cancelled, list_number: None, ..line });
    change(event.order, cancelled, context)
}
