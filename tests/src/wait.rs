//! Waiting for a condition, with an end.

use std::fmt::Debug;
use std::time::{Duration, Instant};

/// How long a condition may take. Far more than it should, for machines that are busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// Looks until `look` sees something, and gives that.
///
/// # Panics
/// If it saw nothing for a long time; `what` says what was waited for.
#[track_caller]
pub fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        pause(BETWEEN_LOOKS);
    }
}

/// Looks until `look` sees `expected`.
///
/// # Panics
/// If it saw something else for a long time, with what it saw last.
#[track_caller]
pub fn eventually_is<T: PartialEq<E> + Debug, E: Debug>(what: &str, expected: E, mut look: impl FnMut() -> T) {
    let start = Instant::now();
    loop {
        let seen = look();
        if seen == expected {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{what}: expected {expected:?}, but after {PATIENCE:?} it is {seen:?}");
        pause(BETWEEN_LOOKS);
    }
}

/// Lets time pass: between two looks, or where how long something lasts is itself what the story is about.
#[expect(clippy::disallowed_methods, reason = "a test outside of the process can only look again later")]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}
