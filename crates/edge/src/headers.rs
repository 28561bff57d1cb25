//! What the headers of a request ask for: what to accept, and how long to wait.

use std::time::Duration;

use http::{HeaderMap, HeaderName, StatusCode, header};

use crate::{DoorCode, Problem};

/// How long a client that says nothing waits for an order's decision, in seconds. Less than what proxies allow.
pub const WAIT_S: u64 = 15;
/// How long a client may wait, in seconds.
pub const WAIT_MAX_S: u64 = 60;

/// The text of the header `name`, of all its lines.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut lines = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let first = lines.next()?.into_owned();
    Some(lines.fold(first, |text, line| format!("{text}, {line}")))
}

/// Refuses a client that accepts none of `offered`, such as `application/json`.
///
/// # Errors
/// 406.
pub fn accepts(headers: &HeaderMap, offered: &str) -> Result<(), Problem> {
    let Some(accept) = text(headers, &header::ACCEPT) else { return Ok(()) };
    let kind = offered.split('/').next().unwrap_or_default();
    let takes = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default().to_ascii_lowercase();
        let refused = parts.any(|part| {
            let q = part.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
            q.is_some_and(|(_, q)| q.trim().parse() == Ok(0.0))
        });
        let meant = media == "*/*" || media == offered || media.strip_suffix("/*") == Some(kind);
        meant && !refused
    };
    if accept.trim().is_empty() || accept.split(',').any(takes) {
        return Ok(());
    }
    let message = format!("the answer is {offered}");
    Err(Problem::of_field(StatusCode::NOT_ACCEPTABLE, DoorCode::NotAcceptable, "Accept", message))
}

/// How much a client likes `media`, in thousandths; zero where it does not name it. A range such as `*/*` names nothing.
pub fn liking(headers: &HeaderMap, media: &str) -> u16 {
    let Some(accept) = text(headers, &header::ACCEPT) else { return 0 };
    let named = |range: &str| {
        let mut parts = range.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(media));
        let q = parts.find_map(|part| {
            let (name, q) = part.split_once('=')?;
            if name.trim().eq_ignore_ascii_case("q") { q.trim().parse::<f32>().ok() } else { None }
        });
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 0 to 1,000")]
        let liked = (q.unwrap_or(1.0).clamp(0.0, 1.0) * 1_000.0) as u16;
        is_named.then_some(liked)
    };
    accept.split(',').filter_map(named).max().unwrap_or(0)
}

/// How a client wants to hear of an order's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefer {
    /// How long to wait for it, in seconds.
    pub wait_s: u64,
    /// The preference that was followed, if there was one.
    pub applied: Option<Applied>,
}

/// A preference that was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// Answer at once.
    RespondAsync,
    /// Wait so long.
    Wait,
}

impl Prefer {
    /// What `Prefer` says. As RFC 7240 has it, what is not understood is left out.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut prefer = Self { wait_s: WAIT_S, applied: None };
        let Some(text) = text(headers, &HeaderName::from_static("prefer")) else { return prefer };
        for one in text.split([',', ';']).map(str::trim) {
            let (name, value) = one.split_once('=').unwrap_or((one, ""));
            if name.trim().eq_ignore_ascii_case("respond-async") {
                return Self { wait_s: 0, applied: Some(Applied::RespondAsync) };
            }
            let seconds = value.trim().trim_matches('"').parse::<u64>();
            if let (true, Ok(seconds)) = (name.trim().eq_ignore_ascii_case("wait"), seconds) {
                prefer = Self { wait_s: seconds.min(WAIT_MAX_S), applied: Some(Applied::Wait) };
            }
        }
        prefer
    }

    /// How long to wait for it.
    pub fn wait(self) -> Duration {
        Duration::from_secs(self.wait_s)
    }

    /// The header `Preference-Applied`.
    pub fn applied(self) -> Option<String> {
        Some(match self.applied? {
            Applied::RespondAsync => "respond-async".to_owned(),
            Applied::Wait => format!("wait={}", self.wait_s),
        })
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::{Applied, Prefer, accepts, liking};

    fn with(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn who_cannot_read_the_answer_is_told_so() {
        for fine in ["*/*", "application/json", "text/html, application/*;q=0.1", "Application/JSON; charset=utf-8", ""]
        {
            assert!(accepts(&with("accept", fine), "application/json").is_ok(), "{fine}");
        }
        for wrong in ["text/html", "application/xml", "application/json;q=0", "text/*"] {
            assert!(accepts(&with("accept", wrong), "application/json").is_err(), "{wrong}");
        }
        assert!(accepts(&HeaderMap::new(), "application/json").is_ok());
    }

    #[test]
    fn what_a_client_names_it_likes_as_much_as_it_says() {
        let scraper = "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
                       text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
        for (accept, open, plain) in [
            (scraper, 500, 300),
            ("*/*", 0, 0),
            ("text/plain", 0, 1_000),
            ("text/*;q=0.5", 0, 0),
            ("text/plain; q=0", 0, 0),
        ] {
            let headers = with("accept", accept);
            assert_eq!(liking(&headers, "application/openmetrics-text"), open, "{accept}");
            assert_eq!(liking(&headers, "text/plain"), plain, "{accept}");
        }
        assert_eq!(liking(&HeaderMap::new(), "text/plain"), 0);
    }

    #[test]
    fn a_client_says_how_long_it_waits() {
        assert_eq!(Prefer::of(&with("prefer", "wait=5")), Prefer { wait_s: 5, applied: Some(Applied::Wait) });
        assert_eq!(Prefer::of(&with("prefer", "wait=999999")).wait_s, super::WAIT_MAX_S);
        assert_eq!(Prefer::of(&with("prefer", "respond-async, wait=9")).wait_s, 0);
        for unknown in ["wait=-1", "wait=x", "handling=strict", ""] {
            assert_eq!(Prefer::of(&with("prefer", unknown)), Prefer { wait_s: super::WAIT_S, applied: None });
        }
    }
}
