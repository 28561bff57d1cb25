//! The tables of a store in a database, copied into SQLite's form as they are at one moment: the rules of a check are written in its SQL.

use postgres::PostgresReader;
use store::sqlite::{SqliteWriter, TemporaryTables};
use store::{AnyFind, Applied, Change, Form, StoreError, TableReader, TableWriter};
use typed::{Any, AnyOrder, AnyTerm, Cells, Column, ColumnName, HandOn, KeyValue, Mismatch, Sql, Table, Value, Values};

/// So many rows are in memory at a time.
const ROWS: usize = 10_000;

/// A copy of the tables that `from` reads, and how far they are.
///
/// # Errors
/// If they cannot be read, or there is no room for them.
pub fn copied(from: &mut PostgresReader) -> Result<(TemporaryTables, Applied), StoreError> {
    let copy = TemporaryTables::empty(&host::migrations())?;
    let mut writer = copy.writer()?;
    from.hold_still()?;
    let applied = from.applied()?;
    // What sweeps rows of another table does so when it is written: those of the other are not there yet then, and stay as they are.
    let (sweeping, others): (Vec<_>, Vec<_>) = host::tables().into_iter().partition(|table| table.sweeps.is_some());
    for table in sweeping.into_iter().chain(others) {
        copy_table(from, table, &mut writer)?;
    }
    let (mut trail, mut done) = (Vec::new(), Ok(()));
    from.each_of_trail(&mut |subject, seq| {
        trail.push((subject, seq));
        if trail.len() == ROWS && done.is_ok() {
            done = writer.apply(&mut [], &mut trail, Applied::default());
            trail.clear();
        }
    })?;
    done?;
    from.let_go()?;
    writer.apply(&mut [], &mut trail, applied)?;
    Ok((copy, applied))
}

fn copy_table(from: &mut PostgresReader, table: &'static Table, to: &mut SqliteWriter) -> Result<(), StoreError> {
    let column =
        |(place, name): (usize, &&'static str)| AnyTerm::Column(ColumnName { name, place, may_be_null: place > 0 });
    let terms: Vec<AnyTerm> = table.columns.iter().enumerate().map(column).collect();
    let order = vec![AnyOrder { term: terms[0].clone(), descending: false }];
    let (mut rows, mut done) = (Vec::with_capacity(ROWS), Ok(()));
    from.each_of(&AnyFind { order, ..AnyFind::all(table) }, &terms, &mut |cells| {
        rows.push(Copied::of(cells, terms.len())?);
        if rows.len() == ROWS && done.is_ok() {
            done = write(table, &rows, to);
            rows.clear();
        }
        Ok(())
    })?;
    done?;
    write(table, &rows, to)
}

fn write(table: &'static Table, rows: &[Copied], to: &mut SqliteWriter) -> Result<(), StoreError> {
    let change = |row| Change { table, key: Copied::key(row), row: Some(Form::Row(row)) };
    let mut changes: Vec<Change<'_>> = rows.iter().map(change).collect();
    to.apply(&mut changes, &mut [], Applied::default())
}

/// A row, whatever its type.
#[derive(Debug)]
struct Copied(Vec<Value>);

impl Copied {
    fn of(cells: &dyn Cells, columns: usize) -> Result<Self, Mismatch> {
        let values = (0..columns).map(|place| Any::from_cell(cells.cell(place)).map(|any| any.0));
        values.collect::<Result<_, _>>().map(Self)
    }

    fn key(&self) -> KeyValue {
        match self.0.first() {
            Some(Value::Text(text)) => KeyValue::Text(text.clone()),
            Some(Value::Int(key)) => KeyValue::Int(u64::try_from(*key).unwrap_or_default()),
            _ => KeyValue::Int(0),
        }
    }
}

impl Values for Copied {
    fn values(&self, take: HandOn<'_>) {
        let values: Vec<Sql<'_>> = self.0.iter().map(Value::sql).collect();
        take(&values);
    }
}
