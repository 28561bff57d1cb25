//! The journal as a table: one insert, one commit, one sync for each record.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, OptionalExtension};

use super::archive::{self, Segments};
use super::epoch;
use super::log::{self, LogPages};
use super::trying::{Trying, is_damage};
use crate::{Epoch, Journal, Migration, Record, StoreError};

pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        context: "journal",
        number: 1,
        sql: "CREATE TABLE journal (
        seq  INTEGER PRIMARY KEY, -- 1, 2, 3 without a gap
        at   INTEGER NOT NULL,    -- when, in milliseconds since 1970
        sum  INTEGER NOT NULL,    -- CRC-32 over the sum before, seq, at and body
        body BLOB NOT NULL        -- what was said and changed
    )",
    },
    super::identity::MIGRATION,
    archive::MIGRATION,
    EPOCH,
];

const EPOCH: Migration = Migration { context: "journal", number: 5, sql: epoch::TABLE };

/// So many bytes of records are read at once, and the rest of the last one.
const READ_BYTES: usize = 8 << 20;

const READ: &str = "to read the journal";

/// The journal in an SQLite file, with the segments into which its older part was moved.
#[derive(Debug)]
pub struct SqliteJournal {
    connection: Connection,
    /// Goes with each append.
    epoch: Epoch,
    archived: Segments,
    /// How much is in its write-ahead log, as far as that is from here.
    pages: LogPages,
    /// Whether an append failed: then nothing may be built upon the log without a close look at it.
    failed: Arc<AtomicBool>,
    /// Whether it was opened as the file of a store that nobody has open.
    still: bool,
    /// Why nobody knows what follows the last record that can be read, if so.
    cut: Option<String>,
    /// Whether it has records at all; not where its making did not end.
    made: bool,
}

impl SqliteJournal {
    pub(super) fn new(connection: Connection) -> Result<Self, StoreError> {
        connection.pragma_update(None, "synchronous", "FULL").trying("synchronous appends")?;
        // By hand: SQLite would not say that it failed.
        connection.pragma_update(None, "wal_autocheckpoint", 0).trying("synchronous appends")?;
        Ok(Self::of(connection))
    }

    /// One to append to, with the epoch that is in it, that tells `failed` when an append fails.
    pub(super) fn telling(connection: Connection, failed: Arc<AtomicBool>) -> Result<Self, StoreError> {
        let epoch = epoch::read(&connection)?;
        Ok(Self { failed, epoch, ..Self::new(connection)? })
    }

    /// The journal of a store that nobody has open, of which `cut` tells why it may go on behind its last record.
    pub(super) fn still(dir: &Path, connection: Connection, cut: Option<String>) -> Result<Self, StoreError> {
        let made = connection.table_exists(None, "journal").trying(READ)?;
        Ok(Self { archived: Segments::of(dir.to_owned()), still: true, cut, made, ..Self::of(connection) })
    }

    fn of(connection: Connection) -> Self {
        let dir = connection.path().and_then(|file| Path::new(file).parent()).unwrap_or(Path::new(".")).to_owned();
        let (archived, pages, failed) = (Segments::of(dir), LogPages::default(), Arc::default());
        Self { connection, epoch: Epoch::default(), archived, pages, failed, still: false, cut: None, made: true }
    }

    /// Whether it was opened as the file of a store that nobody has open: what somebody appends later is not seen.
    pub fn is_still(&self) -> bool {
        self.still
    }

    /// Whether its making ended: it has a place for records, if none in it.
    pub(super) fn is_made(&self) -> bool {
        self.made
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The sum of the record before `seq`; `None` if that record is missing.
    pub(super) fn sum_before(&mut self, seq: u64) -> Result<Option<u32>, StoreError> {
        if seq <= 1 {
            return Ok(Some(0));
        }
        match sum_at(&self.connection, seq - 1)? {
            Some(sum) => Ok(Some(sum)),
            None => self.archived.sum_at(&self.connection, seq - 1),
        }
    }

    fn newest(&self) -> Result<u64, StoreError> {
        if !self.made {
            return Ok(0);
        }
        let last = self.connection.query_row("SELECT max(seq) FROM journal", (), |row| row.get::<_, Option<u64>>(0));
        Ok(last.map_err(|error| unreadable(0, error))?.unwrap_or_default())
    }

    /// Refuses to say that a journal ends where nobody knows what follows.
    fn end(&self) -> Result<(), StoreError> {
        let Some(why) = &self.cut else { return Ok(()) };
        let sound = self.newest()?;
        Err(StoreError::Damaged { seq: sound + 1, why: format!("{why}; {sound} records before it are sound") })
    }

    fn records(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        if !has(&self.connection, from)?
            && let Some(records) = self.archived.read(&self.connection, from, limit)?
        {
            return Ok(records);
        }
        let before = self.sum_before(from)?;
        rows(&self.connection, from, limit, before)
    }
}

pub(super) fn insert(connection: &Connection, record: &Record) -> Result<(), StoreError> {
    let insert = "INSERT INTO journal (seq, at, sum, body) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = connection.prepare_cached(insert).trying("an append")?;
    statement.execute((record.seq, record.at, record.sum, &record.body[..])).trying("an append")?;
    Ok(())
}

/// Inserts `record` if `held` is the epoch of `connection`: in one statement, so that nobody takes another one in between.
fn insert_as(connection: &Connection, record: &Record, held: Epoch) -> Result<(), StoreError> {
    let insert = "INSERT INTO journal (seq, at, sum, body) SELECT ?1, ?2, ?3, ?4 FROM epoch WHERE epoch = ?5";
    let mut statement = connection.prepare_cached(insert).trying("an append")?;
    match statement.execute((record.seq, record.at, record.sum, &record.body[..], held.0)) {
        Ok(0) => Err(epoch::fenced(connection, held)),
        Ok(_) => Ok(()),
        Err(source) => {
            let is_refused = is_refused(&source);
            let source = StoreError::refused("an append", source);
            Err(if is_refused { source } else { StoreError::Unknown { seq: record.seq, source: Box::new(source) } })
        }
    }
}

/// Whether the driver did not begin to write. Of what it could not end, a part may be durable.
fn is_refused(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked, ReadOnly, TooBig};
    let refusals = [ConstraintViolation, DatabaseBusy, DatabaseLocked, ReadOnly, TooBig];
    error.sqlite_error_code().is_some_and(|code| refusals.contains(&code))
}

/// What it means that the record `seq` cannot be read: the file is not what was written, or the driver has another reason.
fn unreadable(seq: u64, source: rusqlite::Error) -> StoreError {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
    let is_odd = matches!(&source, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..));
    if is_odd || is_damage(&source) {
        return StoreError::Damaged { seq, why: format!("it cannot be read: {source}") };
    }
    StoreError::refused(READ, source)
}

fn missing(seq: u64) -> StoreError {
    StoreError::Damaged { seq, why: "it is missing".to_owned() }
}

impl Journal for SqliteJournal {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        self.epoch = epoch::next(&self.connection)?;
        Ok(self.epoch)
    }

    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        self.pages.refuse_too_many(&self.connection)?;
        let done = insert_as(&self.connection, record, self.epoch);
        match done {
            Ok(()) => self.pages.add(record.body.len()),
            Err(StoreError::Fenced { .. }) => {}
            Err(_) => self.failed.store(true, Ordering::Release),
        }
        done
    }

    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        self.end()?;
        match self.newest()? {
            0 => Ok(None),
            seq => Ok(self.read(seq, 1)?.pop()),
        }
    }

    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let records = if self.made { self.records(from.max(1), limit)? } else { Vec::new() };
        if records.is_empty() {
            self.end()?;
        }
        Ok(records)
    }

    fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.pages.count(&self.connection)?;
        if self.pages.are_many() { log::bring_over(&self.connection, &mut self.pages) } else { Ok(()) }
    }
}

/// Whether the record `seq` is in `file`.
fn has(file: &Connection, seq: u64) -> Result<bool, StoreError> {
    let mut statement = file.prepare_cached("SELECT 1 FROM journal WHERE seq = ?1").trying(READ)?;
    statement.exists([seq]).map_err(|error| unreadable(seq, error))
}

/// The sum of the record `seq` in `file`, if it is there.
pub(super) fn sum_at(file: &Connection, seq: u64) -> Result<Option<u32>, StoreError> {
    let mut statement = file.prepare_cached("SELECT sum FROM journal WHERE seq = ?1").trying(READ)?;
    statement.query_row([seq], |row| row.get(0)).optional().map_err(|error| unreadable(seq, error))
}

/// Up to `limit` records of `file`, and not many more than [`READ_BYTES`], from `from` on, in order, each checked against the one before
/// it; `before` is the sum of the record before `from`, if that is known.
pub(super) fn rows(file: &Connection, from: u64, limit: usize, before: Option<u32>) -> Result<Vec<Record>, StoreError> {
    let select = "SELECT seq, at, sum, body FROM journal WHERE seq >= ?1 ORDER BY seq LIMIT ?2";
    let mut statement = file.prepare_cached(select).trying(READ)?;
    let found = statement
        .query_map((from, i64::try_from(limit).unwrap_or(i64::MAX)), |row| {
            let body = row.get_ref(3)?.as_blob()?;
            Ok(Record { seq: row.get(0)?, at: row.get(1)?, sum: row.get(2)?, body: body.into() })
        })
        .map_err(|error| unreadable(from, error))?;
    let (mut records, mut bytes): (Vec<Record>, usize) = (Vec::new(), 0);
    for (expected, record) in (from..).zip(found) {
        if bytes >= READ_BYTES {
            break;
        }
        let record = record.map_err(|error| unreadable(expected, error))?;
        if record.seq != expected {
            return Err(missing(expected));
        }
        let previous = records.last().map(|record| record.sum).or(before).ok_or_else(|| missing(from - 1))?;
        record.check(previous)?;
        bytes += record.body.len();
        records.push(record);
    }
    Ok(records)
}
