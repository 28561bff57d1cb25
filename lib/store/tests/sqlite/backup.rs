//! A backup of a store that is open has what was durable, or is none.

use std::path::Path;

use store::sqlite::backup::{BackupError, BackupRequest, Manifest, restore, take};
use store::{Journal, StoreError, TableWriter};
use tempfile::TempDir;

use crate::given::{Item, MIGRATIONS, append, item, open, raw, write};

fn backup(dir: &TempDir, to: &Path) -> Result<Manifest, BackupError> {
    let request = BackupRequest { dir: dir.path(), to, migrations: MIGRATIONS, version: "1.2.3", now_ms: 77 };
    take(&request, &mut |_, _| {})
}

fn names(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_was_in_an_open_store_is_in_the_one_restored() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = open(&dir);
    let bodies: Vec<Vec<u8>> = (0..300_u32).map(|n| n.to_le_bytes().repeat(n as usize)).collect();
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    let records = append(&mut store.journal().unwrap(), &bodies);
    write(&mut store.writer().unwrap(), &[item(1, 10), item(2, 20)], 200);
    let to = other.path().join("monday");
    let made = backup(&dir, &to).unwrap();
    assert_eq!((made.first_record, made.last_record, made.tables_upto, made.made_at_ms), (1, 300, 200, 77));
    assert_eq!(names(&to), ["journal.db", "manifest.json", "tables.db"]);
    assert_eq!(names(other.path()), ["monday"]);
    let before = made.clone();
    append(&mut store.journal().unwrap(), &[b"later"]);

    let data = other.path().join("data");
    assert_eq!(restore(&to, &data, MIGRATIONS).unwrap(), before);
    let restored = store::sqlite::SqliteStore::open(&data, MIGRATIONS).unwrap();
    assert_eq!(restored.journal().unwrap().read(1, 1_000).unwrap(), records);
    assert_eq!(restored.writer().unwrap().applied().unwrap().seq, 200);
    let rows = store::Find::all().by(Item::COLUMNS.id.asc()).rows(&mut restored.reader().unwrap()).unwrap();
    assert_eq!(rows, [item(1, 10), item(2, 20)]);
    assert_eq!(names(&to), ["journal.db", "manifest.json", "tables.db"]);
}

#[test]
fn every_restore_is_another_life_of_the_same_store() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = open(&dir);
    append(&mut store.journal().unwrap(), &[b"a"]);
    let (to, before) = (other.path().join("monday"), store.identity().clone());
    let made = backup(&dir, &to).unwrap();
    let of_before = (Some(before.store.clone()), Some(before.incarnation.to_string()));
    assert_eq!((made.store, made.incarnation), of_before);
    let mut lives = vec![before.incarnation];
    for data in ["one", "two"].map(|name| other.path().join(name)) {
        restore(&to, &data, MIGRATIONS).unwrap();
        assert_eq!(names(&data), ["journal.db", "maejin.lock", "tables.db"], "nothing beside the files is left over");
        let told = store::sqlite::read_identity(&data).unwrap().unwrap();
        let restored = store::sqlite::SqliteStore::open(&data, MIGRATIONS).unwrap();
        assert_eq!((restored.identity(), &restored.identity().store), (&told, &before.store));
        lives.push(told.incarnation);
    }
    assert!(lives[0] != lives[1] && lives[1] != lives[2] && lives[0] != lives[2], "{lives:?}");
}

#[test]
fn a_backup_from_before_stores_had_a_name_becomes_a_store_with_one() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = open(&dir);
    append(&mut store.journal().unwrap(), &[b"a"]);
    let forget = "DROP TABLE identity; DELETE FROM migrations WHERE context = 'journal' AND number = 2";
    raw(dir.path(), "journal.db").execute_batch(forget).unwrap();
    let to = other.path().join("monday");
    assert_eq!(backup(&dir, &to).unwrap().store, None);
    restore(&to, &other.path().join("data"), MIGRATIONS).unwrap();
    assert!(store::sqlite::read_identity(&other.path().join("data")).unwrap().is_some());
}

#[test]
fn an_empty_store_can_be_backed_up_too() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let _store = open(&dir);
    let made = backup(&dir, &other.path().join("monday")).unwrap();
    assert_eq!((made.first_record, made.last_record), (0, 0));
    restore(&other.path().join("monday"), &other.path().join("data"), MIGRATIONS).unwrap();
    assert_eq!(store::sqlite::read_journal(&other.path().join("data")).unwrap().last().unwrap(), None);
}

#[test]
fn a_damaged_record_is_named_and_there_is_no_backup() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = open(&dir);
    append(&mut store.journal().unwrap(), &[b"a", b"b", b"c"]);
    raw(dir.path(), "journal.db").execute("UPDATE journal SET body = x'00' WHERE seq = 2", ()).unwrap();
    match backup(&dir, &other.path().join("monday")) {
        Err(BackupError::Store(StoreError::Damaged { seq, .. })) => assert_eq!(seq, 2),
        made => panic!("damage is found, not {made:?}"),
    }
    assert_eq!(names(other.path()), [""; 0]);
}

#[test]
fn tables_ahead_of_the_journal_are_no_backup() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let store = open(&dir);
    append(&mut store.journal().unwrap(), &[b"a", b"b"]);
    write(&mut store.writer().unwrap(), &[item(1, 10)], 3);
    let made = backup(&dir, &other.path().join("monday"));
    assert!(matches!(made, Err(BackupError::Unsound(_))), "{made:?}");
    assert_eq!(names(other.path()), [""; 0]);
}

#[test]
fn a_backup_with_a_newer_migration_is_refused_before_anything_is_written() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let _store = open(&dir);
    let (to, data) = (other.path().join("monday"), other.path().join("data"));
    backup(&dir, &to).unwrap();
    let refused = restore(&to, &data, &MIGRATIONS[..1]);
    assert!(matches!(refused, Err(BackupError::Store(StoreError::Newer { .. }))), "{refused:?}");
    assert!(!data.exists());
}
