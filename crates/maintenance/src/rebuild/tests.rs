//! Rebuilding on real stores: what is rebuilt is what was there, and what was wrong is right again.

use std::path::Path;

use contracts::states::OrderState;
use contracts::{Numbered, OrderId, Subject};
use engine::Parked;
use mypage::Line;
use store::sqlite::SqliteStore;
use store::{Change, Form, Journal, Record, TableReader, TableWriter};
use tempfile::TempDir;
use typed::{Key, Row};

use super::{my_page, tables};
use crate::offline_store::{OfflineStore, Progress};
use sample::{MOVIE, SHOW, Sample, shipped, walked};

fn my_page(dir: &TempDir) -> Result<my_page::Rebuilt, String> {
    my_page::rebuild(dir.path(), &shipped())
}

/// All rows of all tables, and how far they are.
fn everything(dir: &Path) -> Vec<Vec<Vec<String>>> {
    let mut store = OfflineStore::open(dir).unwrap();
    store.bring_forward(&mut Progress::of("")).unwrap();
    let mut reader = store.reader().unwrap();
    let names = host::tables().into_iter().map(|table| table.name).chain(["applied", "trail"]);
    names.map(|name| reader.report_in_sql(&format!("SELECT * FROM {name} ORDER BY 1, 2")).unwrap()).collect()
}

fn lines(dir: &Path) -> Vec<Vec<String>> {
    let mut reader = OfflineStore::open(dir).unwrap().reader().unwrap();
    reader.report_in_sql("SELECT * FROM my_page ORDER BY owner").unwrap()
}

/// Changes a line behind the journal's back.
fn plant(dir: &TempDir, key: OrderId, line: Option<&Line>) {
    write(dir, key, line);
}

fn write<R: Row>(dir: &TempDir, key: R::Key, row: Option<&R>) {
    let row = row.map(|row| Form::Row(row));
    let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
    let mut writer = store.writer().unwrap();
    let applied = writer.applied().unwrap();
    writer.apply(&mut [Change { table: R::TABLE, key: key.to_value(), row }], &mut [], applied).unwrap();
}

fn line(dir: &TempDir, order: OrderId) -> Line {
    let mut reader = OfflineStore::open(dir.path()).unwrap().reader().unwrap();
    store::rows_of::<Line>(reader.load(Line::TABLE, &[order.to_value()]).unwrap()).pop().unwrap()
}

#[test]
fn my_page_rebuilt_is_my_page_as_it_was() {
    let dir = walked();
    let before = everything(dir.path());
    let rebuilt = my_page(&dir).unwrap();
    assert_eq!((rebuilt.changed, rebuilt.added, rebuilt.removed, rebuilt.parked), (0, 0, 0, 0));
    assert_eq!(rebuilt.lines, lines(dir.path()).len() as u64);
    assert!(rebuilt.messages > rebuilt.lines);
    assert_eq!(everything(dir.path()), before, "no record was written either");
    assert!(!dir.path().join("rebuild-mypage.tmp").exists());
}

#[test]
fn wrong_missing_and_needless_lines_are_put_right_through_the_journal() {
    let dir = walked();
    let right = {
        everything(dir.path());
        lines(dir.path())
    };
    let first = OrderId::of(SHOW, 1);
    let wrong = line(&dir, first);
    plant(&dir, first, Some(&Line { state: OrderState::Rejected, points: Some(7), ..wrong.clone() }));
    plant(&dir, OrderId::of(MOVIE, 2), None);
    let nobody = OrderId::of(MOVIE, 77);
    plant(&dir, nobody, Some(&Line { owner: nobody, ..wrong }));
    assert_ne!(lines(dir.path()), right);

    let rebuilt = my_page(&dir).unwrap();
    assert_eq!((rebuilt.changed, rebuilt.added, rebuilt.removed), (1, 1, 1));
    assert_eq!(lines(dir.path()), right);

    SqliteStore::forget_tables(dir.path()).unwrap();
    everything(dir.path());
    assert_eq!(lines(dir.path()), right, "the journal has it too");
    assert_eq!(my_page(&dir).unwrap().changed, 0, "the record that put it right does not disturb the next time");
}

#[test]
fn much_that_is_wrong_is_put_right_by_records_of_a_bounded_length() {
    let dir = walked();
    everything(dir.path());
    let right = lines(dir.path());
    let needless = 2 * my_page::RECORD_ROWS + 1;
    let first = line(&dir, OrderId::of(SHOW, 1));
    write_all(
        &dir,
        (0..needless as u64).map(|n| Line { owner: OrderId::of(MOVIE, 1_000 + n), ..first.clone() }).collect(),
    );
    let before = last(&dir);
    let rebuilt = my_page(&dir).unwrap();
    assert_eq!((rebuilt.changed, rebuilt.added, rebuilt.removed), (0, 0, needless as u64));
    assert_eq!(last(&dir) - before, 3, "two full records, and one with the rest");
    assert_eq!(lines(dir.path()), right);
    SqliteStore::forget_tables(dir.path()).unwrap();
    everything(dir.path());
    assert_eq!(lines(dir.path()), right, "the journal has it too");
}

fn last(dir: &TempDir) -> u64 {
    store::sqlite::read_journal(dir.path()).unwrap().last().unwrap().unwrap().seq
}

fn write_all(dir: &TempDir, rows: Vec<Line>) {
    let put = |row| Change { table: Line::TABLE, key: Line::key(row).to_value(), row: Some(Form::Row(row)) };
    let mut changes: Vec<Change<'_>> = rows.iter().map(put).collect();
    let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
    let mut writer = store.writer().unwrap();
    let applied = writer.applied().unwrap();
    writer.apply(&mut changes, &mut [], applied).unwrap();
}

#[test]
fn what_was_parked_for_my_page_is_heard_and_parked_no_more() {
    let dir = walked();
    let right = everything(dir.path());
    let first = OrderId::of(SHOW, 1);
    let mut behind = line(&dir, first);
    (behind.state, behind.points) = (OrderState::Held, None);
    plant(&dir, first, Some(&behind));
    let parked = Parked {
        id: (7 << 5) | 6,
        service: 6,
        subject: Subject::Order(first).key(),
        name: "OrderConfirmed".into(),
        message: Vec::new().into(),
        reason: Some("it could not be read then".into()),
        at: 0,
        correlation: 0,
        message_id: 7,
        intent: None,
    };
    write(&dir, parked.id, Some(&parked));
    let rebuilt = my_page(&dir).unwrap();
    assert_eq!((rebuilt.changed, rebuilt.parked), (1, 1));
    let (mut now, mut right) = (everything(dir.path()), right);
    let applied = now.len() - 2;
    assert_ne!(now.remove(applied), right.remove(applied), "by one record of the journal");
    assert_eq!(now, right);
}

#[test]
fn tables_rebuilt_are_the_tables_as_they_were() {
    let dir = walked();
    let before = everything(dir.path());
    let report = tables::rebuild(dir.path()).unwrap().to_string();
    assert!(report.starts_with("rebuilt all tables from "), "{report}");
    assert!(report.contains("\n  orders "), "{report}");
    assert_eq!(everything(dir.path()), before);
}

#[test]
fn tables_stay_where_the_journal_is_damaged() {
    let dir = walked();
    let before = everything(dir.path());
    let mut store = OfflineStore::open(dir.path()).unwrap();
    let last = store.journal.last().unwrap().unwrap();
    store.journal.append(&Record::after(last.sum ^ 1, last.seq + 1, last.at, last.body)).unwrap();
    drop(store);
    let error = tables::rebuild(dir.path()).unwrap_err();
    assert!(error.contains("the tables stay as they are"), "{error}");
    let mut reader = store::sqlite::reader(dir.path()).unwrap();
    assert_eq!(reader.report_in_sql("SELECT * FROM applied").unwrap().len(), 1);
    assert!(my_page(&dir).unwrap_err().contains("damaged"));
    assert!(!before.is_empty());
}

#[test]
fn nothing_is_rebuilt_where_there_is_no_store_or_a_shop_runs() {
    let dir = TempDir::new().unwrap();
    assert!(my_page(&dir).unwrap_err().contains("there is no store"));
    assert!(tables::rebuild(dir.path()).unwrap_err().contains("there is no store"));
    let _running = Sample::open(&dir);
    assert!(my_page(&dir).unwrap_err().contains("in use"));
    assert!(tables::rebuild(dir.path()).unwrap_err().contains("in use"));
}
