//! Time in milliseconds since the Unix epoch.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Timestamp = u64;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, in milliseconds since the Unix epoch.
    fn now(&self) -> Timestamp;

    /// How much time has passed since some moment of this process, in milliseconds. It goes on evenly, whatever the clock is set to.
    fn elapsed_ms(&self) -> u64;
}

/// The machine's own clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
    }

    fn elapsed_ms(&self) -> u64 {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        u64::try_from(BEGAN.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A clock that stands still until it is told to move.
#[derive(Debug, Default)]
pub struct ManualClock {
    now: AtomicU64,
    elapsed: AtomicU64,
}

impl ManualClock {
    /// A clock that shows `start`, in milliseconds since the Unix epoch.
    pub fn new(start: Timestamp) -> Self {
        Self { now: AtomicU64::new(start), elapsed: AtomicU64::new(0) }
    }

    /// Lets `by_ms` milliseconds pass.
    pub fn advance(&self, by_ms: u64) {
        self.elapsed.fetch_add(by_ms, Ordering::SeqCst);
        self.now.fetch_add(by_ms, Ordering::SeqCst);
    }

    /// Sets the hands forward or back, though no time has passed.
    pub fn step(&self, by_ms: i64) {
        let stepped = |now: u64| Some(now.saturating_add_signed(by_ms));
        let _ = self.now.fetch_update(Ordering::SeqCst, Ordering::SeqCst, stepped);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.now.load(Ordering::SeqCst)
    }

    fn elapsed_ms(&self) -> u64 {
        self.elapsed.load(Ordering::SeqCst)
    }
}
