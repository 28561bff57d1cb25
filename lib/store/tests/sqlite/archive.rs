//! The older part of a journal in segments: read as before, moved also while somebody appends, and missed by name.

use std::path::Path;

use store::sqlite::archive::{self, MovedOut, Selection, held, move_out};
use store::sqlite::backup::{self, BackupRequest, Manifest};
use store::sqlite::{SqliteStore, read_journal};
use store::{Journal, Record, StoreError, TableWriter};
use tempfile::TempDir;

use crate::given::{MIGRATIONS, append, at, open, raw};

/// A closed store whose journal has `records` records of a hundred bytes, made at 1,001, 1,002 and so on.
fn of(records: usize) -> (TempDir, Vec<Record>) {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let bodies: Vec<Vec<u8>> = (0..records).map(|n| vec![u8::try_from(n % 251).unwrap(); 100]).collect();
    let bodies: Vec<&[u8]> = bodies.iter().map(Vec::as_slice).collect();
    let made = append(&mut store.journal().unwrap(), &bodies);
    store.writer().unwrap().apply(&mut [], &mut [], at(records as u64)).unwrap();
    (dir, made)
}

fn moved(dir: &Path, before_ms: u64) -> MovedOut {
    move_out(&Selection { dir, before_ms, segment_bytes: 2_000 }, &mut |_, _| ()).unwrap()
}

/// All records, read `limit` at a time.
fn all(dir: &Path, limit: usize) -> Vec<Record> {
    let (mut journal, mut found) = (read_journal(dir).unwrap(), Vec::new());
    loop {
        let records = journal.read(found.len() as u64 + 1, limit).unwrap();
        if records.is_empty() {
            return found;
        }
        found.extend(records);
    }
}

#[test]
fn what_was_moved_is_read_as_before() {
    let (dir, made) = of(300);
    let moved = moved(dir.path(), 1_251);
    let spans: Vec<_> = moved.segments.iter().map(|segment| (segment.first, segment.last, segment.span)).collect();
    assert_eq!(
        spans,
        [(1, 64, (1_001, 1_064)), (65, 128, (1_065, 1_128)), (129, 192, (1_129, 1_192)), (193, 250, (1_193, 1_250))]
    );
    let held = held(dir.path()).unwrap();
    assert_eq!((held.segments, held.first, held.last), (moved.segments, Some(251), Some(300)));
    for limit in [1, 7, 64, 1_000] {
        assert_eq!(all(dir.path(), limit), made, "{limit} at a time");
    }
    let mut journal = read_journal(dir.path()).unwrap();
    for from in [1, 2, 64, 65, 250, 251, 300] {
        assert_eq!(journal.read(from, 1).unwrap(), made[from as usize - 1..from as usize], "from {from}");
    }
    assert_eq!(journal.read(301, 1).unwrap(), []);
    assert_eq!(journal.last().unwrap().as_ref(), made.last());
}

#[test]
fn the_room_that_was_archived_is_used_again() {
    let (dir, _) = of(4_000);
    let before = moved(dir.path(), u64::MAX).free_bytes;
    let size = |dir: &TempDir| std::fs::metadata(dir.path().join("journal.db")).unwrap().len();
    let after_archiving = size(&dir);
    assert!(before > after_archiving / 2, "{before} of {after_archiving} bytes are free");
    let store = open(&dir);
    let body: &[u8] = &[7; 100];
    append(&mut store.journal().unwrap(), &vec![body; 2_000]);
    drop(store);
    let free = held(dir.path()).unwrap().free_bytes;
    assert_eq!(size(&dir), after_archiving, "the file does not grow");
    assert!(free < before * 3 / 4, "{free} of {before} bytes are still free");
}

#[test]
fn the_journal_goes_on_after_its_older_part_was_moved() {
    let (dir, mut made) = of(100);
    assert_eq!(moved(dir.path(), u64::MAX).segments.len(), 2, "all but the last one");
    assert_eq!(held(dir.path()).unwrap().first, Some(100));
    let store = open(&dir);
    made.extend(append(&mut store.journal().unwrap(), &[b"a", b"b"]));
    let spans = |moved: MovedOut| moved.segments.iter().map(|s| (s.first, s.last)).collect::<Vec<_>>();
    assert_eq!(spans(moved(dir.path(), u64::MAX)), [(100, 100)], "the tables do not contain the new ones yet");
    store.writer().unwrap().apply(&mut [], &mut [], at(102)).unwrap();
    assert_eq!(spans(moved(dir.path(), u64::MAX)), [(101, 101)]);
    assert_eq!(all(dir.path(), 10), made);
}

#[test]
fn records_are_moved_while_a_shop_appends() {
    let (dir, made) = of(2_000);
    let store = open(&dir);
    let mut journal = store.journal().unwrap();
    let appending =
        std::thread::spawn(move || (0..200).flat_map(|_| append(&mut journal, &[&[9; 100]])).collect::<Vec<_>>());
    moved(dir.path(), 1_900);
    let later = appending.join().unwrap();
    assert_eq!(all(dir.path(), 100), [made, later].concat());
}

#[test]
fn an_interrupted_move_goes_on() {
    let (dir, made) = of(300);
    let wrote = moved(dir.path(), 1_201);
    // As if the process had ended before the records were deleted, and in the middle of the next segment.
    let back = raw(dir.path(), "journal.db");
    for record in &made[150..200] {
        let insert = "INSERT INTO journal (seq, at, sum, body) VALUES (?1, ?2, ?3, ?4)";
        back.execute(insert, (record.seq, record.at, record.sum, &record.body[..])).unwrap();
    }
    drop(back);
    std::fs::write(dir.path().join(archive::DIR).join("journal.db.unfinished"), b"half").unwrap();
    assert_eq!(all(dir.path(), 10), made);
    let again = moved(dir.path(), 1_251);
    assert_eq!(again.segments[0].first, wrote.segments.last().unwrap().last + 1);
    assert_eq!(held(dir.path()).unwrap().first, Some(251));
    assert_eq!(all(dir.path(), 10), made);
    assert!(!dir.path().join(archive::DIR).join("journal.db.unfinished").exists());
}

#[test]
fn a_segment_that_is_elsewhere_is_named_and_the_rest_is_read() {
    let (dir, made) = of(300);
    let segment = moved(dir.path(), 1_201).segments.swap_remove(1);
    let (path, away) = (segment.path(dir.path()), dir.path().join("away"));
    std::fs::rename(&path, &away).unwrap();
    let mut journal = read_journal(dir.path()).unwrap();
    assert_eq!(journal.read(1, 10).unwrap(), made[..10]);
    assert_eq!(journal.read(250, 10).unwrap(), made[249..259]);
    let missing = journal.read(segment.first + 3, 10);
    let Err(StoreError::ArchivedElsewhere { first, last, file }) = missing else { panic!("{missing:?}") };
    assert_eq!((first, last, file), (segment.first, segment.last, path.clone()));
    std::fs::rename(away, path).unwrap();
    assert_eq!(all(dir.path(), 10), made);
}

#[test]
fn a_changed_byte_of_a_segment_is_damage_at_its_record() {
    let (dir, _) = of(300);
    moved(dir.path(), 1_201);
    let segments = held(dir.path()).unwrap().segments;
    let file = rusqlite::Connection::open(segments[1].path(dir.path())).unwrap();
    file.execute_batch("UPDATE journal SET body = x'00' WHERE seq = 70; DELETE FROM journal WHERE seq = 90").unwrap();
    let mut journal = read_journal(dir.path()).unwrap();
    assert!(matches!(journal.read(70, 1), Err(StoreError::Damaged { seq: 70, .. })));
    assert!(matches!(journal.read(90, 1), Err(StoreError::Damaged { seq: 90, .. })));
}

#[test]
fn nothing_is_moved_where_there_is_no_store_or_two_move_at_once() {
    let none = TempDir::new().unwrap();
    let all = |dir| Selection { dir, before_ms: u64::MAX, segment_bytes: 2_000 };
    assert!(move_out(&all(none.path()), &mut |_, _| ()).unwrap_err().to_string().contains("there is no store"));
    let (dir, made) = of(10);
    let _other = store::sqlite::Lock::take(&dir.path().join(archive::DIR)).unwrap();
    assert!(move_out(&all(dir.path()), &mut |_, _| ()).unwrap_err().to_string().contains("in use"));
    drop(SqliteStore::open(dir.path(), MIGRATIONS).unwrap());
    assert_eq!(self::all(dir.path(), 10), made);
}

#[test]
fn a_compacted_journal_is_as_small_as_what_is_in_it() {
    let (dir, made) = of(3_000);
    moved(dir.path(), 3_900);
    let free = held(dir.path()).unwrap().free_bytes;
    let (before, after) = SqliteStore::compact_journal(dir.path()).unwrap();
    assert!(free > 200_000 && after <= before - free / 2, "{before} bytes, {free} free, then {after}");
    assert_eq!(all(dir.path(), 100), made);
    let _running = open(&dir);
    assert!(matches!(SqliteStore::compact_journal(dir.path()), Err(StoreError::InUse(_))));
}

fn backed_up(dir: &Path, to: &Path) -> Manifest {
    backup::take(&BackupRequest { dir, to, migrations: MIGRATIONS, version: "test", now_ms: 7 }, &mut |_, _| ())
        .unwrap()
}

#[test]
fn a_backup_has_the_segments_and_a_restore_puts_them_back() {
    let (dir, made) = of(300);
    let segments = moved(dir.path(), 1_201).segments;
    let (to, restored) = (dir.path().join("monday"), TempDir::new().unwrap());
    let manifest = backed_up(dir.path(), &to);
    assert_eq!((manifest.first_record, manifest.last_record, manifest.files.len()), (1, 300, 2 + segments.len()));
    let own = rusqlite::Connection::open(to.join("journal.db")).unwrap();
    assert_eq!(own.query_row("SELECT min(seq) FROM journal", (), |row| row.get::<_, u64>(0)).unwrap(), 201);
    drop(own);
    backup::restore(&to, restored.path(), MIGRATIONS).unwrap();
    assert_eq!(all(restored.path(), 10), made);
    let changed = to.join(archive::DIR).join(&segments[1].file);
    let mut bytes = std::fs::read(&changed).unwrap();
    bytes[5_000] ^= 1;
    std::fs::write(&changed, bytes).unwrap();
    let empty = TempDir::new().unwrap();
    let refused = backup::restore(&to, empty.path(), MIGRATIONS).unwrap_err().to_string();
    assert!(refused.contains(&segments[1].file), "{refused}");
    assert_eq!(std::fs::read_dir(empty.path()).unwrap().count(), 0, "nothing was written");
}

#[test]
fn a_backup_without_a_segment_that_is_elsewhere_says_where_it_begins() {
    let (dir, made) = of(300);
    let segments = moved(dir.path(), 1_201).segments;
    let (path, away) = (segments[0].path(dir.path()), dir.path().join("away"));
    std::fs::rename(&path, &away).unwrap();
    let (to, restored) = (dir.path().join("monday"), TempDir::new().unwrap());
    assert_eq!(backed_up(dir.path(), &to).first_record, segments[0].last + 1);
    backup::restore(&to, restored.path(), MIGRATIONS).unwrap();
    let read = |from| read_journal(restored.path()).unwrap().read(from, 1);
    assert!(matches!(read(1), Err(StoreError::ArchivedElsewhere { .. })));
    assert_eq!(read(segments[0].last + 1).unwrap(), made[segments[0].last as usize..][..1]);
    std::fs::copy(away, segments[0].path(restored.path())).unwrap();
    assert_eq!(all(restored.path(), 10), made, "what is put back later is taken");
}
