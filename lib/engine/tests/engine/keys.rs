//! A command that comes twice with one key is done once and answered twice.

use engine::Core;

use crate::toy::Act::*;
use crate::toy::{Answer, Item, Message, item, keyed, rig};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

#[test]
fn the_same_key_gets_the_same_answer_and_nothing_is_done_again() {
    let mut rig = rig();
    let again = || keyed("k", 5, vec![Count(1), Answer(42)]);
    let (answers, _) = rig.batch(|core| [core.command(again()).unwrap(), core.command(again()).unwrap()]);
    assert_eq!(answers, [Answer::Number(42), Answer::Number(42)]);
    let (answer, sealed) = rig.batch(|core| core.command(again()).unwrap());
    assert_eq!(answer, Answer::Number(42));
    assert!(sealed.record.is_none());
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
    let (answer, sealed) = rig.batch(|core| core.command(keyed("k", 5, vec![Refuse])).unwrap());
    assert_eq!((answer, sealed.record.is_none()), (Answer::Refused, true));
    let (answer, _) = rig.batch(|core| core.command(keyed("k", 6, vec![Count(1), Answer(1)])).unwrap());
    assert_eq!(answer, Answer::Number(1), "with another command, too");
    assert_eq!(item(&mut rig, 1), Some(1));
}

#[test]
fn a_command_on_a_condition_is_given_once_and_then_has_its_answer_whatever_the_rows_are() {
    let mut rig = rig();
    let decide = |core: &mut Core<Message, Answer>| {
        let value = core.row::<Item>(&1)?.map_or(0, |item| item.value);
        Ok(if value == 0 { Ok(keyed("k", 5, vec![Count(1), Answer(42)])) } else { Err(value) })
    };
    let key = keyed("k", 5, vec![]).key;
    for _ in 0..2 {
        let (answer, _) = rig.batch(|core| core.command_if(key.as_ref(), decide).unwrap());
        assert_eq!(answer, Ok(Answer::Number(42)));
    }
    let (refused, sealed) = rig.batch(|core| core.command_if(None, decide).unwrap());
    assert_eq!((refused, sealed.record.is_none()), (Err(1), true));
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

#[test]
fn a_key_is_forgotten_after_a_day_and_not_before() {
    let mut rig = rig();
    rig.batch(|core| core.command(keyed("old", 5, vec![Count(1)])).unwrap());
    rig.now += 1_000;
    rig.batch(|core| core.command(keyed("young", 5, vec![Count(1)])).unwrap());
    let mut rig = rig.reopen();
    rig.now += DAY_MS - 1_000;
    rig.batch(|core| core.forget_old_keys().unwrap());
    assert_eq!(rig.all::<engine::Remembered>().len(), 2, "a day to the millisecond is kept");
    rig.now += 1;
    rig.batch(|core| core.forget_old_keys().unwrap());
    let left: Vec<_> = rig.all::<engine::Remembered>().into_iter().map(|row| row.key.to_string()).collect();
    assert_eq!(left, ["young"]);
    let mut rig = rig.reopen();
    for key in ["old", "young"] {
        rig.batch(|core| core.command(keyed(key, 5, vec![Count(1)])).unwrap());
    }
    assert_eq!(item(&mut rig, 1), Some(3));
}

#[test]
fn a_key_that_came_again_is_not_forgotten_with_its_past_however_far_the_tables_are_behind() {
    let mut rig = rig();
    let again = || keyed("k", 5, vec![Count(1)]);
    rig.batch(|core| core.command(again()).unwrap());
    rig.settle();
    rig.now += DAY_MS + 1;
    rig.batch(|core| core.forget_old_keys().unwrap());
    rig.batch(|core| core.command(again()).unwrap());
    rig.batch(|core| core.forget_old_keys().unwrap()); // of the tables, which have the key as it was a day ago
    rig.batch(|core| core.command(again()).unwrap());
    assert_eq!(item(&mut rig, 1), Some(2), "once before the day was over, once since");
}
