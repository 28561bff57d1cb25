//! A store of two SQLite files: `journal.db`, synced at each append, and `tables.db`, which is not and need not be.

mod connect;
mod directory;
mod epoch;
mod identity;
mod journal;
mod log;
mod maintenance;
mod migrate;
mod opening;
mod private;
mod read_only;
mod reader;
mod sound;
mod statement;
mod trying;
mod values;
mod wal;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use directory::{Lock, is_in_use};
pub use journal::SqliteJournal;
pub use maintenance::{Differences, archive, backup, compare, compare_trail};
pub use read_only::{ReadOnlyStore, TemporaryTables};
pub use reader::SqliteReader;
pub use writer::SqliteWriter;

use connect::connect;

use crate::{Identity, Migration, Pool, StoreError};

const JOURNAL: &str = "journal.db";
const TABLES: &str = "tables.db";

/// A store that is open for writing, by this process alone.
#[derive(Debug)]
pub struct SqliteStore {
    dir: PathBuf,
    identity: Identity,
    /// Whether an append failed.
    failed: Arc<AtomicBool>,
    set_aside: Option<PathBuf>,
    /// Held as long as the store is open.
    _lock: Lock,
}

impl SqliteStore {
    /// Opens the store in `dir`, makes it if there is none, and brings its tables to the newest of `migrations`. What it finds is on the
    /// disk then, not only in the page cache.
    ///
    /// # Errors
    /// If the directory is in use, not writable, damaged, not whole, or of a newer version, or is a backup. Nothing is changed then.
    pub fn open(dir: &Path, migrations: &[Migration]) -> Result<Self, StoreError> {
        directory::refuse_backup(dir)?;
        directory::refuse_half_restored(dir, JOURNAL)?;
        sound::has_journal(dir)?;
        let lock = Lock::take(dir)?;
        directory::refuse_half_restored(dir, JOURNAL)?;
        sound::verify(dir, migrations)?;
        let (identity, set_aside) = opening::open(dir, migrations)?;
        Ok(Self { dir: dir.to_owned(), identity, failed: Arc::default(), set_aside, _lock: lock })
    }

    /// Who it is to others.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The copy of a write-ahead log whose end was torn, if there was one: who can tell that it was no power cut may need it.
    pub fn set_aside(&self) -> Option<&Path> {
        self.set_aside.as_deref()
    }

    /// Brings all into the two files, which are whole then. To be called when nobody appends any more. After an append that failed it
    /// does nothing: that is for the next one who opens the store.
    ///
    /// # Errors
    /// If the disk refuses; nothing is lost then.
    pub fn close(&self) -> Result<(), StoreError> {
        if self.failed.load(Ordering::Acquire) { Ok(()) } else { opening::close(&self.dir) }
    }

    /// The journal, to append to.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn journal(&self) -> Result<SqliteJournal, StoreError> {
        SqliteJournal::telling(connect(&self.dir.join(JOURNAL), true)?, self.failed.clone())
    }

    /// The tables, to be brought up to the journal.
    ///
    /// # Errors
    /// If they cannot be opened.
    pub fn writer(&self) -> Result<SqliteWriter, StoreError> {
        SqliteWriter::new(connect(&self.dir.join(TABLES), true)?)
    }

    /// The tables, to be read.
    ///
    /// # Errors
    /// If they cannot be opened.
    pub fn reader(&self) -> Result<SqliteReader, StoreError> {
        reader(&self.dir)
    }

    /// Readers for everyone else.
    pub fn pool(&self) -> Pool {
        pool(&self.dir)
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // What cannot be done now is done by the next one who opens it.
            let _ = self.close();
        }
    }
}

/// The journal in `dir`, to be read while the shop runs; or when it does not, without a change to any file.
///
/// # Errors
/// If there is none.
pub fn read_journal(dir: &Path) -> Result<SqliteJournal, StoreError> {
    if directory::is_in_use(dir) { live_journal(dir) } else { sound::still_journal(dir) }
}

/// The journal in `dir`, to which somebody may append.
fn live_journal(dir: &Path) -> Result<SqliteJournal, StoreError> {
    let file = dir.join(JOURNAL);
    if file.exists() { SqliteJournal::new(connect(&file, false)?) } else { Err(StoreError::Missing(dir.to_owned())) }
}

/// Who the store in `dir` is to others; `None` if it is from before stores knew. May be asked while the shop runs.
///
/// # Errors
/// If there is none.
pub fn read_identity(dir: &Path) -> Result<Option<Identity>, StoreError> {
    identity::read(read_journal(dir)?.connection())
}

/// The tables in `dir`, to be read while the shop runs; or when it does not, without a change to any file.
///
/// # Errors
/// If there are none.
pub fn reader(dir: &Path) -> Result<SqliteReader, StoreError> {
    let file = dir.join(TABLES);
    let connection = match directory::is_in_use(dir) {
        false => sound::still_tables(dir)?,
        true => file.exists().then(|| connect(&file, false)).transpose()?,
    };
    connection.map(SqliteReader::new).ok_or_else(|| StoreError::Missing(dir.to_owned()))
}

/// Readers of the tables in `dir`.
pub fn pool(dir: &Path) -> Pool {
    let dir = dir.to_owned();
    Pool::of_local(Box::new(move || Ok(Box::new(reader(&dir)?))))
}
