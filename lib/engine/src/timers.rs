//! When which timer is due, in memory: by a clock that nobody sets. What the rows say, and the wall, may have been wrong.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hashbrown::HashMap;
use store::{Find, StoreError, TableReader};

use crate::system_tables::Timer;

/// So many that were taken back may be among the rest, and as many as there are timers: then they are cleared out.
const SLACK: usize = 1_024;

/// The longest wait of a timer that does not say for how long it was to wait, in milliseconds: longer than any there ever was.
const LONGEST_MS: u64 = 31 * 24 * 60 * 60 * 1000;
/// For how long such a timer waits if it is set anew, in milliseconds.
const ANEW_MS: u64 = 60 * 60 * 1000;

/// All timers: the earliest first.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    /// When each is due, by its key: by the clock that nobody sets, and as its row says.
    due: HashMap<u64, (u64, u64)>,
    /// The same by the moment, with some that were taken back or set anew.
    by_moment: BinaryHeap<Reverse<(u64, u64)>>,
}

impl Timers {
    /// Those in the table.
    pub(crate) fn open(reader: &mut dyn TableReader) -> Result<Self, StoreError> {
        let mut timers = Self::default();
        let timer = Timer::COLUMNS;
        Find::all().each(reader, (timer.key, timer.due), |(key, due)| timers.set(key, due, due))?;
        Ok(timers)
    }

    /// Sets those anew that are further ahead of `now` than they were when they were set: the clock was wrong then. Returns how many.
    pub(crate) fn set_absurd_anew(&mut self, now: u64, reader: &mut dyn TableReader) -> Result<u64, StoreError> {
        let (timer, mut count) = (Timer::COLUMNS, 0);
        let ahead = Find::all().with(Timer::COLUMNS.due.above(now));
        ahead.each(reader, (timer.key, timer.due, timer.wait_ms), |(key, due, wait_ms)| {
            if due - now > wait_ms.unwrap_or(LONGEST_MS) {
                self.set(key, now + wait_ms.unwrap_or(ANEW_MS), due);
                count += 1;
            }
        })?;
        Ok(count)
    }

    /// `key` is due at `due`, and at no other moment; its row says `row`.
    pub(crate) fn set(&mut self, key: u64, due: u64, row: u64) {
        if self.due.insert(key, (due, row)).map(|(before, _)| before) != Some(due) {
            self.by_moment.push(Reverse((due, key)));
            self.clear_out();
        }
    }

    /// `key` is not due any more.
    pub(crate) fn take_back(&mut self, key: u64) {
        if self.due.remove(&key).is_some() {
            self.clear_out();
        }
    }

    /// The moment and the key of the earliest.
    pub(crate) fn first(&self) -> Option<(u64, u64)> {
        self.by_moment.peek().map(|Reverse(first)| *first)
    }

    /// Takes the earliest out: its key, and when it is due as its row says.
    pub(crate) fn pop(&mut self) -> Option<(u64, u64)> {
        let (_, key) = self.first()?;
        let row = self.due.get(&key).map(|(_, row)| *row);
        self.take_back(key);
        row.map(|row| (key, row))
    }

    /// Sees to it that the earliest is one that was not taken back, and that not too many were.
    fn clear_out(&mut self) {
        if self.by_moment.len() > 2 * self.due.len() + SLACK {
            self.by_moment = self.due.iter().map(|(key, (due, _))| Reverse((*due, *key))).collect();
        }
        while self.first().is_some_and(|(due, key)| self.due.get(&key).is_none_or(|(known, _)| *known != due)) {
            self.by_moment.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_comes_first_and_none_that_was_taken_back() {
        let mut timers = Timers::default();
        for (key, due) in [(1, 50), (2, 20), (3, 30), (2, 60), (4, 10)] {
            timers.set(key, due, due);
        }
        timers.take_back(4);
        let mut came = Vec::new();
        while let Some(first) = timers.first() {
            came.push(first);
            timers.pop();
        }
        assert_eq!(came, [(30, 3), (50, 1), (60, 2)]);
    }

    #[test]
    fn those_that_were_taken_back_take_no_room_for_long() {
        let mut timers = Timers::default();
        timers.set(0, 1, 1);
        for key in 1..=1_000_000 {
            timers.set(key, 1_000_000 + key, 0);
            timers.take_back(key);
            assert!(timers.by_moment.len() <= SLACK + 4, "{}", timers.by_moment.len());
        }
        assert_eq!(timers.first(), Some((1, 0)));
    }
}
