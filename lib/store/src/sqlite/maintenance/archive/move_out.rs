//! Moves the older part of a journal into segments, also of a shop that runs.
//!
//! A segment is whole, verified and synced before the journal says that it is there; only then are its records deleted from the
//! journal's own file, a few at a time. Wherever that is interrupted, each record is in one of the two, and the next time goes on.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{DIR, Segment, Segments, held};
use crate::sqlite::connect::{connect, still};
use crate::sqlite::journal::{MIGRATIONS, insert, rows};
use crate::sqlite::maintenance::backup::{self, BackupError};
use crate::sqlite::trying::Trying;
use crate::sqlite::{JOURNAL, Lock, SqliteJournal, TABLES, migrate, opening, read_journal};
use crate::{Journal, Record, StoreError};

/// About so many bytes of records are in a segment: as much as is copied to another disk in some seconds.
pub const SEGMENT_BYTES: u64 = 256 << 20;
/// How many records are read at a time: a short read, so that the shop can go on with its write-ahead log.
const RECORDS: usize = 64;
/// How many bytes of records are deleted in one transaction. A running shop waits for that before it can append.
const DELETED_BYTES: i64 = 4 << 20;
/// How the name of a file ends that is not a segment yet.
const UNFINISHED: &str = ".unfinished";

/// Which records are to be moved.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'a> {
    /// The store's directory.
    pub dir: &'a Path,
    /// Only records made before this moment, in milliseconds since the Unix epoch.
    pub before_ms: u64,
    /// About so many bytes of records in a segment; [`SEGMENT_BYTES`] unless tests want less.
    pub segment_bytes: u64,
}

/// What was moved.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct MovedOut {
    /// The new segments.
    pub segments: Vec<Segment>,
    /// How many bytes of the journal's own file can be used again.
    pub free_bytes: u64,
}

/// Moves records into segments, the oldest first. At least one record stays in the journal's own file, and all that the tables do not
/// contain yet. `progress` is told the record reached and the last one to be moved. Works while the shop runs, and when it does not.
///
/// # Errors
/// If the journal is damaged, or a file cannot be written. Nothing is lost then: what was moved is moved, the rest is where it was.
pub fn move_out(selected: &Selection<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<MovedOut, BackupError> {
    let dir = selected.dir;
    drop(read_journal(dir)?);
    let _alone = Lock::take(&dir.join(DIR))?;
    // Nobody else may open the store meanwhile, unless it is open already: then its shop sees to the journal's write-ahead log.
    let lock = match Lock::take(dir) {
        Err(StoreError::InUse(_)) => None,
        taken => Some(taken?),
    };
    if lock.is_some() {
        opening::journal(dir)?;
    }
    // With the directory taken, as the journal of somebody who writes: of this process, or of the shop.
    let mut source = read_journal(dir)?;
    let mut journal = connect(&dir.join(JOURNAL), true)?;
    if lock.is_none() {
        journal.pragma_update(None, "wal_autocheckpoint", 0).trying("to leave the write-ahead log to the shop")?;
    }
    journal.pragma_update(None, "synchronous", "FULL").trying("synchronous changes")?;
    migrate::refuse_newer(dir, &journal, MIGRATIONS)?;
    migrate::run(&mut journal, MIGRATIONS)?;
    let known = Segments::all(&journal)?;
    let mut next = known.last().map_or(1, |segment| segment.last + 1);
    delete_upto(&journal, next - 1)?;
    let mut moved = MovedOut::default();
    let upto = last_before(&journal, dir, selected.before_ms)?;
    while next <= upto {
        let segment = write(selected, &mut source, next, upto, progress)?;
        segment.note(&journal)?;
        delete_upto(&journal, segment.last)?;
        next = segment.last + 1;
        moved.segments.push(segment);
    }
    moved.free_bytes = held(dir)?.free_bytes;
    if lock.is_some() {
        drop((source, journal));
        opening::close(dir)?;
    }
    Ok(moved)
}

/// The last record that may be moved; zero if none may.
fn last_before(journal: &Connection, dir: &Path, before_ms: u64) -> Result<u64, StoreError> {
    let what = "to look for records to be moved";
    let before = i64::try_from(before_ms).unwrap_or(i64::MAX);
    let newer = "SELECT coalesce(min(seq), max(0, (SELECT max(seq) FROM journal))) FROM journal WHERE at >= ?1";
    let newer: Option<u64> = journal.query_row(newer, [before], |row| row.get(0)).trying(what)?;
    let tables = connect(&dir.join(TABLES), false)?;
    let applied: u64 = tables.query_row("SELECT seq FROM applied", (), |row| row.get(0)).trying(what)?;
    Ok(newer.unwrap_or(0).saturating_sub(1).min(applied))
}

/// Writes one segment, from the record `first` on, and none beyond `upto`.
fn write(
    selected: &Selection<'_>,
    source: &mut SqliteJournal,
    first: u64,
    upto: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Segment, BackupError> {
    let archive = selected.dir.join(DIR);
    let growing = archive.join(format!("{JOURNAL}{UNFINISHED}"));
    remove(&growing)?;
    let before = source.sum_before(first)?.unwrap_or_default();
    let (mut next, mut bytes, mut span, mut sum) = (first, 0, None, before);
    let mut copy = backup::unshared(&growing)?;
    migrate::run(&mut copy, MIGRATIONS)?;
    while next <= upto && bytes < selected.segment_bytes {
        let wanted = usize::try_from(upto - next + 1).unwrap_or(RECORDS).min(RECORDS);
        let records = source.read(next, wanted)?;
        let part = copy.transaction().trying("to write a segment")?;
        for record in &records {
            insert(&part, record)?;
            bytes += record.body.len() as u64;
            span = Some((span.map_or(record.at, |(from, _)| from), record.at));
            (next, sum) = (record.seq + 1, record.sum);
        }
        part.commit().trying("to write a segment")?;
        progress(next - 1, upto);
    }
    drop(copy);
    backup::as_one_file(&growing)?;
    let last = next - 1;
    verify(&growing, first, last, before, sum)?;
    let file = format!("journal-{first:012}-{last:012}.db");
    let path = archive.join(&file);
    backup::sync(&growing)?;
    std::fs::rename(&growing, &path).map_err(|source| BackupError::File { path: path.clone(), source })?;
    backup::sync(&archive)?;
    backup::sync(selected.dir)?;
    let noted = backup::note(&archive, &file)?;
    let span = span.unwrap_or_default();
    Ok(Segment { first, last, before, sum, span, file, bytes: noted.bytes, sha256: noted.sha256 })
}

/// Reads the file that is to be a segment as everybody will.
fn verify(file: &Path, first: u64, last: u64, before: u32, sum: u32) -> Result<(), BackupError> {
    let copy = still(file)?;
    let (mut next, mut previous) = (first, before);
    while next <= last {
        let records: Vec<Record> = rows(&copy, next, RECORDS, Some(previous))?;
        let Some(newest) = records.last() else { break };
        (next, previous) = (newest.seq + 1, newest.sum);
    }
    if next == last + 1 && previous == sum {
        return Ok(());
    }
    Err(BackupError::Unsound(format!("{} does not end at record {last}", file.display())))
}

/// Deletes from the journal's own file all records up to `last`, which are in segments.
fn delete_upto(journal: &Connection, last: u64) -> Result<(), StoreError> {
    let what = "to delete what is archived";
    let some = "DELETE FROM journal WHERE seq <= (
        SELECT max(seq) FROM (
            SELECT seq, sum(bytes) OVER (ORDER BY seq) - bytes AS before
            FROM (SELECT seq, length(body) AS bytes FROM journal WHERE seq <= ?1 ORDER BY seq LIMIT 1024))
        WHERE before < ?2)";
    let mut statement = journal.prepare(some).trying(what)?;
    while statement.execute((last, DELETED_BYTES)).trying(what)? > 0 {}
    Ok(())
}

fn remove(file: &PathBuf) -> Result<(), BackupError> {
    match std::fs::remove_file(file) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(BackupError::File { path: file.clone(), source })
        }
        _ => Ok(()),
    }
}
