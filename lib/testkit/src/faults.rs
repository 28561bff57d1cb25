//! Stores that count, are slow, stuck, or broken.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use store::{AnyFind, Applied, Change, Epoch, Journal, Record, StoreError, TableReader, TableWriter, Take};
use typed::{AnyTerm, KeyValue, Table};

/// Holds back whoever comes to it, until it is opened.
#[derive(Debug, Default, Clone)]
pub struct Gate(Arc<(Mutex<Waiting>, Condvar)>);

#[derive(Debug, Default)]
struct Waiting {
    open: bool,
    count: usize,
}

impl Gate {
    /// Lets everybody through, from now on.
    pub fn open(&self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).open = true;
        self.0.1.notify_all();
    }

    fn is_open(&self) -> bool {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).open
    }

    /// Blocks until somebody waits at it.
    pub fn wait_for_somebody(&self) {
        let waiting = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.0.1.wait_while(waiting, |waiting| waiting.count == 0 && !waiting.open));
    }

    fn pass(&self) {
        let mut waiting = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.count += 1;
        self.0.1.notify_all();
        let mut waiting = self.0.1.wait_while(waiting, |waiting| !waiting.open).unwrap_or_else(PoisonError::into_inner);
        waiting.count -= 1;
    }
}

/// A journal behind a gate.
pub struct Gated(pub Box<dyn Journal>, pub Gate);

impl Journal for Gated {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.0.claim()
    }
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        self.1.pass();
        self.0.append(record)
    }
    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        self.0.last()
    }
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.0.read(from, limit)
    }
    fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.0.checkpoint()
    }
}

/// A journal that takes so many appends at once, and makes each durable only when it is waited for, behind a gate. Of those that are under
/// way when it is dropped none is.
pub struct Pipelined {
    /// Where records are kept.
    pub journal: Box<dyn Journal>,
    /// How many may be under way.
    pub depth: usize,
    /// What each waits at.
    pub gate: Gate,
    /// How many have begun so far.
    pub begun: Arc<AtomicUsize>,
    under_way: VecDeque<Record>,
}

impl Pipelined {
    /// One before `journal`.
    pub fn new(journal: Box<dyn Journal>, depth: usize, gate: Gate) -> Self {
        Self { journal, depth, gate, begun: Arc::default(), under_way: VecDeque::new() }
    }
}

impl Journal for Pipelined {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.journal.claim()
    }
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        self.begin_append(record)?;
        self.end_append(true).map(drop)
    }
    fn depth(&self) -> usize {
        self.depth
    }
    fn begin_append(&mut self, record: &Record) -> Result<(), StoreError> {
        assert!(self.under_way.len() < self.depth, "no more are begun than may be under way");
        self.under_way.push_back(record.clone());
        self.begun.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
    fn end_append(&mut self, wait: bool) -> Result<bool, StoreError> {
        if !wait && !self.gate.is_open() {
            return Ok(false);
        }
        self.gate.pass();
        let record = self.under_way.pop_front().expect("only what was begun is waited for");
        self.journal.append(&record).map(|()| true)
    }
    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        self.journal.last()
    }
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.journal.read(from, limit)
    }
}

/// A table writer that waits at a gate before each time it writes.
pub struct Slow(pub Box<dyn TableWriter>, pub Gate);

impl TableWriter for Slow {
    fn claim(&mut self, epoch: Epoch) -> Result<(), StoreError> {
        self.0.claim(epoch)
    }
    fn applied(&mut self) -> Result<Applied, StoreError> {
        self.0.applied()
    }
    fn apply(
        &mut self,
        changes: &mut [Change<'_>],
        trail: &mut [(u64, u64)],
        applied: Applied,
    ) -> Result<(), StoreError> {
        self.1.pass();
        self.0.apply(changes, trail, applied)
    }
}

/// A journal that takes so many records and then no more.
pub struct Broken(pub Box<dyn Journal>, pub usize);

impl Journal for Broken {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.0.claim()
    }
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        match self.1.checked_sub(1) {
            Some(left) => {
                self.1 = left;
                self.0.append(record)
            }
            None => {
                let source = std::io::Error::other("the disk does not answer");
                let source = Box::new(StoreError::Directory { dir: "data".into(), source });
                Err(StoreError::Unknown { seq: record.seq, source })
            }
        }
    }
    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        self.0.last()
    }
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.0.read(from, limit)
    }
    fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.0.checkpoint()
    }
}

/// A journal that takes so many records, until somebody else takes it over.
pub struct TakenOver(pub Box<dyn Journal>, pub usize);

impl Journal for TakenOver {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.0.claim()
    }
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        let Some(left) = self.1.checked_sub(1) else {
            return Err(StoreError::Fenced { held: Epoch(1), found: Epoch(2) });
        };
        self.1 = left;
        self.0.append(record)
    }
    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        self.0.last()
    }
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.0.read(from, limit)
    }
    fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.0.checkpoint()
    }
}

/// A journal whose log the disk does not take over into its file.
pub struct Unfolded(pub Box<dyn Journal>);

impl Journal for Unfolded {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.0.claim()
    }
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        self.0.append(record)
    }
    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        self.0.last()
    }
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.0.read(from, limit)
    }
    fn checkpoint(&mut self) -> Result<(), StoreError> {
        let source = std::io::Error::other("the disk says no");
        Err(StoreError::Directory { dir: "data".into(), source })
    }
}

/// A reader that counts the keys it is asked for.
#[derive(Debug)]
pub struct Counting<R>(pub R, pub Arc<AtomicUsize>);

impl<R: TableReader> TableReader for Counting<R> {
    fn hold_still(&mut self) -> Result<(), StoreError> {
        self.0.hold_still()
    }
    fn let_go(&mut self) -> Result<(), StoreError> {
        self.0.let_go()
    }
    fn load(&mut self, table: &'static Table, keys: &[KeyValue]) -> Result<Vec<Box<dyn Any + Send>>, StoreError> {
        self.1.fetch_add(keys.len(), Ordering::SeqCst);
        self.0.load(table, keys)
    }
    fn highest(&mut self, table: &'static Table) -> Result<Vec<u64>, StoreError> {
        self.0.highest(table)
    }
    fn find(&mut self, find: &AnyFind) -> Result<Vec<Box<dyn Any + Send>>, StoreError> {
        self.0.find(find)
    }
    fn count(&mut self, find: &AnyFind) -> Result<u64, StoreError> {
        self.0.count(find)
    }
    fn each_of(&mut self, find: &AnyFind, terms: &[AnyTerm], take: Take<'_>) -> Result<(), StoreError> {
        self.0.each_of(find, terms, take)
    }
    fn applied(&mut self) -> Result<Applied, StoreError> {
        self.0.applied()
    }
    fn trail(&mut self, subject: u64, last: u64) -> Result<Vec<u64>, StoreError> {
        self.0.trail(subject, last)
    }
}
