//! What is written down: a charge or a refund, as one line of JSON.

use serde::{Deserialize, Serialize};
use world::Timestamp;

/// What was asked for. Two calls with the same key must agree in all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChargeRequest {
    /// Minor units, more than zero.
    pub(crate) amount: i64,
    /// Three capital letters.
    pub(crate) currency: String,
    /// Never empty: no card was read as `approve`.
    pub(crate) card: String,
    pub(crate) description: String,
}

/// How a charge ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ChargeStatus {
    Approved,
    Declined,
}

/// A charge that was approved or declined, by its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Charge {
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) at_ms: Timestamp,
    pub(crate) status: ChargeStatus,
    pub(crate) reason: Option<String>,
    #[serde(flatten)]
    pub(crate) request: ChargeRequest,
}

impl Charge {
    /// What was taken: nothing if it was declined.
    pub(crate) fn taken(&self) -> i64 {
        if self.status == ChargeStatus::Approved { self.request.amount } else { 0 }
    }
}

/// What a refund did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RefundStatus {
    /// The whole charge went back.
    Refunded,
    /// There was nothing to give back; the key can no longer be charged.
    Voided,
}

/// A refund, by its own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) key: String,
    pub(crate) charge_key: String,
    pub(crate) id: String,
    pub(crate) at_ms: Timestamp,
    pub(crate) status: RefundStatus,
    pub(crate) amount: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) currency: Option<String>,
}

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub(crate) enum Record {
    Charge(Charge),
    Refund(Refund),
}

impl Record {
    /// The record as a line, newline included.
    pub(crate) fn to_line(&self) -> Vec<u8> {
        let mut line =
            serde_json::to_vec(self).expect("a record is texts and whole numbers, which JSON can always hold");
        line.push(b'\n');
        line
    }
}
