//! The journal as a table: one insert, one commit, one sync for each record.

use rusqlite::{Connection, OptionalExtension};

use crate::error::Trying;
use crate::{Journal, Migration, Record, StoreError};

pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    context: "journal",
    number: 1,
    sql: "CREATE TABLE journal (
        seq  INTEGER PRIMARY KEY, -- 1, 2, 3 without a gap
        at   INTEGER NOT NULL,    -- when, in milliseconds since 1970
        sum  INTEGER NOT NULL,    -- CRC-32 over the sum before, seq, at and body
        body BLOB NOT NULL        -- what was said and changed
    )",
}];

/// The journal in an SQLite file.
#[derive(Debug)]
pub struct SqliteJournal {
    connection: Connection,
}

impl SqliteJournal {
    pub(super) fn new(connection: Connection) -> Result<Self, StoreError> {
        connection.pragma_update(None, "synchronous", "FULL").trying("synchronous appends")?;
        Ok(Self { connection })
    }

    fn sum_before(&self, seq: u64) -> Result<u32, StoreError> {
        if seq <= 1 {
            return Ok(0);
        }
        let what = "to read the journal";
        let mut statement = self.connection.prepare_cached("SELECT sum FROM journal WHERE seq = ?1").trying(what)?;
        let found = statement.query_row([seq.saturating_sub(1)], |row| row.get(0)).optional().trying(what)?;
        found.ok_or_else(|| StoreError::Damaged { seq: seq - 1, why: "it is missing".to_owned() })
    }
}

impl Journal for SqliteJournal {
    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        let insert = "INSERT INTO journal (seq, at, sum, body) VALUES (?1, ?2, ?3, ?4)";
        let mut statement = self.connection.prepare_cached(insert).trying("an append")?;
        statement.execute((record.seq, record.at, record.sum, &record.body[..])).trying("an append")?;
        Ok(())
    }

    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        let what = "to read the end of the journal";
        let last: Option<u64> =
            self.connection.query_row("SELECT max(seq) FROM journal", (), |row| row.get(0)).trying(what)?;
        let Some(seq) = last else { return Ok(None) };
        Ok(self.read(seq, 1)?.pop())
    }

    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let what = "to read the journal";
        let from = from.max(1);
        let mut previous = self.sum_before(from)?;
        let select = "SELECT seq, at, sum, body FROM journal WHERE seq >= ?1 ORDER BY seq LIMIT ?2";
        let mut statement = self.connection.prepare_cached(select).trying(what)?;
        let found = statement
            .query_map((from, i64::try_from(limit).unwrap_or(i64::MAX)), |row| {
                let body = row.get_ref(3)?.as_blob()?;
                Ok(Record { seq: row.get(0)?, at: row.get(1)?, sum: row.get(2)?, body: body.into() })
            })
            .trying(what)?;
        let mut records = Vec::new();
        for (expected, record) in (from..).zip(found) {
            let record = record.trying(what)?;
            if record.seq != expected {
                return Err(StoreError::Damaged { seq: expected, why: "it is missing".to_owned() });
            }
            record.check(previous)?;
            previous = record.sum;
            records.push(record);
        }
        Ok(records)
    }
}
