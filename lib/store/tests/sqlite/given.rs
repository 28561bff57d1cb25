//! Two tables, and a directory to keep them in.

use std::path::Path;

use rusqlite::Connection;
use store::sqlite::SqliteStore;
use store::{Applied, Change, Form, Journal, Migration, Record, TableWriter};
use tempfile::TempDir;
use typed::{Bytes, Key, Row, Text};

typed::row! {
    /// Something counted.
    pub struct Item in 900 "items" {
        0 id: u64,
        1 count: i64,
        2 note: Option<Text>,
        3 bytes: Bytes,
    }
}

typed::row! {
    /// Something named.
    pub struct Named in 901 "named" {
        0 name: Text,
        1 count: i64,
    }
}

pub const MIGRATIONS: &[Migration] = &[
    Migration {
        context: "test",
        number: 1,
        sql: "CREATE TABLE items (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, bytes BLOB NOT NULL,
                                  twice INTEGER GENERATED ALWAYS AS (count * 2) VIRTUAL);
              CREATE TABLE named (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
    },
    Migration { context: "test", number: 2, sql: "ALTER TABLE items ADD COLUMN note TEXT" },
];

pub fn open(dir: &TempDir) -> SqliteStore {
    SqliteStore::open(dir.path(), MIGRATIONS).unwrap()
}

/// The file itself, past the store.
pub fn raw(dir: &Path, file: &str) -> Connection {
    Connection::open(dir.join(file)).unwrap()
}

/// Appends records with these bodies, and gives them.
pub fn append(journal: &mut dyn Journal, bodies: &[&[u8]]) -> Vec<Record> {
    let last = journal.last().unwrap();
    let (mut seq, mut sum) = last.map_or((0, 0), |record| (record.seq, record.sum));
    let mut records = Vec::new();
    for body in bodies {
        seq += 1;
        let record = Record::after(sum, seq, 1_000 + seq, (*body).into());
        sum = record.sum;
        journal.append(&record).unwrap();
        records.push(record);
    }
    records
}

pub fn item(id: u64, count: i64) -> Item {
    Item { id, count, note: (count > 1).then(|| "more".into()), bytes: vec![0, 255].into() }
}

/// A row as the journal has it.
pub fn form<R: Row>(row: &R) -> Vec<u8> {
    let mut bytes = Vec::new();
    row.encode_into(&mut bytes);
    bytes
}

pub fn put<'a, R: Row>(row: &R, form: &'a [u8]) -> Change<'a> {
    Change { table: R::TABLE, key: row.key().to_value(), row: Some(Form::Journal(form)) }
}

/// The record `seq` of a journal that nobody compares with.
pub fn at(seq: u64) -> Applied {
    Applied { seq, sum: None }
}

/// Writes `rows`, as of record `applied`.
pub fn write<R: Row>(writer: &mut dyn TableWriter, rows: &[R], applied: u64) {
    let forms: Vec<Vec<u8>> = rows.iter().map(form).collect();
    let mut changes: Vec<Change<'_>> = rows.iter().zip(&forms).map(|(row, form)| put(row, form)).collect();
    writer.apply(&mut changes, &mut [], at(applied)).unwrap();
}
