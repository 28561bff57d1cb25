//! A clock that is wrong for a second does no harm for longer: deadlines pass by the time that has passed.

use crate::toy::Act::*;
use crate::toy::{Answer, item, keyed, rig};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
const YEAR_MS: u64 = 365 * DAY_MS;

/// How far a clock may be wrong, in milliseconds: ten years ahead, 25 hours, a year behind, before 1970.
const WRONG: [i64; 5] =
    [10 * YEAR_MS as i64, 25 * 60 * 60 * 1000, 3_600_000, -(YEAR_MS as i64), -100 * (YEAR_MS as i64)];

#[test]
fn a_timer_fires_by_the_time_that_has_passed_whatever_the_wall_shows_then_or_showed_when_it_was_set() {
    for (set, fires) in WRONG.iter().flat_map(|wrong| [(*wrong, 0), (0, *wrong), (*wrong, *wrong)]) {
        let (mut rig, start) = (rig(), 50 * YEAR_MS);
        let wall = |steady: u64, wrong: i64| (steady.saturating_add_signed(wrong), steady);
        let (now, steady) = wall(start, set);
        rig.batch_at(now, steady, |core| {
            core.command(crate::toy::command(1, vec![Wake(1, now + 5_000, vec![Count(1)])]))
        })
        .0
        .unwrap();
        let (now, steady) = wall(start + 4_999, fires);
        rig.batch_at(now, steady, |_| ());
        assert_eq!(item(&mut rig, 1), None, "set at {set}, looked at {fires}");
        let (now, steady) = wall(start + 5_000, fires);
        rig.batch_at(now, steady, |_| ());
        assert_eq!(item(&mut rig, 1), Some(1), "set at {set}, looked at {fires}");
    }
}

#[test]
fn time_follows_the_wall_also_back() {
    let mut rig = rig();
    let at = |rig: &mut testkit::Rig<_, _>, now, steady| {
        rig.batch_at(now, steady, |core: &mut engine::Core<_, _>| core.command(crate::toy::command(1, vec![Say(1)])))
            .1
            .record
            .unwrap()
            .at
    };
    assert_eq!(at(&mut rig, 10 * YEAR_MS, 1_000), 10 * YEAR_MS);
    assert_eq!(at(&mut rig, 2_000, 2_000), 2_000);
}

#[test]
fn a_key_is_forgotten_when_both_clocks_say_that_it_is_a_day_old() {
    for wrong in WRONG {
        let (mut rig, start) = (rig(), 50 * YEAR_MS);
        let order = || keyed("k", 5, vec![Count(1), Answer(42)]);
        rig.batch_at(start, start, |core| core.command(order()).unwrap());
        let glitch = start.saturating_add_signed(wrong);
        rig.batch_at(glitch, start + 1_000, |core| core.forget_old_keys().unwrap());
        let (answer, _) = rig.batch_at(start + 2_000, start + 2_000, |core| core.command(order()).unwrap());
        assert_eq!((answer, item(&mut rig, 1)), (Answer::Number(42), Some(1)), "{wrong}");
    }
}

#[test]
fn a_key_is_not_forgotten_right_after_a_start_at_a_wrong_time() {
    let (mut rig, start) = (rig(), 50 * YEAR_MS);
    rig.batch_at(start, start, |core| core.command(keyed("k", 5, vec![Answer(42)])).unwrap());
    let mut rig = rig.reopen();
    rig.core.wake_at(start + 2 * DAY_MS).unwrap();
    rig.batch_at(start + 2 * DAY_MS, start + 2 * DAY_MS, |core| core.forget_old_keys().unwrap());
    assert_eq!(rig.core.keys(), (1, 0));
    rig.batch_at(start + 3 * DAY_MS, start + 3 * DAY_MS, |core| core.forget_old_keys().unwrap());
    assert_eq!(rig.core.keys(), (0, 0));
}

#[test]
fn at_a_start_a_timer_that_was_set_while_the_clock_was_wrong_waits_as_long_as_it_was_to_wait() {
    let (mut rig, start) = (rig(), 50 * YEAR_MS);
    let wrong = start + 10 * YEAR_MS;
    rig.batch_at(wrong, start, |core| {
        core.command(crate::toy::command(1, vec![Wake(1, wrong + 5_000, vec![Count(1)])])).unwrap()
    });
    rig.batch_at(start, start, |core| {
        core.command(crate::toy::command(1, vec![Wake(2, start + 5_000, vec![Count(2)])])).unwrap()
    });
    let mut rig = rig.reopen();
    rig.core.wake_at(start + 1_000).unwrap();
    assert_eq!(rig.core.next_due(), Some(start + 5_000), "the other one is due when it was");
    rig.batch_at(start + 5_999, start + 5_999, |_| ());
    assert_eq!((item(&mut rig, 1), item(&mut rig, 2)), (None, Some(1)));
    rig.batch_at(start + 6_000, start + 6_000, |_| ());
    assert_eq!(item(&mut rig, 1), Some(1));
}
