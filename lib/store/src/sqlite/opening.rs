//! Opens a store to write. What is found is looked at first; then what is built upon is put on the disk, and only then anything is read.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::connect::{connect, keep_log};
use super::trying::Trying;
use super::{JOURNAL, TABLES, identity, journal, migrate, private, sound, wal, writer};
use crate::{Identity, Journal, Migration, StoreError};

/// How long a store that closes waits for those who read it, in milliseconds.
const CLOSING_MS: u64 = 200;

/// Brings the store in `dir`, which was found sound, to where it can be written. Gives who it is, and the copy of a torn log, if one was
/// made.
pub fn open(dir: &Path, migrations: &[Migration]) -> Result<(Identity, Option<PathBuf>), StoreError> {
    let refused = |source| StoreError::Directory { dir: dir.to_owned(), source };
    let journal = journal(dir)?;
    put_on_disk(dir, TABLES)?;
    private::create_file(&dir.join(TABLES)).map_err(refused)?;
    let mut tables = connect(&dir.join(TABLES), true)?;
    migrate::run(&mut tables, writer::MIGRATIONS)?;
    migrate::run(&mut tables, migrations)?;
    private::sync(dir).map_err(refused)?;
    Ok(journal)
}

/// The same for the journal alone.
pub fn journal(dir: &Path) -> Result<(Identity, Option<PathBuf>), StoreError> {
    let refused = |source| StoreError::Directory { dir: dir.to_owned(), source };
    let set_aside = set_aside(dir)?;
    put_on_disk(dir, JOURNAL)?;
    private::create_file(&dir.join(JOURNAL)).map_err(refused)?;
    let mut journal = connect(&dir.join(JOURNAL), true)?;
    fold(dir, &journal)?;
    migrate::run(&mut journal, journal::MIGRATIONS)?;
    let identity = identity::ensure(&journal)?;
    private::sync(dir).map_err(refused)?;
    // Not before the name of the log is on the disk: from here on the journal is not whole without it.
    sound::note_in_use(&journal, true).trying("to note that the journal is in use")?;
    fold(dir, &journal)?;
    Ok((identity, set_aside))
}

/// Puts on the disk what is sound in the log of the file `name`.
fn put_on_disk(dir: &Path, name: &str) -> Result<(), StoreError> {
    let refused = |source| StoreError::Directory { dir: dir.to_owned(), source };
    let log = wal::of(&dir.join(name));
    let scan = wal::scan(&log).map_err(refused)?;
    wal::put_on_disk(&log, scan.sound).map_err(refused)
}

/// Closes the store in `dir`: all that is in the logs is in the files then, and these are whole without them.
pub fn close(dir: &Path) -> Result<(), StoreError> {
    let what = "to close the store";
    for name in [TABLES, JOURNAL] {
        let file = dir.join(name);
        if !file.exists() {
            continue;
        }
        let connection = connect(&file, true)?;
        connection.busy_timeout(std::time::Duration::from_millis(CLOSING_MS)).trying(what)?;
        if name == JOURNAL {
            sound::note_in_use(&connection, false).trying(what)?;
        }
        // Where somebody still reads, the log stays, and is needed.
        if truncate(&connection)? {
            keep_log(&connection, false).trying(what)?;
        }
    }
    Ok(())
}

/// Brings all that is in the log over into the file, durably, and empties the log.
fn fold(dir: &Path, connection: &Connection) -> Result<(), StoreError> {
    if truncate(connection)? { Ok(()) } else { Err(StoreError::Read(dir.to_owned())) }
}

fn truncate(connection: &Connection) -> Result<bool, StoreError> {
    let what = "to bring a write-ahead log over into its file";
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0)).trying(what)?;
    Ok(busy == 0)
}

/// Keeps a copy of a journal's log that a power cut tore, under a name of its own, before it begins anew: what is torn was promised to
/// nobody, but it cannot be told from a last transaction that was damaged later.
fn set_aside(dir: &Path) -> Result<Option<PathBuf>, StoreError> {
    let refused = |source| StoreError::Directory { dir: dir.to_owned(), source };
    let log = wal::of(&dir.join(JOURNAL));
    if wal::scan(&log).map_err(refused)?.damage.is_none() {
        return Ok(None);
    }
    let last = sound::still_journal(dir)?.last()?.map_or(0, |record| record.seq);
    let copy = dir.join(format!("{JOURNAL}-wal.torn-after-{last}"));
    if !copy.exists() {
        let unfinished = dir.join(format!("{JOURNAL}-wal.torn"));
        private::copy(&log, &unfinished).map_err(refused)?;
        std::fs::rename(&unfinished, &copy).map_err(refused)?;
        private::sync(dir).map_err(refused)?;
    }
    Ok(Some(copy))
}
