//! Every service on shards of its own, or some together, with everything between them going wrong that can: no order is sold twice, half done
//! or forgotten. And each guard that holds this is missed when it is gone.

use tests::simulation::{Fault, Guard, try_seeds};

const SEEDS: u64 = 200;
const ORDERS: usize = 200;
/// With so many seeds, of so many orders, each guard is missed.
const FEW: u64 = 32;
const SOME: usize = 80;

#[test]
fn services_apart_sell_nothing_twice_and_leave_no_order_half_done() {
    let course = try_seeds(0..SEEDS, ORDERS, None).expect("all of it holds with every seed");
    println!("{course}");
    for fault in Fault::ALL {
        assert!(course.faults.contains_key(&fault), "{fault:?} came about");
    }
    for state in ["confirmed", "rejected", "cancelled"] {
        assert!(course.states.contains_key(state), "some orders are {state}: {course}");
    }
}

#[test]
fn a_seed_always_comes_to_the_same() {
    let runs = [(); 2].map(|()| try_seeds(0..8, SOME, None).expect("all of it holds"));
    assert_eq!(runs[0], runs[1]);
}

fn is_missed(guard: Guard) {
    let found = try_seeds(0..FEW, SOME, Some(guard)).expect_err("something did not hold");
    println!("{guard}: {found:?}");
}

#[test]
fn it_is_missed_that_a_journal_refuses_who_was_taken_over_from() {
    is_missed(Guard::Epoch);
}

#[test]
fn it_is_missed_that_tables_refuse_who_was_taken_over_from() {
    is_missed(Guard::TableEpoch);
}

#[test]
fn it_is_missed_that_what_was_taken_in_is_not_taken_in_again() {
    is_missed(Guard::Watermark);
}

#[test]
fn it_is_missed_that_a_command_with_the_same_key_is_done_once() {
    is_missed(Guard::Keys);
}

#[test]
fn it_is_missed_that_messages_about_the_same_thing_stay_in_order() {
    is_missed(Guard::Order);
}

#[test]
fn it_is_missed_that_what_was_done_last_is_undone_first() {
    is_missed(Guard::Undo);
}
