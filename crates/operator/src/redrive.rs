//! Parked messages, handed over again or given up.

use backend::{Steer, Steered};
use serde_json::{Value, json};

use super::{Operator, OperatorError, Reply};

impl Operator {
    /// Hands a parked message over again, and those that wait behind it.
    pub(super) async fn redrive(&self, id: &str) -> Reply {
        self.on_parked(id, Steer::Redrive).await
    }

    /// Does without a parked message, and hands over those that wait behind it.
    pub(super) async fn give_up(&self, id: &str) -> Reply {
        self.on_parked(id, Steer::GiveUp).await
    }

    async fn on_parked(&self, id: &str, act: fn(u64) -> Steer) -> Reply {
        let number: u64 = id.parse().map_err(|_| OperatorError::nothing_parked(id))?;
        let steered = self.backend.steer(act(number)).await?;
        Ok(outcome(number, &steered.ok_or_else(|| OperatorError::nothing_parked(id))?))
    }
}

fn outcome(id: u64, steered: &Steered) -> Value {
    let first = steered.first.as_ref();
    json!({
        "id": id.to_string(),
        "handled": steered.handled,
        "still_parked": steered.still_parked,
        "first_parked": first.map(|first| first.id.to_string()),
        "reason": first.and_then(|first| first.reason.as_deref()),
    })
}
