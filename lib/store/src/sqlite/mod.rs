//! A store of two SQLite files: `journal.db`, synced at each append, and `tables.db`, which is not and need not be.

pub mod archive;
pub mod backup;
mod directory;
mod identity;
mod journal;
mod migrate;
mod reader;
mod values;
mod writer;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

pub use directory::Lock;
pub use journal::SqliteJournal;
pub use reader::SqliteReader;
pub use writer::SqliteWriter;

use crate::error::{Trying, is_damage};
use crate::{Identity, Migration, Pool, StoreError};

const JOURNAL: &str = "journal.db";
const TABLES: &str = "tables.db";
/// Statements kept prepared on a connection: two for each table, and some for lists.
const STATEMENTS: usize = 128;
/// How long a statement waits for another connection's lock, in milliseconds.
const BUSY_MS: u64 = 10_000;

/// A store that is open for writing, by this process alone.
#[derive(Debug)]
pub struct SqliteStore {
    dir: PathBuf,
    identity: Identity,
    /// Held as long as the store is open.
    _lock: Lock,
}

impl SqliteStore {
    /// Opens the store in `dir`, makes it if there is none, and brings its tables to the newest of `migrations`.
    ///
    /// # Errors
    /// If the directory is in use, not writable, or of a newer version. Nothing is changed then.
    pub fn open(dir: &Path, migrations: &[Migration]) -> Result<Self, StoreError> {
        let lock = Lock::take(dir)?;
        directory::refuse_half_restored(dir, JOURNAL)?;
        let mut journal = connect(&dir.join(JOURNAL), true)?;
        let mut tables = connect(&dir.join(TABLES), true)?;
        migrate::refuse_newer(dir, &journal, journal::MIGRATIONS)?;
        migrate::refuse_newer(dir, &tables, migrations)?;
        migrate::run(&mut journal, journal::MIGRATIONS)?;
        migrate::run(&mut tables, writer::MIGRATIONS)?;
        migrate::run(&mut tables, migrations)?;
        let identity = identity::ensure(&journal)?;
        Ok(Self { dir: dir.to_owned(), identity, _lock: lock })
    }

    /// Who it is to others.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The journal, to append to.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn journal(&self) -> Result<SqliteJournal, StoreError> {
        SqliteJournal::new(connect(&self.dir.join(JOURNAL), true)?)
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

    /// Makes the journal's own file as small as what is in it, and gives its size before and after, in bytes. Needs as much room again
    /// while it works.
    ///
    /// # Errors
    /// If there is no store in `dir`, it is in use, or there is no room.
    pub fn compact_journal(dir: &Path) -> Result<(u64, u64), StoreError> {
        let before = archive::held(dir)?.bytes;
        let _lock = Lock::take(dir)?;
        let what = "to compact the journal";
        let journal = connect(&dir.join(JOURNAL), true)?;
        journal.execute_batch("VACUUM").trying(what)?;
        journal.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get::<_, i64>(0)).trying(what)?;
        Ok((before, archive::held(dir)?.bytes))
    }

    /// Deletes all tables, so that the next start builds them anew from the journal.
    ///
    /// # Errors
    /// If the files cannot be removed.
    pub fn forget_tables(dir: &Path) -> Result<(), StoreError> {
        let _lock = Lock::take(dir)?;
        for suffix in ["", "-wal", "-shm"] {
            match std::fs::remove_file(dir.join(format!("{TABLES}{suffix}"))) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::Directory { dir: dir.to_owned(), source });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The journal in `dir`, to be read while the shop runs.
///
/// # Errors
/// If there is none.
pub fn read_journal(dir: &Path) -> Result<SqliteJournal, StoreError> {
    let file = dir.join(JOURNAL);
    if !file.exists() {
        return Err(StoreError::Missing(dir.to_owned()));
    }
    SqliteJournal::new(connect(&file, false)?)
}

/// Who the store in `dir` is to others; `None` if it is from before stores knew. May be asked while the shop runs.
///
/// # Errors
/// If there is none.
pub fn read_identity(dir: &Path) -> Result<Option<Identity>, StoreError> {
    let file = dir.join(JOURNAL);
    if !file.exists() {
        return Err(StoreError::Missing(dir.to_owned()));
    }
    identity::read(&connect(&file, false)?)
}

/// The tables in `dir`, to be read while the shop runs.
///
/// # Errors
/// If there are none.
pub fn reader(dir: &Path) -> Result<SqliteReader, StoreError> {
    let file = dir.join(TABLES);
    if !file.exists() {
        return Err(StoreError::Missing(dir.to_owned()));
    }
    Ok(SqliteReader::new(connect(&file, false)?))
}

/// Readers of the tables in `dir`.
pub fn pool(dir: &Path) -> Pool {
    let dir = dir.to_owned();
    Pool::new(Box::new(move || Ok(Box::new(reader(&dir)?))))
}

fn connect(file: &Path, write: bool) -> Result<Connection, StoreError> {
    let what = format!("to open {}", file.display());
    let mode = if write {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let connection = Connection::open_with_flags(file, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).trying(&what)?;
    if let Err(error) = connection.pragma_query_value(None, "schema_version", |_| Ok(())) {
        return Err(if is_damage(&error) {
            StoreError::DamagedFile { file: file.to_owned(), why: error.to_string() }
        } else {
            StoreError::Sql { what, source: error }
        });
    }
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS)).trying(&what)?;
    if write {
        connection.pragma_update(None, "journal_mode", "WAL").trying(&what)?;
    }
    Ok(connection)
}
