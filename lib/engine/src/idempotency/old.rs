//! Keys that an earlier maejin remembered: each with its text, and a moment of its own. They are looked up until the last is forgotten.

use hashbrown::HashSet;
use store::{Find, StoreError, TableReader};

use super::hash::KeyHash;
use super::heard::KeysHeard;
use crate::system_tables::RememberedBefore;

/// The hashes of the keys that an earlier maejin remembered.
#[derive(Default)]
pub(crate) struct OldKeys(HashSet<u64>);

impl OldKeys {
    /// Those in the table.
    pub(super) fn open(reader: &mut dyn TableReader, heard: &KeysHeard) -> Result<Self, StoreError> {
        let mut keys = HashSet::new();
        Find::all().each(reader, RememberedBefore::COLUMNS.key, |key| {
            let hash = KeyHash::of(&key).short();
            keys.insert(hash);
            heard.add(hash);
        })?;
        Ok(Self(keys))
    }

    pub(super) fn len(&self) -> u64 {
        self.0.len() as u64
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there may be the key with this hash; its row tells.
    pub(crate) fn may_have(&self, hash: KeyHash) -> bool {
        self.0.contains(&hash.short())
    }

    pub(crate) fn remove(&mut self, hash: KeyHash) {
        self.0.remove(&hash.short());
    }
}
