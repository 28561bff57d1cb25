//! Commands that come twice with one key: done once, answered twice. Kept for a day at least.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use hashbrown::HashSet;
use store::{StoreError, TableReader};
use typed::{Answer, Message, Row, Sql, Text};

use crate::core::{Core, IdempotencyKey};
use crate::own::Remembered;
use crate::service::encoded_answer;

/// How long a key is remembered, in milliseconds.
const REMEMBERED_MS: u64 = 24 * 60 * 60 * 1000;
/// How many keys are forgotten at once.
const FORGET_MAX: i64 = 10_000;

pub(crate) fn hash(key: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(key)
}

/// The hashes of all keys in the table.
pub(crate) fn remembered(reader: &mut dyn TableReader) -> Result<HashSet<u64>, StoreError> {
    Ok(store::select::<Remembered>(reader, "", &[])?.iter().map(|row| hash(&row.key)).collect())
}

impl<M: Message, A: Answer> Core<M, A> {
    /// The answer that a command with this key was given before.
    pub(crate) fn answered_before(&mut self, key: &IdempotencyKey) -> Result<Option<A>, String> {
        if !self.keys_seen.contains(&hash(&key.key)) {
            return Ok(None);
        }
        let text = Text::from(key.key.as_str());
        let Some(row) = self.row::<Remembered>(&text).map_err(|error| error.to_string())? else { return Ok(None) };
        if row.fingerprint != key.fingerprint {
            return Ok(Some(A::key_reused()));
        }
        minicbor::decode(&row.answer).map(Some).map_err(|error| error.to_string())
    }

    pub(crate) fn remember(&mut self, key: IdempotencyKey, answer: &A) {
        self.keys_seen.insert(hash(&key.key));
        let row = Remembered {
            key: key.key.into(),
            fingerprint: key.fingerprint,
            answer: encoded_answer(answer),
            at: self.now,
        };
        self.memory.set(row.key(), Some(row));
        self.memory.keep();
    }

    /// Forgets keys that are older than a day, some thousands at a time.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn forget_old_keys(&mut self) -> Result<(), StoreError> {
        let since = self.now.saturating_sub(REMEMBERED_MS);
        let before = i64::try_from(since).unwrap_or(i64::MAX);
        let tail = "WHERE at < ?1 ORDER BY at LIMIT ?2";
        for row in store::select::<Remembered>(&mut *self.reader, tail, &[Sql::Int(before), Sql::Int(FORGET_MAX)])? {
            // The tables may not know yet that it was forgotten, and came again since.
            if matches!(self.memory.get::<Remembered>(&row.key), Ok(Some(newer)) if newer.at >= since) {
                continue;
            }
            self.keys_seen.remove(&hash(&row.key));
            self.memory.set::<Remembered>(row.key, None);
        }
        self.memory.keep();
        Ok(())
    }
}
