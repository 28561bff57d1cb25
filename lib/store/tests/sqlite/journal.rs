//! The journal gives back what was appended, or says at which record it cannot.

use store::sqlite::{SqliteStore, read_journal};
use store::{Journal, Record, StoreError};
use tempfile::TempDir;

use crate::given::{append, open, raw};

fn damaged_at(result: Result<Vec<Record>, StoreError>) -> u64 {
    match result {
        Err(StoreError::Damaged { seq, .. }) => seq,
        other => panic!("damage is found, not {other:?}"),
    }
}

/// A closed journal of five records after `harm` was done to it.
fn harmed(harm: &str) -> (TempDir, Box<dyn Journal>) {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    append(&mut store.journal().unwrap(), &[b"a", b"b", b"c", b"d", b"e"]);
    drop(store);
    raw(dir.path(), "journal.db").execute_batch(harm).unwrap();
    let journal = read_journal(dir.path()).unwrap();
    (dir, Box::new(journal))
}

#[test]
fn what_was_appended_is_read_in_order_also_after_reopening() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut journal = store.journal().unwrap();
    assert_eq!(journal.last().unwrap(), None);
    assert_eq!(journal.read(1, 10).unwrap(), []);
    let long = vec![7; 100_000];
    let mut records = append(&mut journal, &[b"a", b"", &long]);
    drop((journal, store));

    let store = open(&dir);
    let mut journal = store.journal().unwrap();
    records.extend(append(&mut journal, &[b"d"]));
    assert_eq!(journal.last().unwrap().as_ref(), records.last());
    assert_eq!(journal.read(1, 10).unwrap(), records);
    assert_eq!(journal.read(0, 2).unwrap(), records[..2]);
    assert_eq!(journal.read(3, 1).unwrap(), records[2..3]);
}

#[test]
fn a_gap_is_damage_at_the_missing_record() {
    let (_dir, mut journal) = harmed("DELETE FROM journal WHERE seq = 3");
    assert_eq!(damaged_at(journal.read(1, 10)), 3);
    assert_eq!(damaged_at(journal.read(3, 10)), 3);
    assert_eq!(damaged_at(journal.read(4, 10)), 3, "what the missing record was cannot be guessed from the next one");
    assert_eq!(journal.read(1, 2).unwrap().len(), 2);
}

#[test]
fn a_changed_byte_time_or_sum_is_damage_at_its_record() {
    for harm in [
        "UPDATE journal SET body = x'63ff' WHERE seq = 3",
        "UPDATE journal SET at = at + 1 WHERE seq = 3",
        "UPDATE journal SET sum = sum + 1 WHERE seq = 3",
        "UPDATE journal SET sum = -1 WHERE seq = 3",
        "UPDATE journal SET body = 'text' WHERE seq = 3",
    ] {
        let (_dir, mut journal) = harmed(harm);
        assert_eq!(damaged_at(journal.read(1, 10)), 3, "{harm}");
        assert_eq!(journal.read(1, 2).unwrap().len(), 2, "{harm}");
    }
}

#[test]
fn two_records_that_changed_places_are_damage() {
    let swap = "UPDATE journal SET seq = -1 WHERE seq = 2; UPDATE journal SET seq = 2 WHERE seq = 3;
                UPDATE journal SET seq = 3 WHERE seq = -1";
    let (_dir, mut journal) = harmed(swap);
    assert_eq!(damaged_at(journal.read(1, 10)), 2);
}

#[test]
fn a_damaged_last_record_is_not_taken_for_the_end() {
    let (_dir, mut journal) = harmed("UPDATE journal SET body = x'00' WHERE seq = 5");
    assert!(matches!(journal.last(), Err(StoreError::Damaged { seq: 5, .. })));
}

/// The file of a closed journal of four long records.
fn file_of_four(dir: &TempDir) -> Vec<u8> {
    let long = vec![9; 60_000];
    append(&mut open(dir).journal().unwrap(), &[&long, &long, &long, &long]);
    let fold = "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE";
    raw(dir.path(), "journal.db").execute_batch(fold).unwrap();
    std::fs::read(dir.path().join("journal.db")).unwrap()
}

#[test]
fn a_file_that_was_cut_off_or_overwritten_is_damage_and_left_as_it_is() {
    let dir = TempDir::new().unwrap();
    let (path, whole) = (dir.path().join("journal.db"), file_of_four(&dir));
    let noise = [vec![0x55; 4096], whole[4096..].to_vec()].concat();
    for harmed in [&whole[..whole.len() / 2], &whole[..4096], &noise] {
        std::fs::write(&path, harmed).unwrap();
        let found = read_journal(dir.path()).and_then(|mut journal| journal.read(1, 10));
        assert!(matches!(&found, Err(StoreError::DamagedFile { file, .. }) if *file == path), "{found:?}");
        assert!(SqliteStore::open(dir.path(), crate::given::MIGRATIONS).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), harmed);
    }
}

#[test]
fn pages_that_were_overwritten_are_damage_at_the_record_that_needs_them() {
    let dir = TempDir::new().unwrap();
    let (path, mut whole) = (dir.path().join("journal.db"), file_of_four(&dir));
    let third = whole.len() * 5 / 8;
    whole[third..third + 8192].fill(0x55);
    std::fs::write(&path, &whole).unwrap();
    let mut journal = read_journal(dir.path()).unwrap();
    let seq = damaged_at(journal.read(1, 10));
    assert!((2..=4).contains(&seq), "it names record {seq}");
    assert_eq!(journal.read(1, 1).unwrap().len(), 1, "what comes before the damage can be read");
}

#[test]
fn there_is_no_journal_where_no_store_is() {
    let dir = TempDir::new().unwrap();
    assert!(matches!(read_journal(dir.path()), Err(StoreError::Missing(_))));
}

#[test]
fn deleting_the_tables_leaves_the_journal() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let records = append(&mut store.journal().unwrap(), &[b"a"]);
    drop(store);
    SqliteStore::forget_tables(dir.path()).unwrap();
    assert!(!dir.path().join("tables.db").exists());
    assert_eq!(open(&dir).journal().unwrap().read(1, 9).unwrap(), records);
}
