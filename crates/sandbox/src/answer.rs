//! What a caller is told about a charge, and when.

use serde::Serialize;
use world::Timestamp;

use crate::card::Card;
use crate::record::{Charge, ChargeStatus, Refund};

/// What is told about a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ChargeAnswer {
    key: String,
    id: String,
    status: ChargeStatus,
    reason: Option<String>,
    amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
}

impl From<&Charge> for ChargeAnswer {
    fn from(charge: &Charge) -> Self {
        Self {
            key: charge.key.clone(),
            id: charge.id.clone(),
            status: charge.status,
            reason: charge.reason.clone(),
            amount: charge.request.amount,
            currency: Some(charge.request.currency.clone()),
        }
    }
}

impl ChargeAnswer {
    /// The answer for a key that was voided by this refund.
    pub(crate) fn voided(refund: &Refund) -> Self {
        let (status, reason) = (ChargeStatus::Declined, Some("voided".to_owned()));
        let (key, id) = (refund.charge_key.clone(), refund.id.clone());
        Self { key, id, status, reason, amount: 0, currency: None }
    }
}

/// When a call is answered, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    Now(ChargeAnswer),
    After { wait_ms: u64, answer: ChargeAnswer },
    Never,
}

impl Reply {
    /// To a charge that is on record. A late card stays late for whoever asks again before its time; every other is told at once.
    pub(crate) fn to_known(charge: &Charge, card: Card, now: Timestamp) -> Self {
        let answer = ChargeAnswer::from(charge);
        match card {
            Card::Late { delay_ms } => match charge.at_ms.saturating_add(delay_ms).saturating_sub(now).min(delay_ms) {
                0 => Self::Now(answer),
                wait_ms => Self::After { wait_ms, answer },
            },
            _ => Self::Now(answer),
        }
    }
}
