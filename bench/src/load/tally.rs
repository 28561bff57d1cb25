//! What came of a load: answers by kind, latencies, and both over time.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use memchr::memmem::Finder;

use super::Answer;

/// The longest latency that is told apart from longer ones.
const LONGEST_US: u64 = 120_000_000;
/// How finely a load is looked at over time.
pub const SLICE: Duration = Duration::from_millis(250);

/// What an answer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was asked for was done.
    Done,
    /// It was refused by the rules of the business: sold out.
    Refused,
    /// The server takes no more, come again.
    Busy,
    /// Anything else: a mistake of the load, or of the server.
    Wrong,
}

/// Tells answers apart.
#[derive(Debug)]
pub struct Reading {
    done: Finder<'static>,
    refused: Finder<'static>,
}

impl Reading {
    /// What is done says `done` in its body.
    pub fn new(done: &'static str) -> Self {
        Self::refusing(done, "")
    }

    /// The same, and what is refused with a status of its own says `refused`.
    pub fn refusing(done: &'static str, refused: &'static str) -> Self {
        Self { done: Finder::new(done), refused: Finder::new(refused) }
    }

    /// What `answer` says.
    pub fn kind(&self, answer: &Answer<'_>) -> Kind {
        match answer.status {
            200..300 if self.done.find(answer.body).is_some() => Kind::Done,
            200..300 => Kind::Refused,
            409 if self.refused.find(answer.body).is_some() => Kind::Refused,
            429 | 503 => Kind::Busy,
            _ => Kind::Wrong,
        }
    }
}

/// A piece of the time that a load lasted.
#[derive(Debug, Clone)]
pub struct Slice {
    /// How many were done.
    pub done: u64,
    /// How many were told to come again.
    pub busy: u64,
    /// The latencies of those that were not told to come again, in microseconds.
    pub latency: Histogram<u64>,
    /// How long the answers to those took from when they were sent, in microseconds.
    pub answering: Histogram<u64>,
}

/// What came of a load.
#[derive(Debug, Clone)]
pub struct Tally {
    /// How many were done.
    pub done: u64,
    /// How many were refused by the rules of the business.
    pub refused: u64,
    /// How many were told to come again.
    pub busy: u64,
    /// How many of those were not told when.
    pub busy_without_retry_after: u64,
    /// How many answers were of no use.
    pub wrong: u64,
    /// How many requests had no answer, since their connection broke.
    pub broken: u64,
    /// How many requests were due but not sent when the load ended.
    pub unsent: u64,
    /// Answers by status.
    pub statuses: BTreeMap<u16, u64>,
    /// The first answer or error of no use, or else the first refusal, to look at.
    pub oddity: Option<String>,
    /// The latencies of what was done or refused, in microseconds.
    pub latency: Histogram<u64>,
    /// How long the answers to those took from when they were sent, in microseconds.
    pub answering: Histogram<u64>,
    /// How long it took from when they were sent until others were told to come again, in microseconds.
    pub turning_away: Histogram<u64>,
    /// The latencies over time, from the beginning, each [`SLICE`] long.
    pub slices: Vec<Slice>,
    /// How long it lasted.
    pub lasted: Duration,
    /// The CPU that making the load took.
    pub own_cpu: Duration,
}

fn histogram(digits: u8) -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST_US, digits).expect("the bounds are in order and the digits few")
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            done: 0,
            refused: 0,
            busy: 0,
            busy_without_retry_after: 0,
            wrong: 0,
            broken: 0,
            unsent: 0,
            statuses: BTreeMap::new(),
            oddity: None,
            latency: histogram(3),
            answering: histogram(3),
            turning_away: histogram(3),
            slices: Vec::new(),
            lasted: Duration::ZERO,
            own_cpu: Duration::ZERO,
        }
    }
}

impl Tally {
    /// Counts an answer that came `at` after the beginning, `latency` after its request should have been sent, and `took` after it was.
    pub fn count(&mut self, answer: &Answer<'_>, kind: Kind, at: Duration, latency: Duration, took: Duration) {
        let us = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1);
        let latency_us = us(latency);
        let place = usize::try_from(at.as_millis() / SLICE.as_millis()).unwrap_or(usize::MAX);
        while self.slices.len() <= place {
            let slice = Slice { done: 0, busy: 0, latency: histogram(2), answering: histogram(2) };
            self.slices.push(slice);
        }
        let slice = &mut self.slices[place];
        if matches!(kind, Kind::Done | Kind::Refused) {
            self.latency.saturating_record(latency_us);
            self.answering.saturating_record(us(took));
            slice.latency.saturating_record(latency_us);
            slice.answering.saturating_record(us(took));
        }
        *self.statuses.entry(answer.status).or_default() += 1;
        match kind {
            Kind::Done => {
                self.done += 1;
                slice.done += 1;
            }
            Kind::Refused => {
                self.refused += 1;
                self.odd(|| text(answer));
            }
            Kind::Busy => {
                self.busy += 1;
                slice.busy += 1;
                self.turning_away.saturating_record(us(took));
                self.busy_without_retry_after += u64::from(!answer.retry_after);
            }
            Kind::Wrong => {
                self.wrong += 1;
                if self.wrong == 1 {
                    self.oddity = Some(text(answer));
                }
            }
        }
    }

    /// Counts a request whose connection broke.
    pub fn broke(&mut self, why: &str) {
        self.broken += 1;
        self.odd(|| why.to_owned());
    }

    fn odd(&mut self, say: impl FnOnce() -> String) {
        self.oddity.get_or_insert_with(say);
    }

    /// All that was answered.
    pub fn answered(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// The latency that `percent` of the requests stayed below, in milliseconds.
    pub fn latency_ms(&self, percent: f64) -> f64 {
        below_ms(&self.latency, percent)
    }
}

/// What `percent` of the times stayed below, in milliseconds.
pub fn below_ms(times: &Histogram<u64>, percent: f64) -> f64 {
    times.value_at_percentile(percent) as f64 / 1_000.0
}

fn text(answer: &Answer<'_>) -> String {
    format!("{} {}", answer.status, String::from_utf8_lossy(answer.body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &'static str) -> Answer<'static> {
        Answer { status, body: body.as_bytes(), retry_after: false, closes: false, taken: 0 }
    }

    #[test]
    fn what_an_answer_says_is_told_by_its_status_and_its_body() {
        let reading = Reading::new("Completed");

        assert_eq!(reading.kind(&answer(201, "{\"status\":\"Completed\"}")), Kind::Done);
        assert_eq!(reading.kind(&answer(201, "{\"status\":\"Failed\"}")), Kind::Refused);
        assert_eq!(reading.kind(&answer(409, "Completed")), Kind::Refused);
        assert_eq!(reading.kind(&answer(503, "")), Kind::Busy);
        assert_eq!(reading.kind(&answer(404, "")), Kind::Wrong);

        let strict = Reading::refusing("Completed", "sold-out");
        assert_eq!(strict.kind(&answer(409, "sold-out")), Kind::Refused);
        assert_eq!(strict.kind(&answer(409, "price-changed")), Kind::Wrong);
    }

    #[test]
    fn only_what_was_decided_has_a_latency_and_each_counts_in_its_slice() {
        let mut tally = Tally::default();
        let ms = Duration::from_millis;

        tally.count(&answer(201, ""), Kind::Done, ms(10), ms(4), ms(1));
        tally.count(&answer(503, ""), Kind::Busy, ms(600), ms(9_000), ms(2));

        assert_eq!((tally.done, tally.busy, tally.busy_without_retry_after, tally.latency.len()), (1, 1, 1, 1));
        let counts: Vec<(u64, u64)> = tally.slices.iter().map(|slice| (slice.done, slice.busy)).collect();
        assert_eq!(counts, [(1, 0), (0, 0), (0, 1)]);
        assert!((3.9..4.1).contains(&tally.latency_ms(99.0)));
        assert_eq!((tally.answering.len(), tally.turning_away.len()), (1, 1));
        assert!((0.9..1.1).contains(&below_ms(&tally.answering, 99.0)));
        assert!((1.9..2.1).contains(&below_ms(&tally.turning_away, 99.0)));
    }
}
