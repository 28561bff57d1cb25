//! Three tables, and how rows and records come into a store.

use store::{Applied, Change, Form, Journal, Migration, Record, TableWriter};
use typed::{Bytes, Key, Row, Text};

typed::names! {
    /// How it stands with an item.
    pub enum State { 0 Open = "open", 1 Ended = "it's over" }
}

typed::row! {
    /// Something counted.
    pub struct Item in 900 "items" {
        0 id: u64,
        1 count: i64,
        2 note: Option<Text>,
        3 bytes: Bytes,
        4 state: State,
        5 due: Option<u64>,
    }
}

typed::row! {
    /// Something named.
    pub struct Named in 901 "named" {
        0 name: Text,
        1 count: i64,
    }
}

typed::row! {
    /// Up to where items are gone.
    pub struct Gone in 902 "gone" sweeps Item {
        0 one: u64,
        1 below: u64,
    }
}

pub const MIGRATIONS: &[Migration] = &[Migration {
    context: "test",
    number: 1,
    sql: "CREATE TABLE items (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, note TEXT, bytes BLOB NOT NULL, state TEXT NOT NULL,
              due INTEGER);
          CREATE INDEX items_open ON items (due) WHERE state = 'open';
          CREATE TABLE named (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
          CREATE TABLE gone (one INTEGER PRIMARY KEY, below INTEGER NOT NULL)",
}];

pub fn item(id: u64, count: i64) -> Item {
    Item { id, count, note: None, bytes: vec![0, 255].into(), state: State::Open, due: None }
}

pub fn noted(id: u64, count: i64, note: Option<&str>) -> Item {
    Item { note: note.map(Text::from), ..item(id, count) }
}

pub fn named(name: &str, count: i64) -> Named {
    Named { name: name.into(), count }
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

pub fn delete<R: Row>(key: &R::Key) -> Change<'static> {
    Change { table: R::TABLE, key: key.to_value(), row: None }
}

/// Writes `rows`, as of record `seq`.
pub fn write<R: Row>(writer: &mut dyn TableWriter, rows: &[R], seq: u64) {
    let forms: Vec<Vec<u8>> = rows.iter().map(form).collect();
    let mut changes: Vec<Change<'_>> = rows.iter().zip(&forms).map(|(row, form)| put(row, form)).collect();
    writer.apply(&mut changes, &mut [], Applied::of(seq, 7)).unwrap();
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
