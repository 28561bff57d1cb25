//! The tables in a store are what the rows are.

use payment::tables;
use tempfile::TempDir;

use crate::given::open_store;

#[test]
fn the_columns_of_the_tables_are_those_of_the_rows() {
    let dir = TempDir::new().unwrap();
    let mut reader = open_store(&dir).reader().unwrap();
    for table in tables() {
        let columns: Vec<String> = reader.columns(table.name).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(columns, table.columns, "{table:?}");
    }
}
