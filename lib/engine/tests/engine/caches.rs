//! The rows in memory: written once each, never lost, and read from the table only where that is needed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::{Core, Tables, bring_forward};
use store::sqlite::SqliteStore;
use store::{Journal, TableWriter};
use tempfile::TempDir;
use testkit::Counting;
use typed::KeyValue::{Int, Text};

use crate::toy::Act::*;
use crate::toy::{Answer, Doer, Item, Message, changes, command, item, migrations, rig, run, tables};

#[test]
fn each_changed_row_is_in_the_record_once_as_it_is_at_the_end() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Put(1, 1), PutNamed("a".into(), 1)]).0.unwrap();
    let (_, batch) = rig.batch(|core| {
        for value in 2..50 {
            core.command(command(1, vec![Put(1, value), Put(2, value), DeleteNamed("a".into())])).unwrap();
        }
        core.command(command(1, vec![Delete(1)])).unwrap();
    });
    let mut changed = changes(&batch);
    changed.sort();
    assert_eq!(changed, [(900, Int(1), false), (900, Int(2), true), (901, Text("a".into()), false)]);
    assert_eq!(item(&mut rig.reopen(), 2), Some(49));
}

#[test]
fn what_was_made_and_deleted_in_one_batch_leaves_nothing() {
    let mut rig = rig();
    let acts = vec![Put(5, 1), Wake(9, 5_000, vec![]), Intend(9, 1), Delete(5), DoNotWake(9), Settle(9)];
    let (_, batch) = run(&mut rig, 1, acts);
    assert_eq!(changes(&batch), []);
    assert_eq!(batch.intents.len(), 0);
    assert_eq!(rig.core.next_due(), None);
}

#[test]
fn what_was_made_before_is_deleted_also_if_it_was_not_in_memory() {
    let mut rig = rig();
    let named = || "a".to_owned();
    run(&mut rig, 1, vec![Put(5, 1), Put(6, 1), PutNamed(named(), 1), Wake(9, 5_000, vec![]), Intend(9, 1)]).0.unwrap();
    let mut rig = rig.reopen();
    // Without a look at them first.
    run(&mut rig, 1, vec![Delete(5), Put(6, 2), Delete(6), DeleteNamed(named())]).0.unwrap();
    run(&mut rig, 1, vec![Wake(9, 6_000, vec![]), DoNotWake(9), Intend(9, 2), Settle(9)]).0.unwrap();
    let mut rig = rig.reopen();
    let rows = rig.rows(&tables());
    assert!(rows.values().all(Vec::is_empty), "{rows:?}");
}

#[test]
fn a_row_deleted_and_made_again_and_deleted_stays_away_however_slow_the_tables_are() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Put(5, 1)]).0.unwrap();
    rig.settle();
    run(&mut rig, 1, vec![Delete(5)]).0.unwrap();
    run(&mut rig, 1, vec![Put(5, 2), Delete(5)]).0.unwrap();
    // The table on disk still has it; only as much of memory may go as the table knows.
    rig.core.evict(1);
    fill_and_evict(&mut rig, 1);
    run(&mut rig, 1, vec![Expect(5, None)]).0.unwrap();
}

/// Fills the cache of items until it has let go of all it may, if the tables are at record `applied`.
fn fill_and_evict(rig: &mut testkit::Rig<Message, Answer>, applied: u64) {
    for round in 0..3 {
        for part in 0..8 {
            let base = 1_000_000 * (round * 8 + part + 1);
            run(rig, 1, (base..base + 5_000).map(|id| Put(id, 1)).collect()).0.unwrap();
        }
        rig.core.evict(applied);
    }
}

#[test]
fn a_row_that_no_table_has_is_never_let_go() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Put(5, 55), Put(6, 66)]).0.unwrap();
    rig.settle();
    let applied = rig.core.seq();
    run(&mut rig, 1, vec![Put(5, 56), Delete(6), Put(7, 77)]).0.unwrap();
    fill_and_evict(&mut rig, applied);
    run(&mut rig, 1, vec![Expect(5, Some(56)), Expect(6, None), Expect(7, Some(77))]).0.unwrap();
    let mut rig = rig.reopen();
    assert_eq!([5, 6, 7].map(|id| item(&mut rig, id)), [Some(56), None, Some(77)]);
}

#[test]
fn a_row_that_was_let_go_is_read_again() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Put(5, 55)]).0.unwrap();
    rig.settle();
    let applied = rig.core.seq();
    fill_and_evict(&mut rig, applied);
    assert_eq!(rig.core.view().get::<Item>(&5), None, "it is not in memory any more");
    run(&mut rig, 1, vec![Expect(5, Some(55)), Count(5)]).0.unwrap();
    assert_eq!(item(&mut rig, 5), Some(56));
}

/// An engine over a store whose reads are counted.
struct Counted {
    _dir: TempDir,
    reads: Arc<AtomicUsize>,
    core: Core<Message, Answer>,
    store: SqliteStore,
}

fn counted(with: &[u64]) -> Counted {
    let dir = TempDir::new().unwrap();
    let store = SqliteStore::open(dir.path(), &migrations()).unwrap();
    let (mut journal, mut writer) = (store.journal().unwrap(), store.writer().unwrap());
    let mut core = Core::open(vec![Box::new(Doer)], Box::new(store.reader().unwrap()), 0, 0).unwrap();
    core.begin(1);
    core.command(command(1, with.iter().map(|id| Put(*id, *id)).collect())).unwrap();
    journal.append(&core.finish().record.unwrap()).unwrap();
    let known = Tables::new(tables());
    let (seq, sum, _) = bring_forward::<Message>(&mut journal, &known, &mut writer, &mut |_, _| {}).unwrap();
    assert_eq!(writer.applied().unwrap().seq, seq);
    let reads = Arc::new(AtomicUsize::new(0));
    let reader = Counting(store.reader().unwrap(), reads.clone());
    let core = Core::open(vec![Box::new(Doer)], Box::new(reader), seq, sum).unwrap();
    Counted { _dir: dir, reads, core, store }
}

#[test]
fn a_key_above_the_highest_is_new_without_a_read() {
    let group = |group: u64, key: u64| (group << typed::GROUP_SHIFT) | key;
    let mut counted = counted(&[group(1, 5), group(2, 1)]);
    let mut reads = |acts: Vec<crate::toy::Act>| {
        counted.reads.store(0, Ordering::SeqCst);
        counted.core.command(command(1, acts)).unwrap();
        counted.reads.load(Ordering::SeqCst)
    };
    assert_eq!(reads(vec![Expect(group(1, 6), None), Put(group(1, 6), 1), Expect(group(1, 6), Some(1))]), 0);
    assert_eq!(reads(vec![Expect(group(3, 1), None), Count(group(3, 1)), Delete(group(3, 1))]), 0);
    assert_eq!(reads(vec![Expect(group(1, 5), Some(group(1, 5)))]), 1);
    assert_eq!(reads(vec![Expect(group(1, 5), Some(group(1, 5)))]), 0, "it is in memory now");
    assert_eq!(reads(vec![Expect(group(1, 3), None)]), 1, "below the highest only the table can tell");
    assert_eq!(reads(vec![Expect(group(1, 3), None)]), 0, "that there is none is known now");
    drop(counted.store);
}
