//! Commands that come twice with one key: done once, answered twice.

use store::{Find, StoreError};
use typed::{Answer, Message, Row, Text};

use super::Core;
use crate::idempotency::{IdempotencyKey, KeyHash, PERIODS, REMEMBERED_MS};
use crate::service::encoded_answer;
use crate::system_tables::{Forgotten, KeyPeriod, Remembered, RememberedBefore};

/// How many keys are taken out of the table at once, each second: more than come, and few enough to be no trouble.
const SWEPT: u64 = 50_000;
/// How many of those that an earlier maejin remembered are forgotten at once. No more come.
const FORGET_MAX: u64 = 10_000;
/// The key of the only row of its table.
const ONLY: u64 = 1;

impl<M: Message, A: Answer> Core<M, A> {
    /// The answer that a command with this key was given before.
    pub(super) fn answered_before(&mut self, key: &IdempotencyKey) -> Result<Option<A>, String> {
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

    pub(super) fn remember(&mut self, key: &IdempotencyKey, answer: &A) {
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

    /// What an earlier maejin remembered of `key`.
    fn old_answer(&mut self, key: &IdempotencyKey) -> Result<Option<RememberedBefore>, StoreError> {
        if !self.keys.old.may_have(key.hash) {
            return Ok(None);
        }
        self.row::<RememberedBefore>(&Text::from(key.key.as_str()))
    }

    /// Forgets those that are older than a day, some thousands at a time.
    fn forget_older_keys(&mut self) -> Result<(), StoreError> {
        if self.keys.old.is_empty() {
            return Ok(());
        }
        let before = self.now.min(self.steady).saturating_sub(REMEMBERED_MS);
        let at = || RememberedBefore::COLUMNS.at;
        let over = Find::all().with(at().below(before)).by(at().asc()).limit(FORGET_MAX);
        for row in over.rows(&mut *self.reader)? {
            self.keys.old.remove(KeyHash::of(&row.key));
            self.caches.set::<RememberedBefore>(row.key, None);
        }
        self.caches.keep();
        Ok(())
    }
}

/// What was answered, as `bytes`, to a command with the `fingerprint`; to another one with the same key, that the key was used before.
fn answer<A: Answer>(fingerprint: u64, bytes: &[u8], key: &IdempotencyKey) -> Result<Option<A>, String> {
    if fingerprint != key.fingerprint {
        return Ok(Some(A::key_reused()));
    }
    minicbor::decode(bytes).map(Some).map_err(|error| error.to_string())
}
