//! Copies the files of a store that may be running.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::error::{At, BackupError};
use super::{FileNote, files};
use crate::sqlite::connect::{connect, still};
use crate::sqlite::maintenance::archive::{self, Segment};
use crate::sqlite::trying::Trying;
use crate::sqlite::{SqliteJournal, epoch, identity, journal, migrate, private};
use crate::{Identity, Journal, Migration, Record, StoreError};

/// How many records are read at a time. A short read: as long as somebody reads, the shop cannot reuse its write-ahead log.
const RECORDS: usize = 64;
/// How many pages of the tables are copied before they are synced: of 4 KiB each, as much as [`files::UNSYNCED_BYTES`].
const PAGES: i32 = (files::UNSYNCED_BYTES >> 12) as i32;

/// Copies the tables `from` to the new file `to`, as they are at one moment. Gives the last record that they contain.
///
/// This is one read from beginning to end: tables change everywhere, so a copy in parts would not be one moment's. As long as it
/// lasts the tables' write-ahead log grows; the journal's does not.
pub(super) fn tables(
    from: &Path,
    to: &Path,
    dir: &Path,
    known: &[Migration],
    is_live: bool,
) -> Result<u64, BackupError> {
    let what = "to copy the tables";
    let source = if is_live { connect(from, false) } else { still(from) }?;
    migrate::refuse_newer(dir, &source, known)?;
    source.execute_batch("BEGIN").trying(what)?;
    let applied = source.query_row("SELECT seq FROM applied", (), |row| row.get(0)).trying(what)?;
    let mut copy = unshared(to)?;
    let file = File::open(to).at(to)?;
    let steps = Backup::new(&source, &mut copy).trying(what)?;
    while steps.step(PAGES).trying(what)? != StepResult::Done {
        file.sync_data().at(to)?;
    }
    drop(steps);
    drop(copy);
    as_one_file(to)?;
    Ok(applied)
}

/// Copies all records that are durable now and not in the segments `archived`, in short reads: records are only ever added; whose they
/// are; and which are in segments. Gives the last one.
pub(super) fn records(
    from: &mut SqliteJournal,
    to: &Path,
    whose: Option<&Identity>,
    archived: &[Segment],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Option<Record>, BackupError> {
    let what = "to copy the journal";
    let last = from.last()?;
    let mut copy = unshared(to)?;
    migrate::run(&mut copy, journal::MIGRATIONS)?;
    whose.map_or(Ok(()), |whose| identity::write(&copy, whose))?;
    // Read after the tables were copied, so that it is not below theirs.
    epoch::raise(&copy, epoch::read(from.connection())?)?;
    archived.iter().try_for_each(|segment| segment.note(&copy))?;
    let Some(last) = last else { return Ok(None) };
    let file = File::open(to).at(to)?;
    let (mut next, mut unsynced) = (archived.last().map_or(1, |segment| segment.last + 1), 0);
    while next <= last.seq {
        let wanted = usize::try_from(last.seq - next + 1).unwrap_or(RECORDS).min(RECORDS);
        let read = from.read(next, wanted)?;
        let Some(newest) = read.last() else {
            let why = "it is missing".to_owned();
            return Err(StoreError::Damaged { seq: next, why }.into());
        };
        next = newest.seq + 1;
        let part = copy.transaction().trying(what)?;
        read.iter().try_for_each(|record| journal::insert(&part, record))?;
        part.commit().trying(what)?;
        unsynced += read.iter().map(|record| record.body.len() as u64).sum::<u64>();
        if unsynced >= files::UNSYNCED_BYTES {
            unsynced = 0;
            file.sync_data().at(to)?;
        }
        progress(next - 1, last.seq);
    }
    Ok(Some(last))
}

/// Copies those of the segments `archived` of the store `from` that are there into the backup `to`. Gives what was copied.
pub(super) fn segments(from: &Path, to: &Path, archived: &[Segment]) -> Result<Vec<FileNote>, BackupError> {
    let there: Vec<&Segment> = archived.iter().filter(|segment| segment.path(from).exists()).collect();
    if there.is_empty() {
        return Ok(Vec::new());
    }
    let folder = to.join(archive::DIR);
    private::create_dir(&folder).at(&folder)?;
    let mut notes = Vec::new();
    for segment in there {
        let (bytes, sha256) = files::copy(&segment.path(from), &segment.path(to))?;
        if sha256 != segment.sha256 {
            let path = segment.path(from);
            let why = format!("its SHA-256 is {sha256}, but it was archived with {}", segment.sha256);
            return Err(StoreError::DamagedFile { file: path, why }.into());
        }
        notes.push(FileNote { name: format!("{}/{}", archive::DIR, segment.file), bytes, sha256 });
    }
    files::sync(&folder)?;
    Ok(notes)
}

/// Whether the database `file` is sound, as far as its driver can tell.
pub(super) fn check(file: &Path) -> Result<(), BackupError> {
    let what = format!("to check {}", file.display());
    let copy = still(file)?;
    let found: String = copy.query_row("PRAGMA quick_check(1)", (), |row| row.get(0)).trying(&what)?;
    if found == "ok" { Ok(()) } else { Err(BackupError::Unsound(format!("{}: {found}", file.display()))) }
}

/// A database that nobody else sees: without a rollback journal, and synced by hand.
pub(in crate::sqlite) fn unshared(file: &Path) -> Result<Connection, StoreError> {
    let what = format!("to make {}", file.display());
    let refused = |source| StoreError::Directory { dir: file.to_owned(), source };
    private::create_file(file).map_err(refused)?;
    let mode = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, mode).trying(&what)?;
    connection.pragma_update(None, "journal_mode", "OFF").trying(&what)?;
    connection.pragma_update(None, "synchronous", "OFF").trying(&what)?;
    Ok(connection)
}

/// Takes from a copied file the note that a write-ahead log belongs to it, so that it can be read where nothing may be written.
pub(in crate::sqlite) fn as_one_file(file: &Path) -> Result<(), StoreError> {
    let what = format!("to close {}", file.display());
    let connection = Connection::open(file).trying(&what)?;
    connection.busy_timeout(Duration::from_secs(1)).trying(&what)?;
    connection.pragma_update(None, "journal_mode", "DELETE").trying(&what)
}
