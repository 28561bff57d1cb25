//! What tables hold, as text that can be compared.

use std::collections::BTreeMap;

use store::TableReader;
use typed::Table;

/// By the name of each table its rows, by their keys, every column in SQL's own notation.
pub type Rows = BTreeMap<&'static str, Vec<String>>;

/// All rows of `tables`.
pub fn rows(reader: &mut dyn TableReader, tables: &[&'static Table]) -> Rows {
    tables.iter().map(|table| (table.name, rows_of(reader, table))).collect()
}

fn rows_of(reader: &mut dyn TableReader, table: &Table) -> Vec<String> {
    let columns: Vec<String> = table.columns.iter().map(|column| format!("quote({column})")).collect();
    let sql = format!("SELECT {} FROM {} ORDER BY {}", columns.join(", "), table.name, table.columns[0]);
    let found = reader.report(&sql, &[]).expect("the table can be read");
    let told =
        |row: Vec<String>| table.columns.iter().zip(row).map(|(name, value)| format!("{name}={value} ")).collect();
    found.into_iter().map(told).collect()
}

/// What is wrong between `tables` as they are declared and as SQL has them; nothing if each has the columns that it says, its key
/// first, and no two share a number or a name. Generated columns are SQL's own.
pub fn check_columns(reader: &mut dyn TableReader, tables: &[&'static Table]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let same = |other: &&&'static Table| other.number == table.number || other.name == table.name;
        if let Some(other) = tables[..at].iter().find(same) {
            wrong.push(format!("{table:?} and {other:?} share a number or a name"));
        }
        let sql = format!("SELECT name, pk FROM pragma_table_info('{}')", table.name);
        let mut found = reader.report(&sql, &[]).expect("the table can be described");
        let key: Vec<String> = found.iter().filter(|column| column[1] != "0").map(|column| column[0].clone()).collect();
        if key != [table.columns[0]] {
            wrong.push(format!("the key of {} is {key:?}, not {}", table.name, table.columns[0]));
        }
        let mut declared = table.columns.to_vec();
        declared.sort_unstable();
        found.sort();
        if found.iter().map(|column| column[0].as_str()).ne(declared.iter().copied()) {
            wrong.push(format!("{} has {found:?}, but {declared:?} are declared", table.name));
        }
    }
    wrong
}
