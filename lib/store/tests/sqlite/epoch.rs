//! Who was taken over from writes nothing any more, neither records nor rows; and nobody takes over by looking.

use store::sqlite::{SqliteStore, backup, read_journal, reader};
use store::{Applied, Epoch, Journal, Record, StoreError, TableReader, TableWriter};
use tempfile::TempDir;
use typed::{Key, Row};

use crate::given::{Item, MIGRATIONS, append, at, form, item, open, put, raw, write};

fn is_fenced<T>(result: Result<T, StoreError>, by: u64) -> bool {
    matches!(result, Err(StoreError::Fenced { found, .. }) if found == Epoch(by))
}

fn noted(dir: &TempDir, file: &str) -> u64 {
    raw(dir.path(), file).query_row("SELECT epoch FROM epoch", (), |row| row.get(0)).unwrap()
}

fn count(dir: &TempDir, id: u64) -> Option<i64> {
    let found = reader(dir.path()).unwrap().load(Item::TABLE, &[id.to_value()]).unwrap();
    store::rows_of::<Item>(found).pop().map(|item| item.count)
}

#[test]
fn who_sleeps_while_another_takes_over_appends_nothing_when_it_wakes() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut zombie = store.journal().unwrap();
    assert_eq!(zombie.claim().unwrap(), Epoch(1));
    let made = append(&mut zombie, &[b"a"]);
    let mut heir = store.journal().unwrap();
    assert_eq!(heir.claim().unwrap(), Epoch(2));
    let late = Record::after(made[0].sum, 2, 1_000, b"late"[..].into());
    assert!(is_fenced(zombie.append(&late), 2));
    let made = [made, append(&mut heir, &[b"b"])].concat();
    assert!(is_fenced(zombie.append(&late), 2), "also when its place is taken");
    assert_eq!(heir.read(1, 9).unwrap(), made);
    let place_is_taken = heir.append(&late);
    assert!(
        matches!(&place_is_taken, Err(error) if !matches!(error, StoreError::Fenced { .. } | StoreError::Unknown { .. })),
        "it was refused, and that is another thing: {place_is_taken:?}"
    );
}

#[test]
fn who_sleeps_while_another_takes_over_puts_no_old_rows_over_new_ones() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let (mut zombie, mut heir) = (store.writer().unwrap(), store.writer().unwrap());
    zombie.claim(Epoch(1)).unwrap();
    write(&mut zombie, &[item(1, 1)], 1);
    heir.claim(Epoch(2)).unwrap();
    write(&mut heir, &[item(1, 2)], 2);
    let (old, next) = (form(&item(1, 1)), form(&item(1, 3)));
    assert!(is_fenced(zombie.apply(&mut [put(&item(1, 1), &old)], &mut [(7, 1)], at(1)), 2));
    assert!(is_fenced(zombie.apply(&mut [put(&item(1, 3), &next)], &mut [], at(3)), 2));
    assert!(is_fenced(zombie.claim(Epoch(1)), 2), "it does not take it back either");
    assert_eq!((count(&dir, 1), heir.applied().unwrap().seq), (Some(2), 2));
    write(&mut heir, &[item(1, 4)], 4);
    assert_eq!(count(&dir, 1), Some(4));
}

#[test]
fn to_open_a_store_and_to_read_it_takes_no_epoch() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut owner = store.journal().unwrap();
    let epoch = owner.claim().unwrap();
    store.writer().unwrap().claim(epoch).unwrap();
    append(&mut owner, &[b"a"]);
    let mut beside = read_journal(dir.path()).unwrap();
    assert_eq!(beside.read(1, 9).unwrap().len(), 1);
    append(&mut owner, &[b"b"]);
    drop((owner, beside, store));
    drop(open(&dir));
    assert_eq!((noted(&dir, "journal.db"), noted(&dir, "tables.db")), (1, 1));
    append(&mut open(&dir).journal().unwrap(), &[b"c"]);
}

#[test]
fn a_store_from_before_has_the_epoch_zero_and_so_have_new_tables() {
    let dir = TempDir::new().unwrap();
    append(&mut open(&dir).journal().unwrap(), &[b"a"]);
    for (file, number) in [("journal.db", 5), ("tables.db", 3)] {
        let before = format!(
            "DROP TABLE epoch; DELETE FROM migrations WHERE context IN ('journal', 'store') AND number = {number}"
        );
        raw(dir.path(), file).execute_batch(&before).unwrap();
    }
    assert_eq!(read_journal(dir.path()).unwrap().read(1, 9).unwrap().len(), 1);
    let store = open(&dir);
    assert_eq!((noted(&dir, "journal.db"), noted(&dir, "tables.db")), (0, 0));
    let mut journal = store.journal().unwrap();
    append(&mut journal, &[b"b"]);
    let (_, epoch) = (journal.claim().unwrap(), journal.claim().unwrap());
    store.writer().unwrap().claim(epoch).unwrap();
    drop((journal, store));
    SqliteStore::forget_tables(dir.path()).unwrap();
    let store = open(&dir);
    assert_eq!((noted(&dir, "journal.db"), noted(&dir, "tables.db")), (2, 0));
    let epoch = store.journal().unwrap().claim().unwrap();
    store.writer().unwrap().claim(epoch).unwrap();
    assert_eq!((noted(&dir, "journal.db"), noted(&dir, "tables.db")), (3, 3));
}

#[test]
fn a_restored_store_goes_on_with_the_epoch_of_the_one_that_was_backed_up() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut journal = store.journal().unwrap();
    let (_, epoch) = (journal.claim().unwrap(), journal.claim().unwrap());
    store.writer().unwrap().claim(epoch).unwrap();
    let last = append(&mut journal, &[b"a"]).pop().unwrap();
    store.writer().unwrap().apply(&mut [], &mut [], Applied::of(1, last.sum)).unwrap();
    let to = TempDir::new().unwrap();
    let (backup, data) = (to.path().join("backup"), to.path().join("data"));
    let request =
        backup::BackupRequest { dir: dir.path(), to: &backup, migrations: MIGRATIONS, version: "1", now_ms: 0 };
    backup::take(&request, &mut |_, _| {}).unwrap();
    backup::restore(&backup, &data, MIGRATIONS).unwrap();
    let store = SqliteStore::open(&data, MIGRATIONS).unwrap();
    let mut restored = store.journal().unwrap();
    append(&mut restored, &[b"b"]);
    assert_eq!(restored.claim().unwrap(), Epoch(3));
    store.writer().unwrap().claim(Epoch(3)).unwrap();
}
