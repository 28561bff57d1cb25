//! The journal as a table: one insert, one commit, one sync for each record.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::archive::{self, Segments};
use crate::error::{Trying, is_damage};
use crate::{Journal, Migration, Record, StoreError};

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
];

/// So many bytes of records are read at once, and the rest of the last one.
const READ_BYTES: usize = 8 << 20;

const READ: &str = "to read the journal";

/// The journal in an SQLite file, with the segments into which its older part was moved.
#[derive(Debug)]
pub struct SqliteJournal {
    connection: Connection,
    archived: Segments,
}

impl SqliteJournal {
    pub(super) fn new(connection: Connection) -> Result<Self, StoreError> {
        connection.pragma_update(None, "synchronous", "FULL").trying("synchronous appends")?;
        let dir = connection.path().and_then(|file| Path::new(file).parent()).unwrap_or(Path::new(".")).to_owned();
        Ok(Self { connection, archived: Segments::of(dir) })
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
}

pub(super) fn insert(connection: &Connection, record: &Record) -> Result<(), StoreError> {
    let insert = "INSERT INTO journal (seq, at, sum, body) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = connection.prepare_cached(insert).trying("an append")?;
    statement.execute((record.seq, record.at, record.sum, &record.body[..])).trying("an append")?;
    Ok(())
}

/// What it means that the record `seq` cannot be read: the file is not what was written, or the driver has another reason.
fn unreadable(seq: u64, source: rusqlite::Error) -> StoreError {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
    let is_odd = matches!(&source, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..));
    if is_odd || is_damage(&source) {
        return StoreError::Damaged { seq, why: format!("it cannot be read: {source}") };
    }
    StoreError::Sql { what: READ.to_owned(), source }
}

fn missing(seq: u64) -> StoreError {
    StoreError::Damaged { seq, why: "it is missing".to_owned() }
}

impl Journal for SqliteJournal {
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        insert(&self.connection, record)
    }

    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        let last = self.connection.query_row("SELECT max(seq) FROM journal", (), |row| row.get(0));
        let last: Option<u64> = last.map_err(|error| unreadable(0, error))?;
        let Some(seq) = last else { return Ok(None) };
        Ok(self.read(seq, 1)?.pop())
    }

    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let from = from.max(1);
        if !has(&self.connection, from)?
            && let Some(records) = self.archived.read(&self.connection, from, limit)?
        {
            return Ok(records);
        }
        let before = self.sum_before(from)?;
        rows(&self.connection, from, limit, before)
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

/// Up to `limit` records of `file`, and not many more than [`READ_BYTES`], from `from` on, in order, each checked against the one before it; `before` is the sum of the record
/// before `from`, if that is known.
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
