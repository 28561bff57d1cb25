//! The engines, each with the same tables.

use postgres::PostgresStore;
use store::memory::MemoryStore;
use store::sqlite::SqliteStore;
use store::{Journal, TableReader, TableWriter};
use tempfile::TempDir;

use crate::given::MIGRATIONS;

/// An engine with a store that was empty at the beginning.
pub trait Engine {
    /// The journal, as whoever opens it now has it.
    fn journal(&self) -> Box<dyn Journal>;
    /// The tables, to be written.
    fn writer(&self) -> Box<dyn TableWriter>;
    /// The tables, to be read.
    fn reader(&self) -> Box<dyn TableReader>;
}

pub struct Sqlite {
    store: SqliteStore,
    _dir: TempDir,
}

impl Sqlite {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        Self { store: SqliteStore::open(dir.path(), MIGRATIONS).unwrap(), _dir: dir }
    }
}

impl Engine for Sqlite {
    fn journal(&self) -> Box<dyn Journal> {
        Box::new(self.store.journal().unwrap())
    }
    fn writer(&self) -> Box<dyn TableWriter> {
        Box::new(self.store.writer().unwrap())
    }
    fn reader(&self) -> Box<dyn TableReader> {
        Box::new(self.store.reader().unwrap())
    }
}

pub struct Memory(MemoryStore);

impl Memory {
    pub fn new() -> Self {
        Self(MemoryStore::new())
    }
}

impl Engine for Memory {
    fn journal(&self) -> Box<dyn Journal> {
        Box::new(self.0.journal())
    }
    fn writer(&self) -> Box<dyn TableWriter> {
        Box::new(self.0.writer())
    }
    fn reader(&self) -> Box<dyn TableReader> {
        Box::new(self.0.reader())
    }
}

pub struct Postgres(PostgresStore);

impl Postgres {
    pub fn new() -> Self {
        let address = cluster::postgres::shared().database().parse().unwrap();
        Self(PostgresStore::open(&address, MIGRATIONS).unwrap())
    }
}

impl Engine for Postgres {
    fn journal(&self) -> Box<dyn Journal> {
        Box::new(self.0.journal().unwrap())
    }
    fn writer(&self) -> Box<dyn TableWriter> {
        Box::new(self.0.writer().unwrap())
    }
    fn reader(&self) -> Box<dyn TableReader> {
        Box::new(self.0.reader().unwrap())
    }
}
