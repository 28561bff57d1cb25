//! The tables are changed in bulk and wholly, and read by key or by any condition.

use store::{Pool, StoreError, TableReader, TableWriter, rows_of, select};
use tempfile::TempDir;
use typed::{Key, KeyValue, Row, Sql, Table, Text};

use crate::given::{Item, Named, at, delete, form, item, open, put, write};

fn items(reader: &mut dyn TableReader) -> Vec<Item> {
    select(reader, "ORDER BY id", &[]).unwrap()
}

fn named(name: &str, count: i64) -> Named {
    Named { name: name.into(), count }
}

#[test]
fn rows_are_written_changed_and_deleted_by_integer_and_by_text_keys() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let (mut writer, mut reader) = (store.writer().unwrap(), store.reader().unwrap());
    write(&mut writer, &[item(2, 1), item(1, 5)], 1);
    write(&mut writer, &[named("b", 1), named("a'; --", 2)], 2);
    assert_eq!(items(&mut reader), [item(1, 5), item(2, 1)]);

    let (changed, other) = (item(2, 9), named("b", 7));
    let (a, b) = (form(&changed), form(&other));
    let mut changes = [put(&changed, &a), delete::<Item>(&1), put(&other, &b), delete::<Named>(&"a'; --".into())];
    writer.apply(&mut changes, &mut [], at(3)).unwrap();
    assert_eq!(items(&mut reader), [item(2, 9)]);
    assert_eq!(select::<Named>(&mut reader, "", &[]).unwrap(), [other]);
    writer.apply(&mut [delete::<Item>(&77)], &mut [], at(4)).unwrap();
    assert_eq!(writer.applied().unwrap(), at(4));
}

#[test]
fn the_last_word_of_a_column_that_lost_its_value_is_null() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let (mut writer, mut reader) = (store.writer().unwrap(), store.reader().unwrap());
    write(&mut writer, &[item(1, 5)], 1);
    write(&mut writer, &[item(1, 0)], 2);
    assert_eq!(items(&mut reader)[0].note, None);
    assert_eq!(reader.integers("SELECT note FROM items", &[]).unwrap(), [0_i64; 0]);
}

#[test]
fn what_is_applied_counts_wholly_or_not_at_all() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let (mut writer, mut reader) = (store.writer().unwrap(), store.reader().unwrap());
    write(&mut writer, &[item(1, 1)], 1);
    let (first, row) = (form(&item(1, 2)), item(1, 2));
    let nonsense = [0xff];
    let mut changes = [put(&row, &first), put(&item(2, 2), &nonsense)];
    assert!(matches!(writer.apply(&mut changes, &mut [(9, 2)], at(2)), Err(StoreError::Row { table: "items", .. })));
    assert_eq!(items(&mut reader), [item(1, 1)]);
    assert_eq!(writer.applied().unwrap(), at(1));
    assert_eq!(reader.integers("SELECT count(*) FROM trail", &[]).unwrap(), [0]);
    write(&mut writer, &[item(2, 2)], 2);
    assert_eq!(items(&mut reader).len(), 2);
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
    assert_eq!(pool.with(|reader| select::<Item>(reader, "", &[])).unwrap(), [item(1, 1)]);
}

#[test]
fn the_trail_holds_each_pair_once() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let (mut writer, mut reader) = (store.writer().unwrap(), store.reader().unwrap());
    writer.apply(&mut [], &mut [(7, 1), (5, 1), (7, 2)], at(2)).unwrap();
    writer.apply(&mut [], &mut [(7, 2), (7, 3)], at(3)).unwrap();
    let found = reader.integers("SELECT seq FROM trail WHERE subject = ?1 ORDER BY seq", &[Sql::Int(7)]).unwrap();
    assert_eq!(found, [1, 2, 3]);
}

#[test]
fn rows_are_loaded_by_key_and_missing_ones_left_out() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut reader = store.reader().unwrap();
    write(&mut store.writer().unwrap(), &[item(1, 1), item(3, 3)], 1);
    write(&mut store.writer().unwrap(), &[named("x", 1), named("", 2)], 2);
    let keys = [3, 2, 1].map(KeyValue::Int);
    let mut found = rows_of::<Item>(reader.load(Item::TABLE, &keys).unwrap());
    found.sort_by_key(Row::key);
    assert_eq!(found, [item(1, 1), item(3, 3)]);
    let keys = ["x", "y", ""].map(|key| Text::from(key).to_value());
    assert_eq!(rows_of::<Named>(reader.load(Named::TABLE, &keys).unwrap()).len(), 2);
}

#[test]
fn the_highest_key_of_each_group_is_found() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut reader = store.reader().unwrap();
    assert_eq!(reader.highest(Item::TABLE).unwrap(), [0_u64; 0]);
    let group = |group: u64, key: u64| (group << typed::GROUP_SHIFT) | key;
    let most = u64::try_from(i64::MAX).unwrap();
    let keys = [group(0, 0), group(0, 9), group(3, 1), group(3, 4), group(9_999, 2), most - 1];
    write(&mut store.writer().unwrap(), &keys.map(|id| item(id, 1)), 1);
    let mut found = reader.highest(Item::TABLE).unwrap();
    found.sort_unstable();
    assert_eq!(found, [group(0, 9), group(3, 4), group(9_999, 2), most - 1]);
    write(&mut store.writer().unwrap(), &[named("7", 1), named("z", 1)], 2);
    assert_eq!(reader.highest(Named::TABLE).unwrap(), [0_u64; 0]);
}

#[test]
fn a_cell_that_does_not_fit_its_column_is_an_error_that_names_the_table() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    write(&mut store.writer().unwrap(), &[item(1, 1)], 1);
    crate::given::raw(dir.path(), "tables.db").execute("UPDATE items SET count = 'many'", ()).unwrap();
    let found = select::<Item>(&mut store.reader().unwrap(), "", &[]);
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

#[test]
fn names_are_compared_without_regard_to_capitals_of_any_script() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut reader = store.reader().unwrap();
    for (one, other) in [("ÄRGER", "ärger"), ("ЖИЗЕЛЬ", "жизель"), ("Ωmega", "ωMEGA"), ("지킬", "지킬")]
    {
        let params = [Sql::Text(one.into()), Sql::Text(other.into())];
        assert_eq!(reader.integers("SELECT fold(?1) = fold(?2)", &params).unwrap(), [1], "{one}");
    }
    assert_eq!(reader.integers("SELECT fold(NULL) IS NULL", &[]).unwrap(), [1]);
}
