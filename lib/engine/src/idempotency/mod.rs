//! Commands that come twice with one key: done once, answered twice. A key is remembered for a day at least, and no longer than 30 hours.

mod hash;
mod heard;
mod index;
mod old;

use store::{StoreError, TableReader};
use typed::{Answer, Message, Row};

pub(crate) use hash::KeyHash;
pub(crate) use heard::KeysHeard;
use index::Index;
pub(crate) use old::OldKeys;

use crate::core::{Core, IdempotencyKey};
use crate::service::encoded_answer;
use crate::system_tables::{Forgotten, KeyPeriod, Remembered};

/// For how long a key is remembered at least, in milliseconds.
const REMEMBERED_MS: u64 = 24 * 60 * 60 * 1000;
/// For how long keys are added to one period, in milliseconds. A period is forgotten as a whole.
const PERIOD_MS: u64 = 6 * 60 * 60 * 1000;
/// How many keys a period has at most: as many as its part of memory takes without growing to twice its size.
const PERIOD_KEYS: u64 = 14_000_000;
/// How many periods there are at most, the newest among them. If that is less than a day, the oldest is forgotten early.
const PERIODS: usize = 5;
/// How many keys are taken out of the table at once, each second: more than come, and few enough to be no trouble.
const SWEPT: u64 = 50_000;
/// The key of the only row of its table.
const ONLY: u64 = 1;

/// The keys that are remembered, without their answers.
pub(crate) struct Keys {
    index: Index,
    old: OldKeys,
    /// Below which place no key is in the table any more.
    below: u64,
    /// How many were forgotten before their day was over.
    early: u64,
    /// Who tells others of them.
    heard: Option<KeysHeard>,
}

impl Keys {
    /// Those in the tables.
    pub(crate) fn open(reader: &mut dyn TableReader) -> Result<Self, StoreError> {
        let heard = KeysHeard::default();
        let forgotten = store::select::<Forgotten>(reader, "", &[])?.pop();
        let below = forgotten.map_or(1, |forgotten| forgotten.below);
        let highest = reader.highest(Remembered::TABLE)?.into_iter().max().unwrap_or_default();
        let mut index = Index::new(below.max(highest + 1));
        let periods = store::select::<KeyPeriod>(reader, "ORDER BY first", &[])?;
        periods.into_iter().for_each(|period| index.begin(period.first, period.since));
        let first = typed::Sql::Int(i64::try_from(index.first()).unwrap_or(i64::MAX));
        let sql = "SELECT place, hash FROM engine_keys WHERE place >= ?1 ORDER BY place";
        reader.each(sql, &[first], &mut |cells| {
            let (place, hash) = (typed::Column::from_cell(cells.cell(0))?, KeyHash::short_of(cells.cell(1))?);
            index.add(place, hash);
            heard.add(hash);
            Ok(())
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

impl<M: Message, A: Answer> Core<M, A> {
    /// The answer that a command with this key was given before.
    pub(crate) fn answered_before(&mut self, key: &IdempotencyKey) -> Result<Option<A>, String> {
        for place in self.keys.index.places(key.hash.short()) {
            let row = self.row::<Remembered>(&place).map_err(|error| error.to_string())?;
            if let Some(row) = row.filter(|row| key.hash.is_of(row)) {
                return answer(row.fingerprint, &row.answer, key);
            }
        }
        match self.old_answer(key).map_err(|error| error.to_string())? {
            Some(row) => answer(row.fingerprint, &row.answer, key),
            None => Ok(None),
        }
    }

    /// Whether a command with this key was answered before.
    ///
    /// # Errors
    /// If that cannot be told.
    pub fn has_answered(&mut self, key: &IdempotencyKey) -> Result<bool, String> {
        self.answered_before(key).map(|answer| answer.is_some())
    }

    pub(crate) fn remember(&mut self, key: &IdempotencyKey, answer: &A) {
        let place = self.keys.index.next();
        if self.keys.index.takes_no_more_at(self.steady) {
            self.begin_period(place);
        }
        self.keys.index.add(place, key.hash.short());
        let row = key.hash.row(place, key.fingerprint, encoded_answer(answer));
        self.caches.set(row.key(), Some(row));
        self.caches.keep();
    }

    fn begin_period(&mut self, first: u64) {
        let period = KeyPeriod { first, since: self.steady };
        self.keys.index.begin(first, period.since);
        self.caches.set(first, Some(period));
        while self.keys.index.periods() > PERIODS {
            let early = self.forget_oldest();
            self.keys.early += early;
            tracing::warn!(early, "more idempotency keys came than a day has room for: the oldest are forgotten early");
        }
    }

    /// Forgets keys that are older than a day: a whole period at once, which then leaves the table little by little.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn forget_old_keys(&mut self) -> Result<(), StoreError> {
        if self.steady < self.forgets_from {
            return Ok(());
        }
        // By both clocks: one that was set forward for a moment, or was wrong at the start, makes nobody forget a key.
        while self.keys.index.is_oldest_over(self.now.min(self.steady)) {
            self.forget_oldest();
        }
        let below = self.keys.index.first().min(self.keys.below + SWEPT);
        if below > self.keys.below {
            self.keys.below = below;
            self.row::<Forgotten>(&ONLY)?;
            self.caches.set(ONLY, Some(Forgotten { one: ONLY, below }));
        }
        self.caches.keep();
        self.forget_older_keys()
    }

    /// Returns how many that are.
    fn forget_oldest(&mut self) -> u64 {
        let Some((first, count)) = self.keys.index.forget_oldest() else { return 0 };
        self.caches.set::<KeyPeriod>(first, None);
        count
    }

    /// How many idempotency keys are remembered, and how many were forgotten before their day was over since the start.
    pub fn keys(&self) -> (u64, u64) {
        self.keys.count()
    }
}

/// What was answered, as `bytes`, to a command with the `fingerprint`; to another one with the same key, that the key was used before.
fn answer<A: Answer>(fingerprint: u64, bytes: &[u8], key: &IdempotencyKey) -> Result<Option<A>, String> {
    if fingerprint != key.fingerprint {
        return Ok(Some(A::key_reused()));
    }
    minicbor::decode(bytes).map(Some).map_err(|error| error.to_string())
}
