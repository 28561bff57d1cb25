//! What was changed and not synced, in order, with the syncs that have begun.

use std::collections::HashMap;

/// Changes of one file or directory that may be lost.
#[derive(Debug)]
pub(super) struct Unsynced<T> {
    changes: Vec<T>,
    /// By the thread that syncs: how many of them were made before it began.
    syncs: HashMap<u32, usize>,
}

impl<T> Default for Unsynced<T> {
    fn default() -> Self {
        Self { changes: Vec::new(), syncs: HashMap::new() }
    }
}

impl<T> Unsynced<T> {
    pub(super) fn push(&mut self, change: T) {
        self.changes.push(change);
    }

    pub(super) fn all(&self) -> &[T] {
        &self.changes
    }

    pub(super) fn sync_begun(&mut self, thread: u32) {
        self.syncs.insert(thread, self.changes.len());
    }

    /// What is durable now: what was changed before the sync of `thread` began, not what was changed while it ran.
    pub(super) fn sync_ended(&mut self, thread: u32) -> Vec<T> {
        let covered = self.syncs.remove(&thread).unwrap_or(0);
        for others in self.syncs.values_mut() {
            *others = others.saturating_sub(covered);
        }
        self.changes.drain(..covered).collect()
    }

    /// All of it: a sync failed, and nothing of it will be tried again.
    pub(super) fn sync_failed(&mut self) -> Vec<T> {
        self.syncs.clear();
        std::mem::take(&mut self.changes)
    }
}
