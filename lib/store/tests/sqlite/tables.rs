//! The tables in a file: what other connections see of them, and whether they are those that are declared.

use store::{Find, Pool, StoreError, TableReader};
use tempfile::TempDir;
use typed::{Row, Table};

use crate::given::{Item, Named, item, open, write};

fn items(reader: &mut dyn TableReader) -> Vec<Item> {
    Find::all().by(Item::COLUMNS.id.asc()).rows(reader).unwrap()
}

#[test]
fn a_reader_sees_a_bulk_from_the_moment_it_is_committed() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let (mut writer, mut reader) = (store.writer().unwrap(), store.reader().unwrap());
    assert_eq!(items(&mut reader), []);
    write(&mut writer, &[item(1, 1)], 1);
    assert_eq!(items(&mut reader), [item(1, 1)]);
    drop((writer, store));
    let pool: Pool = store::sqlite::pool(dir.path());
    assert_eq!(pool.with(|reader| Find::<Item>::all().rows(reader)).unwrap(), [item(1, 1)]);
}

#[test]
fn a_cell_that_does_not_fit_its_column_is_an_error_that_names_the_table() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    write(&mut store.writer().unwrap(), &[item(1, 1)], 1);
    crate::given::raw(dir.path(), "tables.db").execute("UPDATE items SET count = 'many'", ()).unwrap();
    let found = Find::<Item>::all().rows(&mut store.reader().unwrap());
    assert!(matches!(found, Err(StoreError::Row { table: "items", .. })), "{found:?}");
}

#[test]
fn a_tables_own_columns_are_those_of_its_file() {
    let dir = TempDir::new().unwrap();
    let mut reader = open(&dir).reader().unwrap();
    assert_eq!(testkit::check_columns(&mut reader, &[Item::TABLE, Named::TABLE]), [""; 0]);
}

#[test]
fn a_column_that_differs_is_found() {
    static ODD: Table = Table { number: 900, columns: &["count", "id", "bytes"], ..ITEMS };
    const ITEMS: Table =
        Table { name: "items", number: 0, columns: &[], bind: Item::TABLE.bind, load: Item::TABLE.load, sweeps: None };
    let dir = TempDir::new().unwrap();
    let mut reader = open(&dir).reader().unwrap();
    let wrong = testkit::check_columns(&mut reader, &[Item::TABLE, &ODD]);
    assert_eq!(wrong.len(), 3, "the number, the key, the columns: {wrong:?}");
}
