//! Tells a crowd that stays from one that passes: many requests at once are taken and done one after the other, but where more come than
//! can be done, letting them wait makes all of them slow and none of them faster.

use std::time::Duration;

/// How many requests may wait while nobody waits long.
pub(super) const BURST: u64 = 4_096;
/// How many may wait in a crowd that stays: enough for the next batch to be full of what has come while the last one was appended.
pub(super) const STEADY: u64 = 512;
/// From which wait on it is a crowd.
const LONG: Duration = Duration::from_millis(50);
/// Below which wait it has passed: what came was less than what could be done.
const SHORT: Duration = Duration::from_millis(3);
/// For how long the wait has to be long, in milliseconds, before the crowd is one that stays.
const STAYS_MS: u64 = 250;

/// The crowd before an engine.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    /// Since when, in milliseconds of a clock that nobody sets, each batch has waited long.
    long_since: Option<u64>,
    stays: bool,
}

impl Crowd {
    /// A batch is taken at `now`, by a clock that nobody sets, whose oldest request waited for `waited`. Returns how many may wait
    /// from now on.
    pub(super) fn limit(&mut self, waited: Duration, now: u64) -> u64 {
        if waited >= LONG {
            let since = *self.long_since.get_or_insert(now);
            self.stays |= now.saturating_sub(since) >= STAYS_MS;
        } else {
            self.long_since = None;
            self.stays &= waited >= SHORT;
        }
        if self.stays { STEADY } else { BURST }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LITTLE: Duration = Duration::from_millis(10);

    #[test]
    fn a_burst_may_wait() {
        let mut crowd = Crowd::default();
        assert_eq!(crowd.limit(LONG, 1_000), BURST);
        assert_eq!(crowd.limit(LONG * 2, 1_000 + STAYS_MS - 1), BURST);
        assert_eq!(crowd.limit(LITTLE, 1_000 + STAYS_MS), BURST, "it has passed");
        assert_eq!(crowd.limit(LONG, 1_001 + STAYS_MS), BURST, "and another one begins");
    }

    #[test]
    fn a_crowd_that_stays_is_kept_short_until_it_is_gone() {
        let mut crowd = Crowd::default();
        crowd.limit(LONG, 1_000);
        assert_eq!(crowd.limit(LONG, 1_000 + STAYS_MS), STEADY);
        assert_eq!(crowd.limit(LITTLE, 2_000), STEADY, "there are still more than can be done");
        assert_eq!(crowd.limit(Duration::ZERO, 2_001), BURST);
    }
}
