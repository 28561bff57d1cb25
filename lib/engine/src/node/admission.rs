//! How many requests may wait for the engine. A burst is taken whole and done one after the other; where more keep coming than can be done,
//! letting them wait makes all of them slow and none of them faster.

use std::time::Duration;

/// How many requests may wait while nobody waits long.
pub(super) const BURST: u64 = 4_096;
/// How many may wait under a load that stays: enough for the next batch to be full of what has come while the last one was appended.
pub(super) const STEADY: u64 = 512;
/// From which wait of the oldest request on a batch has waited long.
const LONG: Duration = Duration::from_millis(50);
/// Below which wait the load has passed: what came was less than what could be done.
const SHORT: Duration = Duration::from_millis(3);
/// For how long the wait has to be long, in milliseconds, before the load is one that stays.
const STAYS_MS: u64 = 250;

/// Whether the load on an engine stays, by how long requests wait for it.
#[derive(Debug, Default)]
pub(super) struct Admission {
    /// Since when, in milliseconds of a clock that nobody sets, each batch has waited long.
    long_since: Option<u64>,
    stays: bool,
}

impl Admission {
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
        let mut admission = Admission::default();
        assert_eq!(admission.limit(LONG, 1_000), BURST);
        assert_eq!(admission.limit(LONG * 2, 1_000 + STAYS_MS - 1), BURST);
        assert_eq!(admission.limit(LITTLE, 1_000 + STAYS_MS), BURST, "it has passed");
        assert_eq!(admission.limit(LONG, 1_001 + STAYS_MS), BURST, "and another one begins");
    }

    #[test]
    fn few_may_wait_under_a_load_that_stays_until_it_is_gone() {
        let mut admission = Admission::default();
        admission.limit(LONG, 1_000);
        assert_eq!(admission.limit(LONG, 1_000 + STAYS_MS), STEADY);
        assert_eq!(admission.limit(LITTLE, 2_000), STEADY, "there are still more than can be done");
        assert_eq!(admission.limit(Duration::ZERO, 2_001), BURST);
    }
}
