//! The log of nodes that live in one process.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use crate::{Entry, EventLog, LogError};

/// Keeps everything in memory, by source and number: an entry that comes again changes nothing.
#[derive(Debug, Default)]
pub struct InProcessLog {
    sources: Mutex<HashMap<String, BTreeMap<u64, Entry>>>,
}

impl InProcessLog {
    fn with<T>(&self, source: &str, act: impl FnOnce(&mut BTreeMap<u64, Entry>) -> T) -> T {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        act(sources.entry(source.to_owned()).or_default())
    }
}

impl EventLog for InProcessLog {
    fn append(&self, source: &str, entries: &[Entry]) -> Result<(), LogError> {
        self.with(source, |kept| {
            for entry in entries {
                kept.entry(entry.seq).or_insert_with(|| entry.clone());
            }
        });
        Ok(())
    }

    fn read(&self, source: &str, after: u64, limit: usize) -> Result<Vec<Entry>, LogError> {
        let above = after.saturating_add(1)..;
        Ok(self.with(source, |kept| kept.range(above).take(limit).map(|(_, entry)| entry.clone()).collect()))
    }

    fn last(&self, source: &str) -> Result<u64, LogError> {
        Ok(self.with(source, |kept| kept.keys().next_back().copied().unwrap_or_default()))
    }
}
