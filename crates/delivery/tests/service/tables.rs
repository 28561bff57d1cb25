//! The tables in a store are what the rows are.

use delivery::tables;
use store::TableReader;
use tempfile::TempDir;

use crate::given::open_store;

#[test]
fn the_columns_of_the_tables_are_those_of_the_rows() {
    let dir = TempDir::new().unwrap();
    let mut reader = open_store(&dir).reader().unwrap();
    for table in tables() {
        let sql = format!("SELECT name FROM pragma_table_info('{}') ORDER BY cid", table.name);
        assert_eq!(reader.report(&sql, &[]).unwrap().concat(), table.columns, "{table:?}");
    }
}
