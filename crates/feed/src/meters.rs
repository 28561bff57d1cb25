//! How it stands with the feed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use service::{Meter, Sheet};
use tokio::sync::watch;
use world::Clock;

/// How often one looks whether everything is acknowledged.
const LOOK: Duration = Duration::from_millis(10);

/// The numbers of the feed, which are all zero where there is none.
#[derive(Debug, Clone, Default)]
pub struct FeedMeters(Arc<Counts>);

#[derive(Default)]
struct Counts {
    /// What the feed follows; none where there is no feed.
    followed: Mutex<Option<Followed>>,
    /// The last record of which everything is acknowledged.
    acknowledged: AtomicU64,
    /// When the oldest event happened that is sent and not acknowledged, in milliseconds since the Unix epoch; zero if there is none.
    oldest_at: AtomicU64,
    failures: AtomicU64,
    sent: Mutex<BTreeMap<Arc<str>, u64>>,
}

/// What the feed follows.
struct Followed {
    /// The last record that is durable.
    durable: watch::Receiver<u64>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counts").field("acknowledged", &self.acknowledged).finish_non_exhaustive()
    }
}

impl FeedMeters {
    /// From now on it is shown how far the feed is behind `durable`.
    pub(crate) fn follow(&self, durable: watch::Receiver<u64>, clock: Arc<dyn Clock>) {
        *self.0.followed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Followed { durable, clock });
    }

    /// The feed stands at `record`.
    pub(crate) fn stands_at(&self, record: u64) {
        self.0.acknowledged.store(record, Ordering::Relaxed);
    }

    /// Something that happened at `at_ms` is to be acknowledged next; nothing is if that is zero.
    pub(crate) fn waits_for(&self, at_ms: u64) {
        self.0.oldest_at.store(at_ms, Ordering::Relaxed);
    }

    /// A message for `topic` was acknowledged.
    pub(crate) fn sent(&self, topic: &Arc<str>) {
        *self.0.sent.lock().unwrap_or_else(PoisonError::into_inner).entry(topic.clone()).or_default() += 1;
    }

    /// Sending failed, and begins again.
    pub(crate) fn failed(&self) {
        self.0.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits until everything that is durable is acknowledged.
    pub(crate) async fn caught_up(&self, durable: watch::Receiver<u64>) {
        while *durable.borrow() > self.0.acknowledged.load(Ordering::Relaxed) {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The records that are not acknowledged, and the age of the oldest of their events in seconds.
    fn lag(&self) -> (u64, f64) {
        let followed = self.0.followed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Followed { durable, clock }) = &*followed else { return (0, 0.0) };
        let records = durable.borrow().saturating_sub(self.0.acknowledged.load(Ordering::Relaxed));
        let oldest_at = self.0.oldest_at.load(Ordering::Relaxed);
        let age_ms = if oldest_at == 0 { 0 } else { clock.now().saturating_sub(oldest_at) };
        (records, age_ms as f64 / 1_000.0)
    }
}

impl Meter for FeedMeters {
    fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let (records, seconds) = self.lag();
        let help = "Records whose events Kafka has not acknowledged yet; 0 without Kafka";
        sheet.gauge("maejin_feed_lag_records", help, records as f64)?;
        let help = "Age of the oldest event that is under way to Kafka and not acknowledged";
        sheet.gauge("maejin_feed_lag_seconds", help, seconds)?;
        let sent = self.0.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let labels: Vec<_> = sent.iter().map(|(topic, count)| ([("topic", &**topic)], *count)).collect();
        let sent = labels.iter().map(|(labels, count)| (&labels[..], *count as f64));
        sheet.counters(
            "maejin_feed_sent",
            "Messages that Kafka has acknowledged, by topic; repeats count, too",
            sent,
        )?;
        let help = "Times that the feed could not go on, and began again where it was acknowledged last";
        sheet.counter("maejin_feed_failures", help, self.0.failures.load(Ordering::Relaxed) as f64)
    }
}
