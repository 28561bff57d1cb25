//! Connections to the files of a store: to write, to read while somebody writes, and to read what nobody has open.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::trying::{Trying, is_damage};
use super::wal;
use crate::StoreError;

/// Statements kept prepared on a connection: two for each table, and some for lists.
const STATEMENTS: usize = 128;
/// How long a statement waits for another connection's lock, in milliseconds.
const BUSY_MS: u64 = 10_000;
/// SQLite's file system without locks and without shared memory.
const UNLOCKED: &std::ffi::CStr = c"unix-none";

/// Opens `file` to write, or to read while another process may write. No connection folds the log into the file when it closes, as
/// SQLite would: what is done with a log is decided when the store is opened, and when it is closed for good.
pub fn connect(file: &Path, write: bool) -> Result<Connection, StoreError> {
    let what = what(file);
    let mode = if write {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let connection = Connection::open_with_flags(file, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).trying(&what)?;
    keep_log(&connection, true).trying(&what)?;
    look_at(file, &connection)?;
    if write {
        connection.pragma_update(None, "journal_mode", "WAL").trying(&what)?;
    }
    Ok(connection)
}

/// Whether the log stays as it is when the last connection closes.
pub fn keep_log(connection: &Connection, kept: bool) -> rusqlite::Result<bool> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, kept)
}

/// Opens `file` to read, without a change to any file, not even to the shared memory beside it. Nobody may write meanwhile.
pub fn still(file: &Path) -> Result<Connection, StoreError> {
    let what = what(file);
    let mode = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let has_log = std::fs::metadata(wal::of(file)).is_ok_and(|log| log.len() > 0);
    let connection = if has_log {
        let connection = Connection::open_with_flags_and_vfs(file, mode, UNLOCKED).trying(&what)?;
        keep_log(&connection, true).trying(&what)?;
        // By itself alone, so that the index of the log is in memory and not in a file.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE").trying(&what)?;
        connection
    } else {
        // Without a log SQLite would make one.
        Connection::open_with_flags(unchanging(file), mode | OpenFlags::SQLITE_OPEN_URI).trying(&what)?
    };
    look_at(file, &connection)?;
    Ok(connection)
}

/// The address of a file that nobody changes.
fn unchanging(file: &Path) -> String {
    let mut address = "file:".to_owned();
    for byte in file.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                address.push(char::from(*byte))
            }
            other => address += &format!("%{other:02X}"),
        }
    }
    address + "?immutable=1"
}

fn what(file: &Path) -> String {
    format!("to open {}", file.display())
}

/// Reads the first page, and refuses a file that is no database.
fn look_at(file: &Path, connection: &Connection) -> Result<(), StoreError> {
    if let Err(error) = connection.pragma_query_value(None, "schema_version", |_| Ok(())) {
        return Err(if is_damage(&error) {
            StoreError::DamagedFile { file: file.to_owned(), why: error.to_string() }
        } else {
            StoreError::refused(&what(file), error)
        });
    }
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A statement is planned once. Otherwise SQLite plans some of them anew for each value that they are given.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).trying(&what(file))?;
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS)).trying(&what(file))
}
