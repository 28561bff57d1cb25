//! A store in memory, for simulations and for tests in which the store is not what is tested. It survives whoever uses it, as a disk
//! would, and nothing else.

mod condition;
mod journal;
mod reader;
mod tables;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};

pub use journal::MemoryJournal;
pub use reader::MemoryReader;
pub use writer::MemoryWriter;

use journal::Kept;
use tables::Tables;

use crate::{Pool, TableReader};

/// A store in memory. Clones are the same store.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    journal: Arc<Mutex<Kept>>,
    tables: Shared,
}

/// The tables as they are now: who reads as of one moment keeps those of that moment.
type Shared = Arc<Mutex<Arc<Tables>>>;

impl MemoryStore {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// The journal, to append to and to be read.
    pub fn journal(&self) -> MemoryJournal {
        MemoryJournal::of(self.journal.clone())
    }

    /// The tables, to be brought up to the journal.
    pub fn writer(&self) -> MemoryWriter {
        MemoryWriter::of(self.tables.clone())
    }

    /// The tables, to be read.
    pub fn reader(&self) -> MemoryReader {
        MemoryReader::of(self.tables.clone())
    }

    /// Readers for everyone else.
    pub fn pool(&self) -> Pool {
        let tables = self.tables.clone();
        Pool::new(Box::new(move || Ok(Box::new(MemoryReader::of(tables.clone())) as Box<dyn TableReader>)))
    }

    /// Deletes all tables, so that they are built anew from the journal.
    pub fn forget_tables(&self) {
        *self.tables.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }
}
