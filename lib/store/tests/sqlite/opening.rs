//! A directory is opened by one process at a time, and brought to the newest version step by step.

use store::sqlite::{Lock, SqliteStore};
use store::{Migration, StoreError};
use tempfile::TempDir;

use crate::given::{MIGRATIONS, open, raw};

fn noted(dir: &TempDir) -> Vec<Vec<String>> {
    let mut reader = store::sqlite::reader(dir.path()).unwrap();
    reader.report_in_sql("SELECT context, number, applied_at FROM migrations ORDER BY context, number").unwrap()
}

#[test]
fn migrations_are_applied_once_and_in_order() {
    let dir = TempDir::new().unwrap();
    // The second step only works after the first, and neither works twice.
    drop(SqliteStore::open(dir.path(), &MIGRATIONS[..1]).unwrap());
    drop(open(&dir));
    let before = noted(&dir);
    drop(open(&dir));
    assert_eq!(noted(&dir), before);
    let steps: Vec<String> = before.iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    assert_eq!(steps, ["store 1", "store 2", "store 3", "test 1", "test 2"]);
}

#[test]
fn a_step_that_fails_leaves_nothing_of_itself() {
    let dir = TempDir::new().unwrap();
    let bad = Migration {
        context: "test",
        number: 3,
        sql: "CREATE TABLE half (id INTEGER PRIMARY KEY); CREATE TABLE half (id)",
    };
    let steps = [MIGRATIONS[0], MIGRATIONS[1], bad];
    assert!(SqliteStore::open(dir.path(), &steps).is_err());
    assert_eq!(noted(&dir).len(), 5);
    let mended = Migration { sql: "CREATE TABLE half (id INTEGER PRIMARY KEY)", ..bad };
    assert!(SqliteStore::open(dir.path(), &[MIGRATIONS[0], MIGRATIONS[1], mended]).is_ok());
}

#[test]
fn tables_of_a_newer_version_are_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    drop(open(&dir));
    let before = noted(&dir);
    match SqliteStore::open(dir.path(), &MIGRATIONS[..1]) {
        Err(StoreError::Newer { migration, .. }) => assert_eq!(migration, "test 2"),
        other => panic!("it is refused, not {other:?}"),
    }
    assert_eq!(noted(&dir), before);
}

#[test]
fn a_journal_of_a_newer_version_is_refused() {
    let dir = TempDir::new().unwrap();
    drop(open(&dir));
    raw(dir.path(), "journal.db")
        .execute("INSERT INTO migrations (context, number) VALUES ('journal', 99)", ())
        .unwrap();
    match SqliteStore::open(dir.path(), MIGRATIONS) {
        Err(StoreError::Newer { migration, .. }) => assert_eq!(migration, "journal 99"),
        other => panic!("it is refused, not {other:?}"),
    }
}

#[test]
fn a_directory_in_use_is_refused_until_it_is_free() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    assert!(matches!(SqliteStore::open(dir.path(), MIGRATIONS), Err(StoreError::InUse(_))));
    assert!(matches!(Lock::take(dir.path()), Err(StoreError::InUse(_))));
    assert!(matches!(SqliteStore::forget_tables(dir.path()), Err(StoreError::InUse(_))));
    drop(store);
    open(&dir);
}

#[test]
fn a_store_has_one_identity_for_as_long_as_it_is_not_restored() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let identity = open(&dir).identity().clone();
    assert_eq!(open(&dir).identity(), &identity);
    assert_ne!(open(&other).identity().store, identity.store);
    assert_eq!(store::sqlite::read_identity(dir.path()).unwrap(), Some(identity));
}

#[test]
fn a_store_from_before_gets_an_identity_when_it_is_opened() {
    let dir = TempDir::new().unwrap();
    drop(open(&dir));
    let forget = "DROP TABLE identity; DELETE FROM migrations WHERE context = 'journal' AND number = 2";
    raw(dir.path(), "journal.db").execute_batch(forget).unwrap();
    assert_eq!(store::sqlite::read_identity(dir.path()).unwrap(), None);
    let identity = open(&dir).identity().clone();
    assert_eq!(store::sqlite::read_identity(dir.path()).unwrap(), Some(identity));
}
