//! Who was not let in: counted, and logged without what was shown.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use edge::{DoorCode, Problem};
use http::{HeaderValue, StatusCode, header};
use service::{Meter, Sheet};

use crate::identity::Lacking;

/// Between two lines of the log about wrong tokens: whoever guesses does not fill the disk.
const TOLD_EVERY_MS: u64 = 1_000;

/// Who was not let in, at all doors that share it.
#[derive(Debug, Clone, Default)]
pub struct TurnedAway(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    without: AtomicU64,
    wrong: AtomicU64,
    /// When that was logged last, in milliseconds since the Unix epoch, and how many wrong ones there were then.
    told_ms: AtomicU64,
    told: AtomicU64,
}

impl TurnedAway {
    /// The refusal of a request that is `lacking` something, at `now_ms`.
    pub(crate) fn refuse(&self, lacking: Lacking, now_ms: u64, correlation: u64) -> Problem {
        match lacking {
            Lacking::Token => {
                self.0.without.fetch_add(1, Ordering::Relaxed);
                let message = "a bearer token is needed: send the header Authorization: Bearer TOKEN";
                unauthorized(DoorCode::Unauthorized, message, "Bearer realm=\"maejin\"")
            }
            Lacking::RightToken => {
                let wrong = self.0.wrong.fetch_add(1, Ordering::Relaxed) + 1;
                self.tell(wrong, now_ms, correlation);
                let challenge = "Bearer realm=\"maejin\", error=\"invalid_token\"";
                unauthorized(DoorCode::WrongToken, "this is not the token of this shop", challenge)
            }
        }
    }

    fn tell(&self, wrong: u64, now_ms: u64, correlation: u64) {
        let last = self.0.told_ms.load(Ordering::Relaxed);
        // A clock that was set back does not silence it.
        let is_due = now_ms.abs_diff(last) >= TOLD_EVERY_MS;
        let took = || self.0.told_ms.compare_exchange(last, now_ms, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if is_due && took() {
            let times = wrong.saturating_sub(self.0.told.swap(wrong, Ordering::Relaxed));
            let correlation_id = format!("{correlation:016x}");
            tracing::warn!(times, correlation_id, "a wrong token was shown, and nobody let in");
        }
    }
}

fn unauthorized(code: DoorCode, message: &str, challenge: &'static str) -> Problem {
    let problem = Problem::of_field(StatusCode::UNAUTHORIZED, code, "Authorization", message);
    problem.with(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
}

impl Meter for TurnedAway {
    fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed) as f64;
        let help = "Requests that were not let in, with 401";
        let counts = [("none", of(&self.0.without)), ("wrong", of(&self.0.wrong))];
        let labels = counts.map(|(token, count)| ([("token", token)], count));
        sheet.counters("maejin_requests_turned_away", help, labels.iter().map(|(labels, count)| (&labels[..], *count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_shows_a_wrong_token_is_told_so_and_counted_apart() {
        let turned_away = TurnedAway::default();
        let told = |lacking| {
            let answer = turned_away.refuse(lacking, 5_000, 7).answer(7);
            let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
            (answer.status().as_u16(), body["code"].as_str().unwrap().to_owned())
        };
        assert_eq!(told(Lacking::Token), (401, "unauthorized".to_owned()));
        assert_eq!(told(Lacking::RightToken), (401, "wrong-token".to_owned()));
        assert_eq!(told(Lacking::RightToken), (401, "wrong-token".to_owned()));
        let mut meters = service::Meters::default();
        meters.add(turned_away.clone());
        let page = meters.page();
        for line in ["{token=\"none\"} 1.0\n", "{token=\"wrong\"} 2.0\n"] {
            assert!(page.contains(&format!("maejin_requests_turned_away_total{line}")), "{page}");
        }
    }
}
