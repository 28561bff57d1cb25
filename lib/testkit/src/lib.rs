//! For tests: an engine on a store of its own, without threads, whose clock stands in the test's hand and which can crash at any record;
//! what its tables hold, to be compared; and stores that are slow, stuck or broken. It panics where a test could only do the same.

mod faults;
mod rig;
mod tables;

pub use faults::{Broken, Counting, Gate, Gated, Pipelined, Slow, TakenOver, Unfolded};
pub use rig::{Plan, Rig};
pub use tables::{Rows, check_columns, rows};
