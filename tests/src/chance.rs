//! Chance that repeats itself for the same seed.

use world::{Random, SeededRandom};

/// A source of it.
#[derive(Debug)]
pub(crate) struct Chance(SeededRandom);

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self(SeededRandom::new(seed))
    }

    /// Any number.
    pub(crate) fn number(&self) -> u64 {
        self.0.next_u64()
    }

    /// A number from zero up to, not including, `bound`.
    pub(crate) fn below(&self, bound: u64) -> u64 {
        self.number() % bound
    }

    /// True once in so many times.
    pub(crate) fn one_in(&self, many: u64) -> bool {
        self.below(many) == 0
    }

    /// One of them; `None` if there are none.
    pub(crate) fn one_of<'a, T>(&self, all: &'a [T]) -> Option<&'a T> {
        let at = self.below((all.len() as u64).max(1));
        all.get(usize::try_from(at).unwrap_or(usize::MAX))
    }
}
