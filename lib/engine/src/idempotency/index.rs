//! Where in the table a key may stand: 8 bytes of memory for each, in periods that are forgotten as a whole.

use std::collections::VecDeque;

use hashbrown::HashTable;

/// For how long a key is remembered at least, in milliseconds.
pub(crate) const REMEMBERED_MS: u64 = 24 * 60 * 60 * 1000;
/// For how long keys are added to one period, in milliseconds. A period is forgotten as a whole.
const PERIOD_MS: u64 = 6 * 60 * 60 * 1000;
/// How many keys a period has at most: as many as its part of memory takes without growing to twice its size.
const PERIOD_KEYS: u64 = 14_000_000;
/// The parts of a period, each a map of its own: when one grows, few keys have to move at once.
const PARTS: usize = 256;

/// A key: 32 bits of its hash beside those that choose its part, and its place in its period. Of ten million keys that are not known one
/// in a hundred thousand is taken for one that is, and then looked up in vain.
#[derive(Debug, Clone, Copy)]
struct Slot {
    tag: u32,
    place: u32,
}

/// The keys that came one after the other within some hours.
struct Period {
    /// The place of its first key.
    first: u64,
    /// When it began, in milliseconds since the Unix epoch.
    since: u64,
    count: u64,
    parts: Vec<HashTable<Slot>>,
}

/// Where all keys may stand.
pub(crate) struct Index {
    /// The oldest first.
    periods: VecDeque<Period>,
    next: u64,
}

fn part(hash: u64) -> usize {
    usize::try_from(hash >> 56).unwrap_or_default()
}

fn tag(hash: u64) -> u32 {
    u32::try_from((hash >> 24) & u64::from(u32::MAX)).unwrap_or_default()
}

/// The bits of a tag, spread over all that a map looks at.
fn spread(tag: u32) -> u64 {
    u64::from(tag).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Index {
    /// One without keys, whose first has the place `next`.
    pub(crate) fn new(next: u64) -> Self {
        Self { periods: VecDeque::new(), next }
    }

    /// The place of the next key.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// The place of the oldest key that is remembered, or of the next one.
    pub(crate) fn first(&self) -> u64 {
        self.periods.front().map_or(self.next, |period| period.first)
    }

    pub(crate) fn len(&self) -> u64 {
        self.periods.iter().map(|period| period.count).sum()
    }

    pub(crate) fn periods(&self) -> usize {
        self.periods.len()
    }

    /// Whether the next key that comes at `now` begins a new period.
    pub(crate) fn takes_no_more_at(&self, now: u64) -> bool {
        self.periods.back().is_none_or(|period| period.count >= PERIOD_KEYS || now >= period.since + PERIOD_MS)
    }

    /// Begins a period with the key at the place `first`.
    pub(crate) fn begin(&mut self, first: u64, since: u64) {
        let parts = std::iter::repeat_with(HashTable::new).take(PARTS).collect();
        self.periods.push_back(Period { first, since, count: 0, parts });
        self.next = self.next.max(first);
    }

    /// Adds a key at `place`, which is above all others.
    pub(crate) fn add(&mut self, place: u64, hash: u64) {
        let Some(newest) = self.periods.iter_mut().rev().find(|period| period.first <= place) else { return };
        let slot = Slot { tag: tag(hash), place: u32::try_from(place - newest.first).unwrap_or(u32::MAX) };
        newest.parts[part(hash)].insert_unique(spread(slot.tag), slot, |slot| spread(slot.tag));
        newest.count += 1;
        self.next = self.next.max(place + 1);
    }

    /// Where a key with the hash `hash` may stand, the newest first.
    pub(crate) fn places(&self, hash: u64) -> Vec<u64> {
        let (part, tag) = (part(hash), tag(hash));
        let mut places = Vec::new();
        for period in self.periods.iter().rev() {
            let found = period.parts[part].iter_hash(spread(tag)).filter(|slot| slot.tag == tag);
            places.extend(found.map(|slot| period.first + u64::from(slot.place)));
        }
        places
    }

    /// Whether all keys of the oldest period are older than a day at `now`.
    pub(crate) fn is_oldest_over(&self, now: u64) -> bool {
        let mut periods = self.periods.iter();
        let Some(oldest) = periods.next() else { return false };
        let ended = periods.next().map_or(u64::MAX, |next| next.since).min(oldest.since + PERIOD_MS);
        now > ended + REMEMBERED_MS
    }

    /// Forgets the oldest period: the place of its first key, and how many there were.
    pub(crate) fn forget_oldest(&mut self) -> Option<(u64, u64)> {
        self.periods.pop_front().map(|period| (period.first, period.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idempotency::KeyHash;

    fn hash(number: u64) -> u64 {
        KeyHash::of(&number.to_string()).short()
    }

    #[test]
    fn each_key_is_found_at_its_place_and_hardly_any_other() {
        let mut index = Index::new(1);
        for number in 0..300_000 {
            if number % 100_000 == 0 {
                index.begin(index.next(), number);
            }
            index.add(index.next(), hash(number));
        }
        assert_eq!((index.periods(), index.len(), index.next()), (3, 300_000, 300_001));
        assert!((0..300_000).all(|number| index.places(hash(number)).contains(&(number + 1))));
        let mistaken = (300_000..600_000).filter(|number| !index.places(hash(*number)).is_empty()).count();
        assert!(mistaken < 20, "{mistaken} of 300,000");
        assert_eq!(index.forget_oldest(), Some((1, 100_000)));
        assert_eq!(
            (index.first(), index.places(hash(7)), index.places(hash(100_007))),
            (100_001, vec![], vec![100_008])
        );
    }

    #[test]
    fn keys_with_one_hash_are_all_found_the_newest_first() {
        let mut index = Index::new(1);
        index.begin(1, 0);
        (1..=3).for_each(|place| index.add(place, 77 << 24));
        index.begin(4, 1);
        index.add(4, 77 << 24);
        let mut places = index.places(77 << 24);
        assert_eq!(places.remove(0), 4);
        places.sort_unstable();
        assert_eq!(places, [1, 2, 3]);
    }

    #[test]
    fn a_period_is_over_a_day_after_the_last_key_that_it_can_have() {
        let mut index = Index::new(1);
        index.begin(1, 1_000);
        assert!(!index.is_oldest_over(1_000 + PERIOD_MS + REMEMBERED_MS));
        assert!(index.is_oldest_over(1_001 + PERIOD_MS + REMEMBERED_MS));
        index.begin(1, 5_000);
        assert!(!index.is_oldest_over(5_000 + REMEMBERED_MS));
        assert!(index.is_oldest_over(5_001 + REMEMBERED_MS));
    }

    #[test]
    fn a_period_ends_when_it_is_old_or_full() {
        let mut index = Index::new(1);
        assert!(index.takes_no_more_at(0));
        index.begin(1, 1_000);
        assert!(!index.takes_no_more_at(999 + PERIOD_MS));
        assert!(index.takes_no_more_at(1_000 + PERIOD_MS));
        index.periods[0].count = PERIOD_KEYS;
        assert!(index.takes_no_more_at(1_000));
    }
}
