//! The journal in memory.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Epoch, Journal, Record, StoreError};

/// So many bytes of records are read at once, and the rest of the last one.
const READ_BYTES: usize = 8 << 20;

/// What is in the journal.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// By their places.
    records: BTreeMap<u64, Record>,
    epoch: Epoch,
}

/// The journal of a store in memory.
#[derive(Debug)]
pub struct MemoryJournal {
    kept: Arc<Mutex<Kept>>,
    /// Goes with each append.
    epoch: Epoch,
}

impl MemoryJournal {
    pub(super) fn of(kept: Arc<Mutex<Kept>>) -> Self {
        let epoch = kept.lock().unwrap_or_else(PoisonError::into_inner).epoch;
        Self { kept, epoch }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn missing(seq: u64) -> StoreError {
    StoreError::Damaged { seq, why: "it is missing".to_owned() }
}

impl Journal for MemoryJournal {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.epoch.0 += 1;
        self.epoch = kept.epoch;
        Ok(self.epoch)
    }

    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        let mut kept = self.kept();
        if kept.epoch != self.epoch {
            return Err(StoreError::Fenced { held: self.epoch, found: kept.epoch });
        }
        match kept.records.entry(record.seq) {
            Entry::Occupied(_) => Err(StoreError::refused("an append", format!("there is a record {}", record.seq))),
            Entry::Vacant(place) => {
                place.insert(record.clone());
                Ok(())
            }
        }
    }

    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        let newest = self.kept().records.keys().next_back().copied();
        newest.map_or(Ok(None), |seq| Ok(self.read(seq, 1)?.pop()))
    }

    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let (from, kept) = (from.max(1), self.kept());
        let records = &kept.records;
        let mut before = if from == 1 { Some(0) } else { records.get(&(from - 1)).map(|record| record.sum) };
        let (mut read, mut bytes) = (Vec::new(), 0);
        for (expected, (seq, record)) in (from..).zip(records.range(from..)).take(limit) {
            if bytes >= READ_BYTES {
                break;
            }
            if *seq != expected {
                return Err(missing(expected));
            }
            record.check(before.ok_or_else(|| missing(from - 1))?)?;
            before = Some(record.sum);
            bytes += record.body.len();
            read.push(record.clone());
        }
        Ok(read)
    }
}
