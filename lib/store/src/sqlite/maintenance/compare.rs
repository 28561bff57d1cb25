//! Compares a table with what it should be, row by row in the order of keys. Only the differences are kept, and of these the first.

use std::cmp::Ordering;

use rusqlite::types::Value;
use rusqlite::{Rows, Statement};
use typed::Table;

use crate::StoreError;
use crate::sqlite::SqliteReader;
use crate::sqlite::trying::Trying;

/// So many differences of a table are told; the others are counted.
const TOLD: u64 = 20;

/// How tables differ from what they should be.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// How many rows are other than they should be, missing, or there for nothing.
    pub count: u64,
    /// The table, the key, and the kind of the first ones.
    pub first: Vec<[String; 3]>,
}

/// Adds to `differences` how `table` in `real` differs from the one in `right`.
///
/// # Errors
/// If one of them cannot be read.
pub fn compare(
    right: &SqliteReader,
    real: &SqliteReader,
    table: &Table,
    differences: &mut Differences,
) -> Result<(), StoreError> {
    in_order(right, real, table.name, table.columns, 1, differences)
}

/// The same for the trail, whose key is the whole of it.
///
/// # Errors
/// If one of them cannot be read.
pub fn compare_trail(
    right: &SqliteReader,
    real: &SqliteReader,
    differences: &mut Differences,
) -> Result<(), StoreError> {
    in_order(right, real, "trail", &["subject", "seq"], 2, differences)
}

/// `keys`: how many of the columns are the key.
fn in_order(
    right: &SqliteReader,
    real: &SqliteReader,
    table: &str,
    columns: &[&str],
    keys: usize,
    differences: &mut Differences,
) -> Result<(), StoreError> {
    let what = format!("to compare {table}");
    let order = columns[..keys].join(", ");
    let sql = format!("SELECT {} FROM {table} ORDER BY {order}", columns.join(", "));
    let (mut right, mut real) = (right.statement(&sql)?, real.statement(&sql)?);
    let (mut right, mut real) = (side(&mut right, columns.len())?, side(&mut real, columns.len())?);
    loop {
        let order = match (&right.row, &real.row) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(right), Some(real)) => by_key(&right[..keys], &real[..keys]),
        };
        let told = match order {
            Ordering::Less => Some((&right, "is missing")),
            Ordering::Greater => Some((&real, "is there for nothing")),
            Ordering::Equal if right.row != real.row => Some((&right, "is other than it should be")),
            Ordering::Equal => None,
        };
        if let Some((side, kind)) = told {
            differences.count += 1;
            if differences.count <= TOLD {
                differences.first.push([table.to_owned(), side.key(keys), kind.to_owned()]);
            }
        }
        if order.is_le() {
            right.step(&what)?;
        }
        if order.is_ge() {
            real.step(&what)?;
        }
    }
}

struct Side<'s> {
    rows: Rows<'s>,
    row: Option<Vec<Value>>,
    columns: usize,
}

fn side<'s>(statement: &'s mut Statement<'_>, columns: usize) -> Result<Side<'s>, StoreError> {
    let what = "to compare a table";
    let mut side = Side { rows: statement.query(()).trying(what)?, row: None, columns };
    side.step(what)?;
    Ok(side)
}

impl Side<'_> {
    fn step(&mut self, what: &str) -> Result<(), StoreError> {
        let row = self.rows.next().trying(what)?;
        let cells = row.map(|row| (0..self.columns).map(|column| row.get::<_, Value>(column)).collect());
        self.row = cells.transpose().trying(what)?;
        Ok(())
    }

    fn key(&self, keys: usize) -> String {
        let cells = self.row.iter().flat_map(|row| &row[..keys]);
        let shown = cells.map(|cell| match cell {
            Value::Integer(value) => value.to_string(),
            Value::Text(text) => text.clone(),
            other => format!("{other:?}"),
        });
        shown.collect::<Vec<_>>().join(" in record ")
    }
}

/// In SQLite's order: numbers before texts, and these by their bytes.
fn by_key(one: &[Value], other: &[Value]) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    };
    let cell = |(one, other): (&Value, &Value)| match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) => one.as_bytes().cmp(other.as_bytes()),
        (Value::Blob(one), Value::Blob(other)) => one.cmp(other),
        _ => rank(one).cmp(&rank(other)),
    };
    one.iter().zip(other).map(cell).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
