//! From the provider's answer to an outcome. Whatever is not understood is unknown; what answers another call than ours is refused.

use std::borrow::Cow;

use contracts::{Currency, Money};
use serde::Deserialize;
use serde::de::Error;
use serde_json::Value;

use crate::port::{Charge, Outcome, Refund, RefundOutcome};
use crate::refusal::Refusal;

/// As much of the provider's id of a charge, or of its reason, is kept. They are texts of somebody else, without a bound of their own.
const TEXT_MAX_CHARS: usize = 200;

/// An answer of any status, as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

enum ChargeAnswer {
    Approved { id: String, echo: Echo },
    Declined { reason: Option<String>, echo: Echo },
}

/// What an answer repeats of the call, as far as it does.
struct Echo {
    key: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
}

/// All that may stand in an answer. Flat, and not a case of its own for each status: such an answer is read twice, once for its status.
#[derive(Deserialize)]
struct ChargeFields<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
    /// Whatever it is: only what is approved must have one.
    id: Option<Value>,
    /// Likewise of what is declined.
    reason: Option<Value>,
    key: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
}

impl ChargeAnswer {
    fn read(body: &[u8]) -> Result<Self, serde_json::Error> {
        // A list of the same would be taken for an object.
        if !body.trim_ascii_start().starts_with(b"{") {
            return Err(Error::custom("it is no object"));
        }
        let ChargeFields { status, id, reason, key, amount, currency } = serde_json::from_slice(body)?;
        let echo = Echo { key, amount, currency };
        match (&*status, id, reason) {
            ("approved", Some(Value::String(id)), _) => Ok(Self::Approved { id, echo }),
            ("approved", ..) => Err(Error::custom("what is approved has an id, which is a text")),
            ("declined", _, None) => Ok(Self::Declined { reason: None, echo }),
            ("declined", _, Some(Value::String(reason))) => Ok(Self::Declined { reason: Some(reason), echo }),
            ("declined", ..) => Err(Error::custom("a reason is a text")),
            _ => Err(Error::custom("a charge is approved or declined")),
        }
    }
}

#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum RefundAnswer {
    Refunded {
        amount: i64,
        /// A provider that names none gives back won.
        #[serde(default)]
        currency: Currency,
        charge_key: Option<String>,
    },
    Voided {
        charge_key: Option<String>,
    },
}

impl Answer {
    /// The meaning of the answer to `asked`.
    pub(crate) fn to_charge(&self, asked: &Charge) -> Outcome {
        if !self.is_success() {
            return match Refusal::of(self.status, &self.body) {
                Refusal::Refused(why) => Outcome::Refused { why },
                Refusal::Unclear(why) => Outcome::Unknown { why },
            };
        }
        match ChargeAnswer::read(&self.body) {
            Ok(ChargeAnswer::Approved { id, echo }) => match (echo.differs_from(asked, true), readable(&id)) {
                (Some(why), _) => Outcome::Refused { why },
                (None, id) if id.is_empty() => {
                    Outcome::Unknown { why: "the provider approves without an id".to_owned() }
                }
                (None, reference) => Outcome::Approved { reference },
            },
            Ok(ChargeAnswer::Declined { reason, echo }) => match echo.differs_from(asked, false) {
                Some(why) => Outcome::Refused { why },
                None => {
                    Outcome::Declined { reason: reason.map_or_else(|| "declined".to_owned(), |why| readable(&why)) }
                }
            },
            Err(error) => Outcome::Unknown { why: not_understood(&error) },
        }
    }

    /// The meaning of the answer to `asked`. A refund is never declined: it is asked for until it is done, or the call is refused.
    pub(crate) fn to_refund(&self, asked: &Refund) -> RefundOutcome {
        if !self.is_success() {
            return match Refusal::of(self.status, &self.body) {
                Refusal::Refused(why) => RefundOutcome::Refused { why },
                Refusal::Unclear(why) => RefundOutcome::Unknown { why },
            };
        }
        let (charge_key, outcome) = match serde_json::from_slice(&self.body) {
            Ok(RefundAnswer::Refunded { amount, currency, charge_key }) => {
                (charge_key, RefundOutcome::Refunded { amount: Money { amount, currency } })
            }
            Ok(RefundAnswer::Voided { charge_key }) => (charge_key, RefundOutcome::Voided),
            Err(error) => return RefundOutcome::Unknown { why: not_understood(&error) },
        };
        match charge_key.filter(|key| *key != asked.charge_key) {
            Some(other) => RefundOutcome::Refused { why: other_key(&other) },
            None => outcome,
        }
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Echo {
    /// In what the answer is not one to `asked`. What was taken only stands in an answer that says that something was.
    fn differs_from(&self, asked: &Charge, is_taken: bool) -> Option<String> {
        if let Some(key) = self.key.as_ref().filter(|key| **key != asked.key) {
            return Some(other_key(key));
        }
        let currency = asked.amount.currency.code();
        match (self.amount, self.currency.as_deref()) {
            (Some(amount), _) if is_taken && amount != asked.amount.amount => {
                Some(format!("the provider took {amount}, but was asked for {}", asked.amount.amount))
            }
            (_, Some(other)) if is_taken && other != currency => {
                Some(format!("the provider took {:.9}, but was asked for {currency}", readable(other)))
            }
            _ => None,
        }
    }
}

fn other_key(key: &str) -> String {
    format!("the provider answers another call: its key is {}", readable(key))
}

/// A text of the provider as it is kept and shown.
fn readable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(TEXT_MAX_CHARS).collect()
}

fn not_understood(error: &serde_json::Error) -> String {
    format!("the provider's answer is not understood: {error}")
}

#[cfg(test)]
mod tests {
    use contracts::Money;

    use super::Answer;
    use crate::port::{Charge, Outcome, Refund, RefundOutcome};

    fn ok(body: &str) -> Answer {
        Answer { status: 200, body: body.as_bytes().to_vec() }
    }

    fn five() -> Charge {
        Charge { key: "k".to_owned(), amount: Money::krw(5), card: None, description: String::new() }
    }

    fn refund() -> Refund {
        Refund { key: "refund-k".to_owned(), charge_key: "k".to_owned() }
    }

    #[test]
    fn an_approval_gives_the_providers_reference() {
        let outcome = ok(r#"{"id":"ch_1","status":"approved","reason":null,"amount":5}"#).to_charge(&five());
        assert_eq!(outcome, Outcome::Approved { reference: "ch_1".to_owned() });
    }

    #[test]
    fn an_answer_to_another_call_is_neither_believed_nor_a_decline() {
        for body in [
            r#"{"id":"ch_1","status":"approved","amount":50}"#,
            r#"{"id":"ch_1","status":"approved","amount":-5}"#,
            r#"{"id":"ch_1","status":"approved","amount":5,"currency":"USD"}"#,
            r#"{"id":"ch_1","status":"approved","amount":5,"key":"other"}"#,
            r#"{"id":"ch_1","status":"declined","reason":"no","key":"other"}"#,
        ] {
            assert!(matches!(ok(body).to_charge(&five()), Outcome::Refused { .. }), "{body}");
        }
        for body in [
            r#"{"status":"refunded","amount":5,"currency":"KRW","charge_key":"other"}"#,
            r#"{"status":"voided","charge_key":"other"}"#,
        ] {
            assert!(matches!(ok(body).to_refund(&refund()), RefundOutcome::Refused { .. }), "{body}");
        }
        let took = Outcome::Refused { why: "the provider took 50, but was asked for 5".to_owned() };
        assert_eq!(ok(r#"{"id":"ch_1","status":"approved","amount":50}"#).to_charge(&five()), took);
    }

    #[test]
    fn a_decline_may_have_any_id_and_no_reason() {
        for (body, reason) in [
            (r#"{"status":"declined","id":7}"#, "declined"),
            (r#" {"status":"declined","reason":null,"more":[1]}"#, "declined"),
            (r#"{"reason":"no \"money\"","status":"declined"}"#, "no \"money\""),
        ] {
            assert_eq!(ok(body).to_charge(&five()), Outcome::Declined { reason: reason.to_owned() }, "{body}");
        }
    }

    #[test]
    fn a_success_that_says_something_else_is_unknown() {
        for body in [
            "",
            "<html>Welcome</html>",
            "{}",
            r#"{"status":"pending"}"#,
            r#"{"status":"approved"}"#,
            r#"{"status":"approved","id":""}"#,
            r#"{"status":"approved","id":7}"#,
            r#"["approved","ch_1",null,null,null,null]"#,
            r#"{"status":"approved","id":"ch_1","amount":"5"}"#,
            r#"{"status":"declined","reason":7}"#,
        ] {
            assert!(matches!(ok(body).to_charge(&five()), Outcome::Unknown { .. }), "{body}");
            assert!(matches!(ok(body).to_refund(&refund()), RefundOutcome::Unknown { .. }), "{body}");
        }
    }

    #[test]
    fn the_providers_texts_are_bounded_and_have_no_control_characters() {
        let body = format!(r#"{{"status":"approved","id":"a\u0000\r\nb{}"}}"#, "x".repeat(60_000));
        let Outcome::Approved { reference } = ok(&body).to_charge(&five()) else { panic!("it is approved") };
        assert!(reference.starts_with("abx") && reference.len() == 200, "{reference}");
    }

    #[test]
    fn a_refund_that_is_refused_is_not_done() {
        let answer = Answer { status: 422, body: Vec::new() };
        assert!(matches!(answer.to_refund(&refund()), RefundOutcome::Refused { .. }));
        let answer = Answer { status: 503, body: Vec::new() };
        assert!(matches!(answer.to_refund(&refund()), RefundOutcome::Unknown { .. }));
    }
}
