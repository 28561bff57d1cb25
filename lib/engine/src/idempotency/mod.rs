//! Which idempotency keys are remembered: for a day at least, and no longer than 30 hours.

mod hash;
mod heard;
mod index;
mod old;

use store::{Find, StoreError, TableReader};
use typed::Row;

pub(crate) use hash::KeyHash;
pub(crate) use heard::KeysHeard;
use index::Index;
pub(crate) use index::REMEMBERED_MS;
use old::OldKeys;

use crate::system_tables::{Forgotten, KeyPeriod, Remembered};

/// How many periods there are at most, the newest among them. If that is less than a day, the oldest is forgotten early.
pub(crate) const PERIODS: usize = 5;
/// What makes a repetition of a command known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub(crate) key: String,
    pub(crate) fingerprint: u64,
    pub(crate) hash: KeyHash,
}

impl IdempotencyKey {
    /// `key` says whose key it is, and the key; `fingerprint`, at most 2^63 - 1, tells whether another command came with the same key.
    pub fn new(key: String, fingerprint: u64) -> Self {
        Self { hash: KeyHash::of(&key), key, fingerprint }
    }
}

/// The keys that are remembered, without their answers.
pub(crate) struct Keys {
    pub(crate) index: Index,
    pub(crate) old: OldKeys,
    /// Below which place no key is in the table any more.
    pub(crate) below: u64,
    /// How many were forgotten before their day was over.
    pub(crate) early: u64,
    /// Who tells others of them.
    heard: Option<KeysHeard>,
}

impl Keys {
    /// Those in the tables.
    pub(crate) fn open(reader: &mut dyn TableReader) -> Result<Self, StoreError> {
        let heard = KeysHeard::default();
        let forgotten = Find::<Forgotten>::all().one(reader)?;
        let below = forgotten.map_or(1, |forgotten| forgotten.below);
        let highest = reader.highest(Remembered::TABLE)?.into_iter().max().unwrap_or_default();
        let mut index = Index::new(below.max(highest + 1));
        let periods = Find::all().by(KeyPeriod::COLUMNS.first.asc()).rows(reader)?;
        periods.into_iter().for_each(|period| index.begin(period.first, period.since));
        let key = || Remembered::COLUMNS;
        let kept = Find::all().with(key().place.at_least(index.first())).by(key().place.asc());
        kept.each(reader, (key().place, key().hash), |(place, hash)| {
            let hash = hash.cast_unsigned();
            index.add(place, hash);
            heard.add(hash);
        })?;
        let old = OldKeys::open(reader, &heard)?;
        Ok(Self { index, old, below, early: 0, heard: Some(heard) })
    }

    /// How many there are, and how many were forgotten before their day was over since the start.
    pub(crate) fn count(&self) -> (u64, u64) {
        (self.index.len() + self.old.len(), self.early)
    }

    /// Who may tell others of the keys there were at the start, and is told of those that come. Given once.
    pub(crate) fn heard(&mut self) -> KeysHeard {
        self.heard.take().unwrap_or_default()
    }
}
