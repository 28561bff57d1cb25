//! Keys that an earlier maejin remembered: each with its text, and a moment of its own. They are looked up until the last is forgotten.

use hashbrown::HashSet;
use store::{StoreError, TableReader};
use typed::{Answer, Column, Message, Sql, Text};

use super::{KeyHash, KeysHeard, REMEMBERED_MS};
use crate::core::{Core, IdempotencyKey};
use crate::system_tables::RememberedBefore;

/// How many of them are forgotten at once. No more come.
const FORGET_MAX: i64 = 10_000;

/// The hashes of the keys that an earlier maejin remembered.
#[derive(Default)]
pub(crate) struct OldKeys(HashSet<u64>);

impl OldKeys {
    /// Those in the table.
    pub(super) fn open(reader: &mut dyn TableReader, heard: &KeysHeard) -> Result<Self, StoreError> {
        let mut keys = HashSet::new();
        reader.each("SELECT key FROM engine_idempotency", &[], &mut |cells| {
            let hash = KeyHash::of(&Text::from_cell(cells.cell(0))?).short();
            keys.insert(hash);
            heard.add(hash);
            Ok(())
        })?;
        Ok(Self(keys))
    }

    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }
}

impl<M: Message, A: Answer> Core<M, A> {
    /// What an earlier maejin remembered of `key`.
    pub(super) fn old_answer(&mut self, key: &IdempotencyKey) -> Result<Option<RememberedBefore>, StoreError> {
        if !self.keys.old.0.contains(&key.hash.short()) {
            return Ok(None);
        }
        self.row::<RememberedBefore>(&Text::from(key.key.as_str()))
    }

    /// Forgets those that are older than a day, some thousands at a time.
    pub(super) fn forget_older_keys(&mut self) -> Result<(), StoreError> {
        if self.keys.old.0.is_empty() {
            return Ok(());
        }
        let before = i64::try_from(self.now.min(self.steady).saturating_sub(REMEMBERED_MS)).unwrap_or(i64::MAX);
        let tail = "WHERE at < ?1 ORDER BY at LIMIT ?2";
        let over = [Sql::Int(before), Sql::Int(FORGET_MAX)];
        for row in store::select::<RememberedBefore>(&mut *self.reader, tail, &over)? {
            self.keys.old.0.remove(&KeyHash::of(&row.key).short());
            self.caches.set::<RememberedBefore>(row.key, None);
        }
        self.caches.keep();
        Ok(())
    }
}
