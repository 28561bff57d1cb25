//! The time of a node: what the clock on the wall shows, and a steady one beside it, so that a wall that is wrong for a second does no harm
//! for longer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::status::Status;
use world::Clock;

/// From how much on it is a step: less is how a clock is set right little by little, or a thread that waited for its turn between two looks.
const STEP_MS: u64 = 1_000;

/// Both clocks.
pub(super) struct Time {
    clock: Arc<dyn Clock>,
    /// What both showed at the start, and how much time had passed then.
    began: (u64, u64),
    /// How far the wall was ahead of the steady one when it was looked at last.
    ahead: i64,
}

impl Time {
    pub(super) fn new(clock: Arc<dyn Clock>, now: u64) -> Self {
        let began = (now, clock.elapsed_ms());
        Self { clock, began, ahead: 0 }
    }

    /// What the steady clock shows: the start, and what has passed since.
    pub(super) fn steady(&self) -> u64 {
        self.began.0 + self.clock.elapsed_ms().saturating_sub(self.began.1)
    }

    /// What the wall shows, and what the steady clock does. Says so if the wall was set since the last look.
    pub(super) fn look(&mut self, status: &Status) -> (u64, u64) {
        let (now, steady) = (self.clock.now(), self.steady());
        let ahead = i64::try_from(i128::from(now) - i128::from(steady)).unwrap_or(i64::MAX);
        let step_ms = ahead.saturating_sub(self.ahead);
        self.ahead = ahead;
        if step_ms.unsigned_abs() >= STEP_MS {
            status.stepped(step_ms);
            let steps = status.clock_steps.load(Ordering::Relaxed);
            tracing::warn!(
                step_ms,
                steps,
                "the clock of this machine was set; deadlines pass by the time that has passed"
            );
        }
        (now, steady)
    }
}

#[cfg(test)]
mod tests {
    use world::ManualClock;

    use super::*;

    #[test]
    fn a_step_is_told_once_and_the_steady_clock_does_not_follow_it() {
        let (clock, status) = (Arc::new(ManualClock::new(1_000_000)), Status::default());
        let mut time = Time::new(clock.clone(), 1_000_000);
        clock.advance(86_400_000);
        assert_eq!(time.look(&status), (87_400_000, 87_400_000));
        assert_eq!(status.clock_steps(), (0, 0), "time that has passed is no step");
        for (step_ms, seen, steps) in [(90_000_000, 90_000_000, 1), (0, 90_000_000, 1), (-95_000_000, -95_000_000, 2)] {
            clock.step(step_ms);
            let (now, steady) = time.look(&status);
            assert_eq!((now, steady), (clock.now(), 87_400_000));
            assert_eq!(status.clock_steps(), (steps, seen));
        }
        clock.step(-i64::MAX);
        assert_eq!(time.look(&status), (0, 87_400_000), "before 1970 it is 1970");
    }
}
