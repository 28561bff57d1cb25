//! From the provider's answer to an outcome. Whatever is not understood is unknown.

use contracts::{Currency, Money};
use serde::Deserialize;

use crate::port::{Outcome, RefundOutcome};
use crate::refusal::Refusal;

/// An answer of any status, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum ChargeAnswer {
    Approved { id: String, amount: Option<i64> },
    Declined { reason: Option<String> },
}

#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum RefundAnswer {
    Refunded {
        amount: i64,
        /// A provider that names none gives back won.
        #[serde(default)]
        currency: Currency,
    },
    Voided,
}

impl Answer {
    /// The meaning of the answer to a charge of `asked`.
    pub(crate) fn to_charge(&self, asked: Money) -> Outcome {
        if !self.is_success() {
            return match Refusal::of(self.status, &self.body) {
                Refusal::Refused(reason) => Outcome::Declined { reason },
                Refusal::Unclear(why) => Outcome::Unknown { why },
            };
        }
        match serde_json::from_slice(&self.body) {
            Ok(ChargeAnswer::Approved { amount: Some(amount), .. }) if amount != asked.amount => {
                Outcome::Unknown { why: format!("the provider took {amount}, but was asked for {}", asked.amount) }
            }
            Ok(ChargeAnswer::Approved { id, .. }) => Outcome::Approved { reference: id },
            Ok(ChargeAnswer::Declined { reason }) => {
                Outcome::Declined { reason: reason.unwrap_or_else(|| "declined".to_owned()) }
            }
            Err(error) => Outcome::Unknown { why: not_understood(&error) },
        }
    }

    /// The meaning of the answer to a refund. A refund is never declined: it is asked for until it is done.
    pub(crate) fn to_refund(&self) -> RefundOutcome {
        if !self.is_success() {
            return RefundOutcome::Unknown { why: Refusal::of(self.status, &self.body).into_text() };
        }
        match serde_json::from_slice(&self.body) {
            Ok(RefundAnswer::Refunded { amount, currency }) => {
                RefundOutcome::Refunded { amount: Money { amount, currency } }
            }
            Ok(RefundAnswer::Voided) => RefundOutcome::Voided,
            Err(error) => RefundOutcome::Unknown { why: not_understood(&error) },
        }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

fn not_understood(error: &serde_json::Error) -> String {
    format!("the provider's answer is not understood: {error}")
}

#[cfg(test)]
mod tests {
    use contracts::Money;

    use super::Answer;
    use crate::port::{Outcome, RefundOutcome};

    fn ok(body: &str) -> Answer {
        Answer { status: 200, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn an_approval_gives_the_providers_reference() {
        let outcome = ok(r#"{"id":"ch_1","status":"approved","reason":null,"amount":5}"#).to_charge(Money::krw(5));
        assert_eq!(outcome, Outcome::Approved { reference: "ch_1".to_owned() });
    }

    #[test]
    fn an_approval_of_another_amount_is_not_believed() {
        let outcome = ok(r#"{"id":"ch_1","status":"approved","amount":50}"#).to_charge(Money::krw(5));
        assert_eq!(outcome, Outcome::Unknown { why: "the provider took 50, but was asked for 5".to_owned() });
    }

    #[test]
    fn a_success_that_says_something_else_is_unknown() {
        for body in ["", "<html>Welcome</html>", "{}", r#"{"status":"pending"}"#, r#"{"status":"approved"}"#] {
            assert!(matches!(ok(body).to_charge(Money::krw(5)), Outcome::Unknown { .. }), "{body}");
            assert!(matches!(ok(body).to_refund(), RefundOutcome::Unknown { .. }), "{body}");
        }
    }

    #[test]
    fn a_refund_that_is_refused_is_asked_for_again() {
        let answer = Answer { status: 422, body: Vec::new() };
        assert!(matches!(answer.to_refund(), RefundOutcome::Unknown { .. }));
    }
}
