//! How it stands with a shard: kept by the threads of its node, read by whoever watches it.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use store::StoreError;
use tokio::sync::watch;

/// One more than the highest number that a service may have.
const SERVICES: usize = 32;
/// How much may be under way outside, of all services: some kilobytes each. From then on, what changes something is refused.
const OUTSIDE_MAX: u64 = 250_000;

/// How it stands with a shard that a node owns.
#[derive(Debug, Default)]
pub struct Status {
    pub(crate) failed: AtomicBool,
    pub(crate) fenced: AtomicBool,
    pub(crate) applied: AtomicU64,
    pub(crate) durable: watch::Sender<u64>,
    pub(crate) waiting: AtomicU64,
    /// How many may wait.
    pub(crate) limit: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) unwritten: AtomicU64,
    /// How many batches are handled, and neither durable nor given up.
    pub(crate) under_way: AtomicU64,
    pub(crate) unapplied: AtomicU64,
    /// When the oldest record was made that the tables do not have; zero if they have all that the table writer knows of.
    pub(crate) behind_since: AtomicU64,
    pub(crate) bulks: AtomicU64,
    pub(crate) bulk_rows: AtomicU64,
    pub(crate) bulk_us: AtomicU64,
    pub(crate) last_bulk_us: AtomicU64,
    pub(crate) parked: AtomicU64,
    pub(crate) keys: AtomicU64,
    pub(crate) keys_forgotten_early: AtomicU64,
    /// How often the journal's log could not be brought over into its file.
    pub(crate) checkpoint_failures: AtomicU64,
    pub(crate) intents: [AtomicU64; SERVICES],
    /// How often the clock of the machine was set, and by how much the last time.
    pub(crate) clock_steps: AtomicU64,
    pub(crate) clock_step_ms: AtomicI64,
}

/// What the table writer has done since the shard was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bulks {
    /// How often it wrote.
    pub count: u64,
    /// How many changed rows, and entries of the trail.
    pub rows: u64,
    /// How long all of that took, in microseconds.
    pub total_us: u64,
    /// How long the last one took, in microseconds.
    pub last_us: u64,
}

impl Status {
    /// Whether there is room for more that may have to be done outside.
    pub(crate) fn has_room_outside(&self) -> bool {
        self.intents.iter().map(|count| count.load(Ordering::Relaxed)).sum::<u64>() < OUTSIDE_MAX
    }

    /// Whether its store failed, or somebody else has taken it over: it answers nobody any more, and must be started anew.
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire) || self.is_fenced()
    }
    /// Whether somebody else has taken it over. Whatever was not acknowledged here by then was not done.
    pub fn is_fenced(&self) -> bool {
        self.fenced.load(Ordering::Acquire)
    }
    /// Its store said `error`: nothing is done here any more.
    pub(crate) fn end(&self, error: &StoreError) {
        let ended = if matches!(error, StoreError::Fenced { .. }) { &self.fenced } else { &self.failed };
        ended.store(true, Ordering::Release);
    }
    /// The last record that is durable.
    pub fn durable(&self) -> u64 {
        *self.durable.borrow()
    }
    /// Tells of each record as it becomes durable; of several at once only the last.
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.durable.subscribe()
    }
    /// The last record that the tables contain.
    pub fn applied(&self) -> u64 {
        self.applied.load(Ordering::Acquire)
    }
    /// How many requests wait for the engine.
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }
    /// How many requests were refused because too many were waiting.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
    /// How many batches are handled and not yet durable.
    pub fn unwritten(&self) -> u64 {
        self.unwritten.load(Ordering::Relaxed)
    }
    /// How many records the table writer has not yet looked at.
    pub fn unapplied(&self) -> u64 {
        self.unapplied.load(Ordering::Relaxed)
    }
    /// For how long the oldest record that the tables do not have is waiting for them at `now`, in milliseconds.
    pub fn lag_ms(&self, now: u64) -> u64 {
        match self.behind_since.load(Ordering::Relaxed) {
            0 => 0,
            since => now.saturating_sub(since),
        }
    }
    /// What the table writer has done.
    pub fn bulks(&self) -> Bulks {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Bulks {
            count: of(&self.bulks),
            rows: of(&self.bulk_rows),
            total_us: of(&self.bulk_us),
            last_us: of(&self.last_bulk_us),
        }
    }
    /// How often the disk refused to bring the journal's write-ahead log over into its file.
    pub fn checkpoint_failures(&self) -> u64 {
        self.checkpoint_failures.load(Ordering::Relaxed)
    }
    /// How many messages are parked.
    pub fn parked(&self) -> u64 {
        self.parked.load(Ordering::Relaxed)
    }
    /// How many idempotency keys are remembered, as of a second ago.
    pub fn keys(&self) -> u64 {
        self.keys.load(Ordering::Relaxed)
    }
    /// How many idempotency keys were forgotten before their day was over, because too many came.
    pub fn keys_forgotten_early(&self) -> u64 {
        self.keys_forgotten_early.load(Ordering::Relaxed)
    }
    /// How many things the service with the number `service` wants done outside that are not known to be done.
    pub fn intents(&self, service: u8) -> u64 {
        self.intents.get(usize::from(service)).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// How often the clock of the machine was set since the start, and by how many milliseconds the last time.
    pub fn clock_steps(&self) -> (u64, i64) {
        (self.clock_steps.load(Ordering::Relaxed), self.clock_step_ms.load(Ordering::Relaxed))
    }

    pub(crate) fn stepped(&self, by_ms: i64) {
        self.clock_step_ms.store(by_ms, Ordering::Relaxed);
        self.clock_steps.fetch_add(1, Ordering::Relaxed);
    }

    /// The table writer knows of a record made at `at`.
    pub(crate) fn is_behind_since(&self, at: u64) {
        let _ = self.behind_since.compare_exchange(0, at, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// The tables contain everything up to the record `applied`; it took `us` microseconds to write `rows`.
    pub(crate) fn wrote(&self, applied: u64, rows: usize, us: u64) {
        self.behind_since.store(0, Ordering::Relaxed);
        self.bulks.fetch_add(1, Ordering::Relaxed);
        self.bulk_rows.fetch_add(rows as u64, Ordering::Relaxed);
        self.bulk_us.fetch_add(us, Ordering::Relaxed);
        self.last_bulk_us.store(us, Ordering::Relaxed);
        self.applied.store(applied, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_outside_is_bounded_over_all_services() {
        let status = Status::default();
        status.intents[2].store(OUTSIDE_MAX - 2, Ordering::Relaxed);
        status.intents[5].store(1, Ordering::Relaxed);
        assert!(status.has_room_outside());
        status.intents[5].store(2, Ordering::Relaxed);
        assert!(!status.has_room_outside());
    }

    #[test]
    fn the_lag_is_that_of_the_oldest_record_until_the_tables_have_it() {
        let status = Status::default();
        status.is_behind_since(1_000);
        status.is_behind_since(1_020);
        assert_eq!(status.lag_ms(1_050), 50);
        status.wrote(7, 3, 400);
        assert_eq!((status.lag_ms(1_050), status.applied()), (0, 7));
        status.is_behind_since(1_060);
        status.wrote(8, 2, 100);
        assert_eq!(status.bulks(), Bulks { count: 2, rows: 5, total_us: 500, last_us: 100 });
    }
}
