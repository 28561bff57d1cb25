//! What payments, points and deliveries changed.

use contracts::OrderId;
use contracts::events::{PaymentRefunded, PaymentTaken, PointsEarned, PointsRevoked};
use contracts::states::OrderState;
use engine::Stop;

use super::change;
use crate::line::Line;
use crate::projections::Ctx;

pub(crate) fn paid(event: &PaymentTaken, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let now = context.now();
    let paid = |line: Line| {
        line.paid_at.is_none().then(|| {
            let state = if line.state == OrderState::Held { OrderState::Paid } else { line.state };
            Line { state, paid: Some(event.amount), paid_at: Some(now), ..line }
        })
    };
    change(event.order, paid, context)
}

pub(crate) fn refunded(event: &PaymentRefunded, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if event.amount.amount == 0 {
        return Ok(());
    }
    let now = context.now();
    let refunded = |line: Line| {
        line.refunded_at.is_none().then(|| {
            let (paid, paid_at) = (line.paid.or(Some(event.amount)), line.paid_at.or(event.taken_at));
            Line { paid, paid_at, refunded_at: Some(now), ..line }
        })
    };
    change(event.order, refunded, context)
}

/// Points that are about to be taken back, or were, are not granted by an event that comes late.
pub(crate) fn points_earned(event: &PointsEarned, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let earned = |line: Line| if line.is_being_undone() { None } else { with_points(line, event.balance) };
    change(event.order, earned, context)
}

pub(crate) fn points_revoked(event: &PointsRevoked, context: &mut Ctx<'_>) -> Result<(), Stop> {
    change(event.order, |line| with_points(line, event.balance), context)
}

fn with_points(line: Line, balance: i64) -> Option<Line> {
    (line.points != Some(balance)).then_some(Line { points: Some(balance), ..line })
}

pub(crate) const STARTED: &str = "started";
pub(crate) const DISPATCHED: &str = "dispatched";
pub(crate) const COMPLETED: &str = "completed";
pub(crate) const CANCELLED: &str = "cancelled";

/// How far a delivery is; the two ends are equally far.
fn progress(delivery: &str) -> u8 {
    match delivery {
        STARTED => 1,
        DISPATCHED => 2,
        _ => 3,
    }
}

pub(crate) fn delivery(order: OrderId, state: &'static str, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let delivered = |mut line: Line| {
        if line.delivery.as_ref().is_some_and(|now| progress(now) >= progress(state)) {
            return None;
        }
        // A cancel that came after the goods had arrived is called off.
        if state == COMPLETED && line.state == OrderState::Cancelling {
            (line.state, line.cancelled_at) = (OrderState::Confirmed, None);
        }
        Some(Line { delivery: Some(state.into()), ..line })
    };
    change(order, delivered, context)
}
