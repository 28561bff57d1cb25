//! What a store is after an accident: nothing that was promised goes without a word, and nothing is destroyed that somebody may need.

use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use store::sqlite::{SqliteStore, read_journal};
use store::{Applied, Journal, Record, StoreError, TableWriter};
use tempfile::TempDir;

use crate::given::{MIGRATIONS, append, open, raw};

type Harm<'h> = &'h dyn Fn(&Path);

/// A frame of the log: its header and a page, in bytes.
const FRAME: usize = 24 + 4096;

/// A store as it is after `kill -9`: `records` records of some pages each, all in the log.
fn killed(records: u8) -> (TempDir, Vec<Record>) {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let bodies: Vec<Vec<u8>> = (0..records).map(|n| vec![n; 9_000]).collect();
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    let mut journal = store.journal().unwrap();
    let made = append(&mut journal, &bodies);
    (copy(dir.path(), |_| true), made)
}

/// A copy of the files of `dir` whose names are `wanted`.
fn copy(dir: &Path, wanted: impl Fn(&str) -> bool) -> TempDir {
    let copy = TempDir::new().unwrap();
    for entry in std::fs::read_dir(dir).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if wanted(&name) {
            std::fs::copy(dir.join(&name), copy.path().join(&name)).unwrap();
        }
    }
    copy
}

/// Puts into `dir` the database `name` as a power cut leaves it in its first transaction: torn, with what takes that back beside it.
fn half_made(dir: &TempDir, name: &str) {
    let elsewhere = TempDir::new().unwrap();
    let made = raw(elsewhere.path(), name);
    let much = "PRAGMA cache_size = 2; BEGIN; CREATE TABLE a (b);
                INSERT INTO a SELECT zeroblob(3000) FROM (SELECT 1 UNION ALL SELECT 2) x, sqlite_schema, json_each('[1,2,3,4,5,6,7,8]')";
    made.execute_batch(much).unwrap();
    for file in [name.to_owned(), format!("{name}-journal")] {
        std::fs::copy(elsewhere.path().join(&file), dir.path().join(&file)).unwrap();
    }
    flip(&dir.path().join(name), 3);
}

fn log(dir: &TempDir) -> PathBuf {
    dir.path().join("journal.db-wal")
}

fn flip(file: &Path, at: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[at] ^= 0xff;
    std::fs::write(file, bytes).unwrap();
}

/// Where the transactions of a log end, as places of frames.
fn ends(log: &Path) -> Vec<usize> {
    let bytes = std::fs::read(log).unwrap();
    let frames = bytes[32..].chunks_exact(FRAME);
    frames.enumerate().filter(|(_, frame)| frame[4..8] != [0; 4]).map(|(at, _)| at).collect()
}

fn everything(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let names = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<_> = names.map(|name| (name.clone(), std::fs::read(dir.join(&name)).unwrap())).collect();
    files.sort();
    files
}

#[test]
fn whatever_byte_of_a_log_is_changed_behind_which_transactions_follow_nothing_is_opened_or_destroyed() {
    let (dir, made) = killed(6);
    let ends = ends(&log(&dir));
    assert_eq!(ends.len(), made.len());
    let followed = 32 + (ends[ends.len() - 2] + 1) * FRAME;
    let headers = (32..followed).step_by(FRAME).flat_map(|frame| [0, 9, 13, 17, 23].map(|byte| frame + byte));
    let places: Vec<usize> =
        [0, 5, 9, 17, 25].into_iter().chain(headers).chain((100..followed).step_by(4_999)).collect();
    for at in places {
        let harmed = copy(dir.path(), |_| true);
        flip(&log(&harmed), at);
        let before = everything(harmed.path());
        for _ in 0..2 {
            match SqliteStore::open(harmed.path(), MIGRATIONS) {
                Err(StoreError::Damaged { seq, why }) => {
                    assert!(why.contains("journal.db-wal is damaged at byte"), "byte {at}: {why}");
                    assert!(why.contains(&format!("{} records before it are sound", seq - 1)), "byte {at}: {why}");
                }
                other => panic!("byte {at}: {other:?}"),
            }
        }
        let mut journal = read_journal(harmed.path()).unwrap();
        assert!(journal.last().is_err(), "byte {at}: nobody knows the last record");
        drop(journal);
        assert!(everything(harmed.path()) == before, "byte {at}: something was changed");
        flip(&log(&harmed), at);
        assert_eq!(open(&harmed).journal().unwrap().read(1, 99).unwrap(), made, "byte {at}: it was left as it was");
    }
}

#[test]
fn a_last_transaction_that_a_power_cut_tore_is_no_damage_and_its_log_is_kept() {
    let (dir, made) = killed(6);
    let ends = ends(&log(&dir));
    let (start, end) = (32 + (ends[ends.len() - 2] + 1) * FRAME, 32 + (ends[ends.len() - 1] + 1) * FRAME);
    for seed in 0..64_u64 {
        let torn = copy(dir.path(), |_| true);
        let file = std::fs::OpenOptions::new().write(true).open(log(&torn)).unwrap();
        // Of the sectors of what was not synced, some never reached the disk; what an earlier use of the file left is there instead.
        let mut lost = 0;
        for sector in start / 512..end.div_ceil(512) {
            let is_lost = (seed * 0x9e37_79b9 + sector as u64 * 0x85eb_ca6b).is_multiple_of(3);
            if is_lost {
                let from = (sector * 512).max(start);
                let upto = (sector * 512 + 512).min(end);
                file.write_all_at(&vec![if seed % 2 == 0 { 0 } else { 0x41 }; upto - from], from as u64).unwrap();
                lost += 1;
            }
        }
        assert!(lost > 0);
        let before = std::fs::read(log(&torn)).unwrap();
        let store = open(&torn);
        assert_eq!(store.journal().unwrap().read(1, 99).unwrap(), made[..5], "seed {seed}");
        if let Some(kept) = store.set_aside() {
            assert!(std::fs::read(kept).unwrap() == before, "seed {seed}: the copy is what was found");
        }
    }
}

#[test]
fn a_journal_that_was_in_use_is_not_whole_without_its_log() {
    let (dir, made) = killed(3);
    for wanted in [
        (&|name: &str| !name.ends_with("-wal")) as &dyn Fn(&str) -> bool,
        &|name| name == "journal.db",
        &|name| ["journal.db", "tables.db"].contains(&name),
        &|name| ["journal.db", "maejin.lock", "tables.db-wal"].contains(&name),
    ] {
        let copied = copy(dir.path(), wanted);
        let before = everything(copied.path());
        let refused = SqliteStore::open(copied.path(), MIGRATIONS);
        assert!(matches!(&refused, Err(StoreError::NoLog(file)) if *file == log(&copied)), "{refused:?}");
        assert!(matches!(read_journal(copied.path()), Err(StoreError::NoLog(_))));
        let names = |files: Vec<(String, Vec<u8>)>| {
            files.into_iter().filter(|(name, _)| name != "maejin.lock").collect::<Vec<_>>()
        };
        assert!(names(everything(copied.path())) == names(before), "nothing is changed");
    }
    drop(open(&dir));
    let closed = copy(dir.path(), |name| name == "journal.db");
    assert_eq!(open(&closed).journal().unwrap().read(1, 9).unwrap(), made, "one that was closed is whole in itself");
}

#[test]
fn tables_or_a_log_beside_no_journal_or_an_empty_one_are_no_empty_shop() {
    let (dir, _) = killed(3);
    let cases: [(&str, Harm<'_>); 4] = [
        ("the journal is gone", &|dir| std::fs::remove_file(dir.join("journal.db")).unwrap()),
        ("the journal is empty", &|dir| std::fs::write(dir.join("journal.db"), "").unwrap()),
        ("only tables are left", &|dir| {
            std::fs::remove_file(dir.join("journal.db")).unwrap();
            std::fs::remove_file(dir.join("journal.db-wal")).unwrap();
        }),
        ("only a log is left", &|dir| {
            std::fs::remove_file(dir.join("journal.db")).unwrap();
            std::fs::remove_file(dir.join("tables.db")).unwrap();
        }),
    ];
    for (what, harm) in cases {
        let harmed = copy(dir.path(), |_| true);
        harm(harmed.path());
        let before = everything(harmed.path());
        let refused = SqliteStore::open(harmed.path(), MIGRATIONS);
        assert!(matches!(refused, Err(StoreError::NoJournal(_))), "{what}: {refused:?}");
        assert!(read_journal(harmed.path()).is_err(), "{what}");
        assert!(everything(harmed.path()) == before, "{what}: nothing is changed");
    }
}

/// A closed store with these bodies in its journal, whose tables contain all of it.
fn followed(bodies: &[&[u8]]) -> TempDir {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let last = append(&mut store.journal().unwrap(), bodies).pop().unwrap();
    store.writer().unwrap().apply(&mut [], &mut [], Applied::of(last.seq, last.sum)).unwrap();
    drop(store);
    dir
}

#[test]
fn tables_of_another_journal_are_refused_also_where_they_are_as_long() {
    let (one, other, longer) = (followed(&[b"a", b"b"]), followed(&[b"a", b"c"]), followed(&[b"a", b"c", b"d"]));
    for journal in [&other, &longer] {
        let mixed = copy(journal.path(), |name| name != "tables.db");
        std::fs::copy(one.path().join("tables.db"), mixed.path().join("tables.db")).unwrap();
        let before = everything(mixed.path());
        let refused = SqliteStore::open(mixed.path(), MIGRATIONS);
        assert!(matches!(refused, Err(StoreError::OtherTables { seq: 2, .. })), "{refused:?}");
        assert!(everything(mixed.path()) == before, "nothing is changed");
        SqliteStore::forget_tables(mixed.path()).unwrap();
        open(&mixed);
    }
    let ahead = copy(one.path(), |name| name != "tables.db");
    std::fs::copy(longer.path().join("tables.db"), ahead.path().join("tables.db")).unwrap();
    assert!(matches!(SqliteStore::open(ahead.path(), MIGRATIONS), Err(StoreError::Damaged { seq: 3, .. })));
}

#[test]
fn while_somebody_does_not_let_go_of_the_journal_no_shop_starts_and_then_it_does() {
    let (dir, made) = killed(3);
    let reader = raw(dir.path(), "journal.db");
    reader.execute_batch("BEGIN; SELECT count(*) FROM journal").unwrap();
    let refused = SqliteStore::open(dir.path(), MIGRATIONS);
    assert!(matches!(refused, Err(StoreError::Read(_))), "{refused:?}");
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(open(&dir).journal().unwrap().read(1, 9).unwrap(), made);
}

#[test]
fn what_is_built_upon_is_in_the_file_itself_before_anything_else_is_done() {
    let (dir, made) = killed(3);
    let store = open(&dir);
    assert_eq!(std::fs::metadata(log(&dir)).unwrap().len(), 0);
    let file = copy(dir.path(), |name| name == "journal.db");
    std::fs::write(log(&file), "").unwrap();
    assert_eq!(read_journal(file.path()).unwrap().read(1, 9).unwrap(), made);
    drop(store);
}

#[test]
fn the_log_is_brought_over_when_it_is_long() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut journal = store.journal().unwrap();
    let long = vec![7; 1 << 20];
    for _ in 0..40 {
        append(&mut journal, &[&long]);
        journal.checkpoint().unwrap();
    }
    let length = std::fs::metadata(log(&dir)).unwrap().len();
    assert!(length < 8 << 20, "the log has {length} bytes after forty records of a megabyte");
}

#[test]
fn a_store_whose_making_a_power_cut_ended_is_made_anew() {
    for name in ["journal.db", "tables.db"] {
        let dir = TempDir::new().unwrap();
        if name == "tables.db" {
            drop(open(&dir));
            for file in ["tables.db", "tables.db-wal"] {
                let _ = std::fs::remove_file(dir.path().join(file));
            }
        }
        half_made(&dir, name);
        let before = everything(dir.path());
        if let Ok(mut journal) = read_journal(dir.path()) {
            assert_eq!(journal.last().unwrap(), None, "{name}");
        }
        assert_eq!(everything(dir.path()), before, "reading changes nothing");
        let store = open(&dir);
        assert_eq!(append(&mut store.journal().unwrap(), &[b"one"]).len(), 1, "{name}");
    }
}

#[test]
fn a_restored_journal_whose_first_opening_a_power_cut_ended_is_whole_without_its_tables() {
    // How a rollback journal begins before and after it is synced.
    let synced = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    for begins in [[0; 8], synced] {
        let dir = TempDir::new().unwrap();
        let made = append(&mut open(&dir).journal().unwrap(), &[b"one", b"two"]);
        let pages = std::fs::metadata(dir.path().join("journal.db")).unwrap().len() / 4096;
        let restored = raw(dir.path(), "journal.db");
        restored.execute_batch("PRAGMA journal_mode = DELETE").unwrap();
        drop(restored);
        SqliteStore::forget_tables(dir.path()).unwrap();
        let (pages, sector, page) = (u32::try_from(pages).unwrap(), 512_u32, 4096_u32);
        let sizes = [0, 7, pages, sector, page].map(u32::to_be_bytes).concat();
        let rollback = [&begins[..], &sizes, &[0; 512 - 28]].concat();
        std::fs::write(dir.path().join("journal.db-journal"), rollback).unwrap();

        let before = everything(dir.path());
        assert_eq!(read_journal(dir.path()).unwrap().last().unwrap().as_ref(), made.last());
        assert_eq!(everything(dir.path()), before, "reading changes nothing");
        let store = open(&dir);
        assert_eq!(store.journal().unwrap().read(1, 9).unwrap(), made);
    }
}
