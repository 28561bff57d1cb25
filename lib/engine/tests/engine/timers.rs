//! Timers: at their time, once, over a restart too.

use crate::toy::Act::*;
use crate::toy::{item, rig, run, words};

#[test]
fn a_timer_fires_once_at_its_time_also_after_a_restart() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Wake(1, 5_000, vec![Count(1)]), Wake(2, 6_000, vec![Count(2)])]).0.unwrap();
    assert_eq!(rig.core.next_due(), Some(5_000));
    let mut rig = rig.reopen();
    assert_eq!(rig.core.next_due(), Some(5_000));
    rig.now = 4_999;
    rig.batch(|_| ());
    assert_eq!(item(&mut rig, 1), None);
    rig.now = 5_000;
    rig.batch(|_| ());
    rig.batch(|_| ());
    assert_eq!((item(&mut rig, 1), item(&mut rig, 2)), (Some(1), None));
    let mut rig = rig.reopen();
    rig.now = 7_000;
    rig.batch(|_| ());
    assert_eq!((item(&mut rig, 1), item(&mut rig, 2)), (Some(1), Some(1)));
    assert_eq!(rig.all::<engine::Timer>(), []);
}

#[test]
fn a_timer_that_fired_in_a_batch_that_was_lost_fires_again() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Wake(1, 5_000, vec![Count(1)])]).0.unwrap();
    rig.now = 5_000;
    let mut rig = rig.crash_before_append(|core| core.fire_timers().unwrap());
    assert_eq!(item(&mut rig, 1), None);
    rig.batch(|_| ());
    assert_eq!(item(&mut rig, 1), Some(1));
}

#[test]
fn a_later_timer_takes_the_place_of_an_earlier_one() {
    for (first, second) in [(5_000, 6_000), (6_000, 5_000), (5_000, 5_000)] {
        let mut rig = rig();
        run(&mut rig, 1, vec![Wake(1, first, vec![Count(1)])]).0.unwrap();
        run(&mut rig, 1, vec![Wake(1, second, vec![Count(2)])]).0.unwrap();
        rig.now = second - 1;
        rig.batch(|_| ());
        assert_eq!((item(&mut rig, 1), item(&mut rig, 2)), (None, None));
        rig.now = 9_000;
        rig.batch(|_| ());
        assert_eq!((item(&mut rig, 1), item(&mut rig, 2)), (None, Some(1)), "{first} then {second}");
    }
}

#[test]
fn a_timer_that_was_taken_back_does_not_fire() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Wake(1, 5_000, vec![Count(1)]), Wake(2, 5_000, vec![Count(1)])]).0.unwrap();
    run(&mut rig, 1, vec![DoNotWake(1)]).0.unwrap();
    let mut rig = rig.reopen();
    run(&mut rig, 1, vec![DoNotWake(2), DoNotWake(3)]).0.unwrap();
    rig.now = 9_000;
    rig.batch(|_| ());
    assert_eq!(item(&mut rig, 1), None);
}

#[test]
fn a_timer_may_wake_itself_again() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Wake(1, 2_000, vec![Count(1), Wake(1, 3_000, vec![Count(1)])])]).0.unwrap();
    rig.now = 2_000;
    rig.batch(|_| ());
    assert_eq!(item(&mut rig, 1), Some(1));
    rig.now = 3_000;
    rig.batch(|_| ());
    assert_eq!(item(&mut rig, 1), Some(2));
}

#[test]
fn timers_fire_in_the_order_of_their_times() {
    let mut rig = rig();
    let wake = |key, at| Wake(key, at, vec![Say(key)]);
    run(&mut rig, 1, vec![wake(1, 4_000), wake(2, 2_000), wake(3, 3_000)]).0.unwrap();
    rig.now = 9_000;
    rig.batch(|_| ());
    assert_eq!(words(&mut rig, 1), "2 3 1 ");
}

#[test]
fn a_timer_whose_message_fails_is_parked_and_not_fired_again() {
    let mut rig = rig();
    run(&mut rig, 1, vec![Wake(1, 2_000, vec![Fail])]).0.unwrap();
    rig.now = 2_000;
    rig.batch(|_| ());
    rig.batch(|_| ());
    assert_eq!(rig.all::<engine::Parked>().len(), 1);
    assert_eq!(rig.all::<engine::Timer>(), []);
}
