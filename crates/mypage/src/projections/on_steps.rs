//! What payments, points and deliveries change.

use contracts::events::{PaymentRefunded, PaymentTaken, PointsEarned, PointsRevoked};
use contracts::{OrderId, Text};
use engine::Stop;

use super::{Ctx, change};
use crate::line::{Line, LineState};

pub(crate) fn paid(event: &PaymentTaken, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let now = context.now();
    let paid = |line: Line| {
        line.paid_at.is_none().then(|| {
            let state = if line.state == LineState::Held { LineState::Paid } else { line.state };
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
    (line.points != Some(balance)).then(|| Line { points: Some(balance), ..line })
}

/// How far a delivery is, in the order in which that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Delivery {
    Started,
    Dispatched,
    Completed,
    Cancelled,
}

impl Delivery {
    fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Dispatched => "dispatched",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether a delivery that stands at `now` can still get here.
    fn comes_after(self, now: &Text) -> bool {
        let ended = [Self::Completed, Self::Cancelled];
        let earlier = [Self::Started, Self::Dispatched].into_iter().chain(ended);
        !ended.iter().any(|end| *now == end.as_str()) && earlier.filter(|one| *one >= self).all(|one| *now != one.as_str())
    }
}

pub(crate) fn delivery(order: OrderId, state: Delivery, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let delivered = |mut line: Line| {
        if line.delivery.as_ref().is_some_and(|now| !state.comes_after(now)) {
            return None;
        }
        // A cancel that came after the goods had arrived is called off.
        if state == Delivery::Completed && line.state == LineState::Cancelling {
            (line.state, line.cancelled_at) = (LineState::Confirmed, None);
        }
        Some(Line { delivery: Some(state.as_str().into()), ..line })
    };
    change(order, delivered, context)
}
