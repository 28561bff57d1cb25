//! What whoever looks after a store does with it, and who sells from it does not: backups, archives, comparisons, reports. An engine in
//! memory has nothing of that.

pub mod archive;
pub mod backup;
mod compare;
mod files;
mod report;

pub use compare::{Differences, compare, compare_trail};
