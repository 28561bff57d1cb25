//! The store of a stopped shop, or a backup, to be read: not a byte of it changes. Where the tables lack what the journal has, or have an
//! older form, a copy of them is brought forward, which goes with this.

use std::path::Path;

use contracts::Message;
use engine::Tables;
use store::sqlite::{ReadOnlyStore, SqliteJournal, SqliteReader, TemporaryTables};
use store::{Epoch, Journal, Record, StoreError, last_followed};

use super::Progress;

/// A store that is read, and that nobody changes meanwhile.
pub struct OfflineView {
    store: ReadOnlyStore,
    /// Its journal.
    pub journal: SqliteJournal,
    copy: Option<TemporaryTables>,
}

impl OfflineView {
    /// Opens the store in `dir`.
    ///
    /// # Errors
    /// If there is none, or it is in use, not whole, or of a newer version.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let store = ReadOnlyStore::open(dir, &host::migrations())?;
        let journal = store.journal()?;
        Ok(Self { store, journal, copy: None })
    }

    /// Its tables, up to its journal.
    ///
    /// # Errors
    /// If the journal is damaged, the tables are not its, or there is no room for a copy of them.
    pub fn tables(&mut self) -> Result<SqliteReader, StoreError> {
        let migrations = host::migrations();
        if let Some(applied) = self.store.applied(&migrations)? {
            let last = last_followed(&mut self.journal, applied)?;
            if last.is_none_or(|last| last.seq == applied.seq) {
                return self.store.reader();
            }
        }
        let copy = self.copy.insert(self.store.copied(&migrations)?);
        forward(&mut self.journal, copy, "bringing a copy of the tables up to the journal")?;
        copy.reader()
    }

    /// The files themselves.
    pub fn files(&self) -> &ReadOnlyStore {
        &self.store
    }
}

/// Brings `tables` up to `journal`, and tells of it as `doing`.
///
/// # Errors
/// If the journal is damaged, or there is no room.
pub fn forward(journal: &mut dyn Journal, tables: &TemporaryTables, doing: &'static str) -> Result<(), StoreError> {
    let mut progress = Progress::of(doing);
    let mut told = |at, last| progress.at(at, last);
    let done =
        engine::bring_forward::<Message>(journal, &Tables::new(host::tables()), &mut tables.writer()?, &mut told);
    progress.end();
    done.map(drop)
}

/// A journal as it was when its last record was `last`.
pub struct JournalPrefix<'j> {
    /// It.
    pub journal: &'j mut dyn Journal,
    /// That record; zero for an empty journal.
    pub last: u64,
}

impl Journal for JournalPrefix<'_> {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        Err(past(self.last))
    }

    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        Err(past(record.seq))
    }

    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        if self.last == 0 { Ok(None) } else { Ok(self.journal.read(self.last, 1)?.pop()) }
    }

    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let left = (self.last + 1).saturating_sub(from);
        let limit = limit.min(usize::try_from(left).unwrap_or(usize::MAX));
        if limit == 0 { Ok(Vec::new()) } else { self.journal.read(from, limit) }
    }
}

fn past(seq: u64) -> StoreError {
    StoreError::Damaged { seq, why: "the past cannot be appended to".to_owned() }
}
