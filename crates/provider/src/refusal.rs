//! What an answer that is not a success means. It never declines a customer: that is said in an answer that is one. A provider that has
//! read the call and will not have it has found a fault of ours; a wrong token or address, a proxy's error page, or a provider in trouble
//! leave the outcome unknown.

use serde::Deserialize;

/// How much of the provider's own words is kept.
const MESSAGE_MAX_CHARS: usize = 200;

/// Why there is no success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The provider has read the call and will not have it.
    Refused(String),
    /// Nothing is known.
    Unclear(String),
}

#[derive(Deserialize)]
struct Explanation {
    message: String,
}

impl Refusal {
    /// The meaning of a status other than 2xx, with its body.
    pub(crate) fn of(status: u16, body: &[u8]) -> Self {
        match status {
            401 | 403 => Self::Unclear(format!("the provider answers {status}: check its token")),
            300..=399 | 404 | 405 => Self::Unclear(format!("the provider answers {status}: check its address")),
            408 | 409 | 423 | 425 | 429 | 500..=599 => {
                Self::Unclear(format!("the provider is in trouble: {}", words(status, body)))
            }
            400..=499 if !is_a_page(body) => Self::Refused(format!("refused by the provider: {}", words(status, body))),
            _ => Self::Unclear(format!("the provider's answer is not understood: {}", words(status, body))),
        }
    }
}

/// HTML comes from a proxy or a wrong address, never from the provider's interface.
fn is_a_page(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

fn words(status: u16, body: &[u8]) -> String {
    match serde_json::from_slice::<Explanation>(body) {
        Ok(explanation) => explanation.message.chars().take(MESSAGE_MAX_CHARS).collect(),
        Err(_) => format!("status {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn only_a_refusal_of_the_call_itself_is_one() {
        let refused = Refusal::of(422, br#"{"code":"key-reused","message":"other body"}"#);
        assert_eq!(refused, Refusal::Refused("refused by the provider: other body".to_owned()));
        for status in [400, 402, 410, 412, 413, 415, 451] {
            assert_eq!(Refusal::of(status, b""), Refusal::Refused(format!("refused by the provider: status {status}")));
        }
        for status in [301, 401, 403, 404, 405, 408, 409, 423, 425, 429, 500, 502, 503, 504] {
            assert!(matches!(Refusal::of(status, b"{}"), Refusal::Unclear(_)), "{status}");
        }
    }

    #[test]
    fn the_error_page_of_a_proxy_is_no_refusal() {
        assert!(matches!(Refusal::of(400, b"\r\n<html>400 Bad Request</html>"), Refusal::Unclear(_)));
    }

    #[test]
    fn a_wrong_token_is_named_as_such() {
        let named = Refusal::Unclear("the provider answers 401: check its token".to_owned());
        assert_eq!(Refusal::of(401, b""), named);
    }
}
