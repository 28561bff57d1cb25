//! When requests are due.

use std::time::{Duration, Instant};

/// How requests follow each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Each connection sends its next request when it has its answer.
    Closed,
    /// So many a second, whatever becomes of them: as people come.
    Open(f64),
}

/// The moments at which an open load's requests are due.
#[derive(Debug)]
pub struct Schedule {
    start: Instant,
    per_second: f64,
    given: u64,
}

impl Schedule {
    /// `per_second` from `start` on.
    pub fn new(start: Instant, per_second: f64) -> Self {
        Self { start, per_second, given: 0 }
    }

    /// When the next one is due.
    pub fn next(&self) -> Instant {
        self.start + Duration::from_secs_f64(self.given as f64 / self.per_second)
    }

    /// The moment of the next one, if it is due by `now`. Each is given once.
    pub fn take(&mut self, now: Instant) -> Option<Instant> {
        let due = self.next();
        (due <= now).then(|| {
            self.given += 1;
            due
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_due_evenly_and_those_missed_are_due_at_their_own_time() {
        let start = Instant::now();
        let mut schedule = Schedule::new(start, 100.0);
        let mut taken = Vec::new();

        while let Some(due) = schedule.take(start + Duration::from_millis(45)) {
            taken.push((due - start).as_millis());
        }

        assert_eq!(taken, [0, 10, 20, 30, 40]);
        assert_eq!(schedule.next(), start + Duration::from_millis(50));
    }
}
