//! Looks at a store before anything is opened to write, and changes nothing: whether its files are there, belong together, and are what
//! was written.

use std::fs::File;
use std::io::ErrorKind;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::connect::still;
use super::{JOURNAL, SqliteJournal, TABLES, journal, migrate, wal, writer};
use crate::{Migration, StoreError, last_followed};

/// Where in an SQLite file the number stands that its user may set.
const USER_VERSION: u64 = 60;
/// That number in a journal that was opened to write and not closed: its newest records may be in its log.
const IN_USE: u32 = 1;

/// How a rollback journal of SQLite begins once it is synced: <https://www.sqlite.org/fileformat2.html#the_rollback_journal>.
const ROLLBACK: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// Where in it stands how many pages the file had before.
const ROLLBACK_PAGES: Range<usize> = 16..20;

/// Whether there is a journal in `dir`, which may be empty.
///
/// # Errors
/// If there is none, but what only a store has that had one.
pub fn has_journal(dir: &Path) -> Result<bool, StoreError> {
    let (file, tables) = (dir.join(JOURNAL), dir.join(TABLES));
    if length(&file) > 0 {
        return Ok(!is_half_made(&file) || length(&tables) > 0);
    }
    // SQLite would take an empty file for a new one, and delete the log beside it.
    if length(&wal::of(&file)) > 0 || length(&tables) > 0 {
        return Err(StoreError::NoJournal(dir.to_owned()));
    }
    Ok(file.exists())
}

/// The journal in `dir`, which nobody has open. Where its log has a hole, it says so at its end.
pub fn still_journal(dir: &Path) -> Result<SqliteJournal, StoreError> {
    if !has_journal(dir)? {
        return Err(StoreError::Missing(dir.to_owned()));
    }
    let file = dir.join(JOURNAL);
    let log = wal::of(&file);
    refuse_without_log(dir, &file, &log)?;
    let scan = wal::scan(&log).map_err(|source| StoreError::Directory { dir: dir.to_owned(), source })?;
    let cut = scan.damage.filter(|damage| damage.is_hole).map(|damage| {
        let log = log.file_name().unwrap_or_default().display();
        format!("{log} is damaged at byte {}, and whole transactions follow, which were promised", damage.at)
    });
    SqliteJournal::still(dir, still(&file)?, cut)
}

/// The tables in `dir`, which nobody has open; nothing if there are none.
pub fn still_tables(dir: &Path) -> Result<Option<Connection>, StoreError> {
    let file = dir.join(TABLES);
    // What a rollback journal takes back is for who opens them to write; until then their rows are the journal's.
    if length(&file) == 0 || length(&rollback_of(&file)) > 0 { Ok(None) } else { still(&file).map(Some) }
}

/// Refuses a store on which no shop can be opened as it is.
pub fn verify(dir: &Path, migrations: &[Migration]) -> Result<(), StoreError> {
    if !has_journal(dir)? {
        return Ok(());
    }
    let mut journal = still_journal(dir)?;
    migrate::refuse_newer(dir, journal.connection(), journal::MIGRATIONS)?;
    let Some(tables) = still_tables(dir)? else { return Ok(()) };
    if !journal.is_made() {
        return Err(StoreError::NoJournal(dir.to_owned()));
    }
    migrate::refuse_newer(dir, &tables, migrations)?;
    if migrate::are_applied(&tables, writer::WITH_SUM)? {
        last_followed(&mut journal, writer::applied(&tables)?)?;
    }
    Ok(())
}

/// Notes in the journal on `connection` whether it is in use, and so not whole without its log.
pub fn note_in_use(connection: &Connection, in_use: bool) -> rusqlite::Result<()> {
    let noted: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let now = if in_use { IN_USE } else { 0 };
    if noted == now { Ok(()) } else { connection.pragma_update(None, "user_version", now) }
}

/// Refuses a journal that is not whole: in use when it was copied without its log, or when that was deleted.
fn refuse_without_log(dir: &Path, file: &Path, log: &Path) -> Result<(), StoreError> {
    let refused = |source| StoreError::Directory { dir: dir.to_owned(), source };
    let mut noted = [0; 4];
    match File::open(file).and_then(|file| file.read_exact_at(&mut noted, USER_VERSION)) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
        read => read.map_err(refused)?,
    }
    if u32::from_be_bytes(noted) == IN_USE && !log.exists() {
        return Err(StoreError::NoLog(log.to_owned()));
    }
    Ok(())
}

/// Whether the power went while the journal `file` was made. Its first transaction alone has a rollback journal, all others go to the
/// write-ahead log; so nothing was promised yet, and SQLite takes back what there is when it opens the file to write. A restored journal
/// has one, too, when it is opened for the first time: that takes back a note in a file with records.
fn is_half_made(file: &Path) -> bool {
    let mut head = [0; ROLLBACK_PAGES.end];
    let read = File::open(rollback_of(file)).and_then(|rollback| rollback.read_exact_at(&mut head, 0));
    // One that does not begin so is not used: it was not synced, and before it is nothing is written to the file.
    read.is_ok() && head.starts_with(&ROLLBACK) && head[ROLLBACK_PAGES] == [0; 4]
}

fn rollback_of(file: &Path) -> PathBuf {
    let mut rollback = file.as_os_str().to_owned();
    rollback.push("-journal");
    PathBuf::from(rollback)
}

fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |file| file.len())
}
