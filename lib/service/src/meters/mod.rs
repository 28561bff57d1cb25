//! Metrics: a page that is written when it is asked for, from numbers that are kept without locks.

mod histogram;
mod process;
mod sheet;

pub use histogram::Histogram;
pub use process::ProcessMeters;
pub use sheet::{Labels, Meter, Meters, Sheet};
