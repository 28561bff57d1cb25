//! Readers for everyone but the engine: as many as are reading at once, some of them kept open in between.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::{StoreError, TableReader};

/// So many readers are kept open while nobody reads. Who lends bounds how many read at once.
const IDLE: usize = 16;

/// What takes no longer than this is done sooner than another thread is woken to do it.
const QUICK: Duration = Duration::from_micros(100);

type Open = Box<dyn Fn() -> Result<Box<dyn TableReader>, StoreError> + Send + Sync>;

/// Lends readers of the tables.
pub struct Pool {
    open: Open,
    idle: Mutex<Vec<Box<dyn TableReader>>>,
    /// How long a reading takes, where that may be done on any thread.
    pace: Option<Pace>,
}

impl Pool {
    /// A pool that opens its readers with `open`. They may wait for another machine.
    pub fn new(open: Open) -> Self {
        Self { open, idle: Mutex::default(), pace: None }
    }

    /// The same of readers that wait for nobody but a disk of this machine.
    pub fn of_local(open: Open) -> Self {
        Self { pace: Some(Pace::default()), ..Self::new(open) }
    }

    /// Whether a reading is so short, as they went until now, that a thread which must not block may do it itself.
    pub fn is_quick(&self) -> bool {
        self.pace.as_ref().is_some_and(|pace| pace.median() <= QUICK)
    }

    /// As [`Self::with`], for readings of the kind that [`Self::is_quick`] tells of.
    ///
    /// # Errors
    /// As [`Self::with`].
    pub fn with_pace<T>(
        &self,
        read: impl FnOnce(&mut dyn TableReader) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let began = Instant::now();
        let result = self.with(read);
        if let Some(pace) = &self.pace {
            pace.took(began.elapsed());
        }
        result
    }

    /// Lends a reader to `read`, which sees everything as it is at one moment. Blocks for as long as that takes.
    ///
    /// # Errors
    /// What `read` says, or that no reader can be opened.
    pub fn with<T>(&self, read: impl FnOnce(&mut dyn TableReader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let lent = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = lent.map_or_else(|| (self.open)(), Ok)?;
        reader.hold_still()?;
        let result = read(&mut *reader);
        reader.let_go()?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(reader);
        }
        drop(idle);
        result
    }
}

/// About the median of how long something takes, in nanoseconds: a few that had to wait for a disk, or for a core, do not count.
#[derive(Debug, Default)]
struct Pace(AtomicU64);

impl Pace {
    fn median(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }

    /// Goes a step towards what was seen, however far that is. Where two see something at once, one of them is not counted.
    fn took(&self, time: Duration) {
        let before = self.0.load(Ordering::Relaxed);
        let step = before / 16 + 1_000;
        let after = if time > self.median() { before + step } else { before.saturating_sub(step) };
        self.0.store(after, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(times: impl IntoIterator<Item = u64>) -> Duration {
        let pace = Pace::default();
        times.into_iter().for_each(|micros| pace.took(Duration::from_micros(micros)));
        pace.median()
    }

    #[test]
    fn the_pace_follows_most_and_not_the_slowest() {
        assert!(after([]) <= QUICK);
        let quick_but_for_a_tenth = (0..1_000).map(|n| if n % 10 == 0 { 20_000 } else { 30 });
        assert!(after(quick_but_for_a_tenth.clone()) <= QUICK);
        assert!(after(quick_but_for_a_tenth.chain([2_000; 60])) > QUICK, "what became slow is known soon");
        assert!(after([2_000; 1_000].into_iter().chain([30; 60])) <= QUICK, "and what became quick again");
        assert!(after([u64::MAX / 1_000; 100]) > QUICK);
    }

    #[test]
    fn what_waits_for_another_machine_is_never_quick() {
        let open = || -> Open { Box::new(|| Err(StoreError::Missing("nothing is here".into()))) };
        assert!(Pool::of_local(open()).is_quick());
        assert!(!Pool::new(open()).is_quick());
    }
}
