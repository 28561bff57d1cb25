//! Which idempotency keys may have come before, for those who must tell without asking the engine. Many threads read and write it at once.
//!
//! A Bloom filter in two halves of a day each: what is added is found for a day at least. Of keys that never came it takes one in 250 for
//! known when five million came within a day, and one in 25 when ten million did.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// For how long keys are added to one half. A key is remembered for a day.
const HALF: Duration = Duration::from_secs(24 * 60 * 60);
/// How many bits of a hash choose the block of a key: with so many blocks of 64 bytes a half takes 8 MiB, once there is a key in it.
const BLOCK_BITS: u32 = 17;
/// How many words of 64 bits a block has: as much as a processor reads at once.
const BLOCK: usize = 8;
/// How many bits stand for a key.
const MARKS: u32 = 4;
/// How many bits of a hash choose one of the bits of a block.
const MARK_BITS: u32 = 9;

type Words = Box<[AtomicU64]>;

/// Keys that may have come before, by their hashes.
#[derive(Debug)]
pub(crate) struct KeysHeard {
    halves: [OnceLock<Words>; 2],
    since: Instant,
    /// Counts the halves since then.
    turn: AtomicU64,
    turning: Mutex<()>,
}

impl Default for KeysHeard {
    fn default() -> Self {
        let (turn, turning) = (AtomicU64::new(0), Mutex::default());
        Self { halves: Default::default(), since: Instant::now(), turn, turning }
    }
}

impl KeysHeard {
    /// Adds a key.
    pub(crate) fn add(&self, hash: u64) {
        self.add_at(hash, self.since.elapsed());
    }

    fn add_at(&self, hash: u64, elapsed: Duration) {
        let turn = elapsed.as_secs() / HALF.as_secs();
        if self.turn.load(Ordering::Acquire) < turn {
            self.turn_to(turn);
        }
        let half = &self.halves[usize::from(turn % 2 == 1)];
        let words = half.get_or_init(|| (0..BLOCK << BLOCK_BITS).map(|_| AtomicU64::new(0)).collect());
        for (word, mark) in marks(hash) {
            words[word].fetch_or(mark, Ordering::Relaxed);
        }
    }

    /// Whether a key may have been added.
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let has = |words: &Words| marks(hash).all(|(word, mark)| words[word].load(Ordering::Relaxed) & mark != 0);
        self.halves.iter().filter_map(OnceLock::get).any(has)
    }

    /// Empties the half that is used from the turn `turn` on: all in it is older than a day.
    fn turn_to(&self, turn: u64) {
        let _turning = self.turning.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.turn.load(Ordering::Acquire);
        for stale in (before + 1..=turn).rev().take(2) {
            let words = self.halves[usize::from(stale % 2 == 1)].get();
            words.into_iter().flatten().for_each(|word| word.store(0, Ordering::Relaxed));
        }
        self.turn.store(turn.max(before), Ordering::Release);
    }
}

/// The bits that stand for a key: the word, and the bit in it.
fn marks(hash: u64) -> impl Iterator<Item = (usize, u64)> {
    let bits = move |from: u32, count: u32| usize::try_from((hash >> from) & ((1 << count) - 1)).unwrap_or_default();
    let block = bits(MARKS * MARK_BITS, BLOCK_BITS) * BLOCK;
    (0..MARKS).map(move |mark| bits(mark * MARK_BITS, MARK_BITS)).map(move |bit| (block + bit / 64, 1 << (bit % 64)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idempotency::KeyHash;

    fn of(number: u64) -> u64 {
        KeyHash::of(&format!("v1 {number}")).short()
    }

    #[test]
    fn what_came_is_known_and_what_did_not_is_seldom_taken_for_it() {
        let keys = KeysHeard::default();
        (0..200_000).for_each(|number| keys.add(of(number)));
        assert!((0..200_000).all(|number| keys.may_have(of(number))));
        let mistaken = (200_000..400_000).filter(|number| keys.may_have(of(*number))).count();
        assert!(mistaken < 20, "{mistaken} of 200,000");
    }

    #[test]
    fn a_key_is_known_for_a_day_at_least_and_not_for_ever() {
        let keys = KeysHeard::default();
        keys.add_at(of(1), HALF - Duration::from_secs(1));
        keys.add_at(of(2), HALF);
        keys.add_at(of(3), HALF * 2 - Duration::from_secs(1));
        assert!((1..=3).all(|number| keys.may_have(of(number))));
        keys.add_at(of(4), HALF * 2);
        assert_eq!([1, 2, 3, 4].map(|number| keys.may_have(of(number))), [false, true, true, true]);
        keys.add_at(of(5), HALF * 9);
        assert_eq!([2, 3, 4, 5].map(|number| keys.may_have(of(number))), [false, false, false, true]);
    }
}
