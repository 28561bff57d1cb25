//! A command that comes twice with one key is done once and answered twice.

use crate::toy::Act::*;
use crate::toy::{Answer, Message, item, keyed, rig};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

#[test]
fn the_same_key_gets_the_same_answer_and_nothing_is_done_again() {
    let mut rig = rig();
    let again = || keyed("k", 5, vec![Count(1), Answer(42)]);
    let (answers, _) = rig.batch(|core| [core.command(again()).unwrap(), core.command(again()).unwrap()]);
    assert_eq!(answers, [Answer::Number(42), Answer::Number(42)]);
    let (answer, batch) = rig.batch(|core| core.command(again()).unwrap());
    assert_eq!(answer, Answer::Number(42));
    assert!(batch.record.is_none());
    let mut rig = rig.reopen();
    assert_eq!(rig.batch(|core| core.command(again()).unwrap()).0, Answer::Number(42));
    assert_eq!(item(&mut rig, 1), Some(1));
}

#[test]
fn the_same_key_with_another_command_is_refused_also_after_a_restart() {
    let mut rig = rig();
    rig.batch(|core| core.command(keyed("k", 5, vec![Count(1)])).unwrap());
    let other = || keyed("k", 6, vec![Count(1)]);
    assert_eq!(rig.batch(|core| core.command(other()).unwrap()).0, Answer::KeyReused);
    let mut rig = rig.reopen();
    assert_eq!(rig.batch(|core| core.command(other()).unwrap()).0, Answer::KeyReused);
    assert_eq!(item(&mut rig, 1), Some(1));
}

#[test]
fn a_refusal_that_changed_something_is_remembered_too() {
    let mut rig = rig();
    rig.batch(|core| core.command(keyed("k", 5, vec![Put(7, 1), Refuse])).unwrap());
    let mut rig = rig.reopen();
    let (answer, _) = rig.batch(|core| core.command(keyed("k", 5, vec![Answer(1)])).unwrap());
    assert_eq!(answer, Answer::Refused);
}

#[test]
fn a_refusal_that_changed_nothing_makes_no_record_and_its_key_may_come_again() {
    let mut rig = rig();
    let (answer, batch) = rig.batch(|core| core.command(keyed("k", 5, vec![Refuse])).unwrap());
    assert_eq!((answer, batch.record.is_none()), (Answer::Refused, true));
    let (answer, _) = rig.batch(|core| core.command(keyed("k", 6, vec![Count(1), Answer(1)])).unwrap());
    assert_eq!(answer, Answer::Number(1), "with another command, too");
    assert_eq!(item(&mut rig, 1), Some(1));
}

#[test]
fn a_command_that_failed_may_be_tried_again_with_its_key() {
    let mut rig = rig();
    rig.batch(|core| core.command(keyed("k", 5, vec![Fail])).unwrap_err());
    assert_eq!(rig.batch(|core| core.command(keyed("k", 5, vec![Answer(1)])).unwrap()).0, Answer::Number(1));
}

#[test]
fn a_key_whose_batch_was_lost_is_new() {
    let rig = rig();
    let mut rig = rig.crash_before_append(|core| core.command(keyed("k", 5, vec![Count(1), Answer(1)])).unwrap());
    rig.batch(|core| core.command(keyed("k", 5, vec![Count(1), Answer(1)])).unwrap());
    assert_eq!(item(&mut rig, 1), Some(1));
}

/// For how long keys are added to one period, which is forgotten as a whole.
const PERIOD_MS: u64 = DAY_MS / 4;

#[test]
fn a_key_is_kept_for_a_day_and_forgotten_with_its_period_in_memory_and_table() {
    let mut rig = rig();
    rig.batch(|core| core.command(keyed("old", 5, vec![Count(1)])).unwrap());
    rig.now += PERIOD_MS - 1;
    rig.batch(|core| core.command(keyed("of one period with it", 5, vec![Count(1)])).unwrap());
    rig.now += 1;
    rig.batch(|core| core.command(keyed("young", 5, vec![Count(1)])).unwrap());
    let mut rig = rig.reopen();
    rig.now += DAY_MS;
    let (_, batch) = rig.batch(|core| core.forget_old_keys().unwrap());
    assert!(batch.record.is_none(), "a day to the millisecond is kept");
    assert_eq!(rig.core.keys(), (3, 0));
    rig.now += 1;
    let (_, batch) = rig.batch(|core| core.forget_old_keys().unwrap());
    assert_eq!(crate::toy::changes(&batch).len(), 2, "the period, and how far: not a row for each key");
    assert_eq!(rig.core.keys(), (1, 0));
    let left: Vec<u64> = rig.all::<engine::Remembered>().into_iter().map(|row| row.place).collect();
    assert_eq!(left, [3]);
    for mut rig in [rig.reopen()].into_iter().map(testkit::Rig::rebuild) {
        assert_eq!(rig.all::<engine::Remembered>().len(), 1, "also in tables that are built anew");
        for key in ["old", "of one period with it", "young"] {
            rig.batch(|core| core.command(keyed(key, 5, vec![Count(1)])).unwrap());
        }
        assert_eq!(item(&mut rig, 1), Some(5));
    }
}

#[test]
fn a_key_that_came_again_is_not_forgotten_with_its_past_however_far_the_tables_are_behind() {
    let mut rig = rig();
    let again = || keyed("k", 5, vec![Count(1)]);
    rig.batch(|core| core.command(again()).unwrap());
    rig.settle();
    rig.now += DAY_MS + PERIOD_MS + 1;
    rig.batch(|core| core.forget_old_keys().unwrap());
    rig.batch(|core| core.command(again()).unwrap());
    rig.batch(|core| core.forget_old_keys().unwrap());
    rig.batch(|core| core.command(again()).unwrap());
    assert_eq!(item(&mut rig, 1), Some(2), "once before the day was over, once since");
    let mut rig = rig.reopen();
    rig.batch(|core| core.command(again()).unwrap());
    assert_eq!(item(&mut rig, 1), Some(2));
}

#[test]
fn keys_leave_the_table_in_parts_so_that_nobody_waits_for_very_many() {
    let mut rig = rig();
    rig.batch(|core| {
        for n in 0..60_000 {
            core.command(keyed(&n.to_string(), 5, vec![Answer(n)])).unwrap();
        }
    });
    rig.now += DAY_MS + PERIOD_MS + 1;
    let count = |rig: &mut testkit::Rig<Message, Answer>| rig.all::<engine::Remembered>().len();
    rig.batch(|core| core.forget_old_keys().unwrap());
    assert_eq!((rig.core.keys().0, count(&mut rig)), (0, 10_000));
    let mut rig = rig.reopen();
    rig.batch(|core| core.forget_old_keys().unwrap());
    assert_eq!(count(&mut rig), 0);
    let (_, batch) = rig.batch(|core| core.forget_old_keys().unwrap());
    assert!(batch.record.is_none(), "there is nothing more to forget");
}

/// What an earlier maejin remembered of a key.
fn from_before(key: &str, at: u64) -> engine::RememberedBefore {
    let answer = minicbor::to_vec(Answer::Number(42)).unwrap();
    engine::RememberedBefore { key: key.into(), fingerprint: 5, answer: answer.into(), at }
}

#[test]
fn what_an_earlier_maejin_remembered_is_known_for_its_day() {
    let mut rig = rig();
    let row = from_before("k", rig.now);
    rig.batch(|core| core.put_right(row.key.clone(), Some(row)).unwrap());
    for again in [testkit::Rig::reopen, testkit::Rig::rebuild] {
        rig = again(rig);
        assert_eq!(rig.core.keys(), (1, 0));
        assert_eq!(rig.batch(|core| core.command(keyed("k", 5, vec![Count(1)])).unwrap()).0, Answer::Number(42));
        assert_eq!(rig.batch(|core| core.command(keyed("k", 6, vec![Count(1)])).unwrap()).0, Answer::KeyReused);
    }
    rig.now += DAY_MS + 1;
    rig.batch(|core| core.forget_old_keys().unwrap());
    assert_eq!((rig.core.keys(), rig.all::<engine::RememberedBefore>()), ((0, 0), vec![]));
    rig.batch(|core| core.command(keyed("k", 5, vec![Count(1)])).unwrap());
    assert_eq!(item(&mut rig, 1), Some(1));
}
