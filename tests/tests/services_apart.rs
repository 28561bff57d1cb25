//! Every service on a node of its own, with everything between them going wrong that can: no order is sold twice, half done or forgotten.

use tests::simulation::{APART, Fault, try_seeds};

const SEEDS: u64 = 200;
const ORDERS: usize = 200;

#[test]
fn services_apart_sell_nothing_twice_and_leave_no_order_half_done() {
    let course = try_seeds(0..SEEDS, &APART, ORDERS).expect("all of it holds with every seed");
    println!("{course}");
    for fault in Fault::ALL {
        assert!(course.faults.contains_key(&fault), "{fault:?} came about");
    }
    for state in ["confirmed", "rejected", "cancelled"] {
        assert!(course.states.contains_key(state), "some orders are {state}: {course}");
    }
}
