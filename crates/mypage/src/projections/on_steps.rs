//! What payments, points and deliveries change.

use contracts::OrderId;
use contracts::events::{PaymentRefunded, PaymentTaken};
use engine::Stop;

use super::{Ctx, change};
use crate::line::{Line, LineState};

pub(crate) fn paid(event: &PaymentTaken, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let now = context.now();
    let paid = |line: Line| {
        let state = if line.state == LineState::Held { LineState::Paid } else { line.state };
        Line { state, paid: Some(event.amount), paid_at: line.paid_at.or(Some(now)), ..line }
    };
    change(event.order, paid, context)
}

pub(crate) fn refunded(event: &PaymentRefunded, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if event.amount.amount == 0 {
        return Ok(());
    }
    let now = context.now();
    let refunded = |line: Line| {
        let (paid, paid_at) = (line.paid.or(Some(event.amount)), line.paid_at.or(event.taken_at));
        Line { paid, paid_at, refunded_at: line.refunded_at.or(Some(now)), ..line }
    };
    change(event.order, refunded, context)
}

pub(crate) fn points(order: OrderId, balance: i64, context: &mut Ctx<'_>) -> Result<(), Stop> {
    change(order, |line| Line { points: Some(balance), ..line }, context)
}

pub(crate) fn delivery(order: OrderId, state: &str, context: &mut Ctx<'_>) -> Result<(), Stop> {
    change(order, |line| Line { delivery: Some(state.into()), ..line }, context)
}
