//! What tables hold, as text that can be compared.

use std::collections::BTreeMap;

use store::sqlite::SqliteReader;
use store::{AnyFind, TableReader};
use typed::{AnyOrder, AnyTerm, Cell, ColumnName, Table};

/// By the name of each table its rows, by their keys, every column in SQL's own notation.
pub type Rows = BTreeMap<&'static str, Vec<String>>;

/// All rows of `tables`.
pub fn rows(reader: &mut dyn TableReader, tables: &[&'static Table]) -> Rows {
    tables.iter().map(|table| (table.name, rows_of(reader, table))).collect()
}

fn rows_of(reader: &mut dyn TableReader, table: &'static Table) -> Vec<String> {
    let columns = table.columns.iter().enumerate();
    let columns = columns.map(|(place, name)| AnyTerm::Column(ColumnName { name, place, may_be_null: true }));
    let columns: Vec<AnyTerm> = columns.collect();
    let order = vec![AnyOrder { term: columns[0].clone(), descending: false }];
    let mut rows = Vec::new();
    let read = reader.each_of(&AnyFind { order, ..AnyFind::all(table) }, &columns, &mut |cells| {
        let told =
            table.columns.iter().enumerate().map(|(place, name)| format!("{name}={} ", quoted(cells.cell(place))));
        rows.push(told.collect());
        Ok(())
    });
    read.expect("the table can be read");
    rows
}

fn quoted(cell: Cell<'_>) -> String {
    match cell {
        Cell::Null => "NULL".to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Cell::Blob(bytes) => format!("X'{}'", bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>()),
    }
}

/// What is wrong between `tables` as they are declared and as SQL has them; nothing if each has the columns that it says, its key
/// first, and no two share a number or a name. Generated columns are SQL's own.
pub fn check_columns(reader: &mut SqliteReader, tables: &[&'static Table]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let same = |other: &&&'static Table| other.number == table.number || other.name == table.name;
        if let Some(other) = tables[..at].iter().find(same) {
            wrong.push(format!("{table:?} and {other:?} share a number or a name"));
        }
        let mut found = reader.columns(table.name).expect("the table can be described");
        let key: Vec<&str> = found.iter().filter(|(_, is_key)| *is_key).map(|(name, _)| &**name).collect();
        if key != [table.columns[0]] {
            wrong.push(format!("the key of {} is {key:?}, not {}", table.name, table.columns[0]));
        }
        let mut declared = table.columns.to_vec();
        declared.sort_unstable();
        found.sort();
        if found.iter().map(|(name, _)| &**name).ne(declared.iter().copied()) {
            wrong.push(format!("{} has {found:?}, but {declared:?} are declared", table.name));
        }
    }
    wrong
}
