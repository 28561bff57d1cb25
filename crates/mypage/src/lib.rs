//! My page: a customer's orders with every date, amount and state, to be read. Fed by events alone, so that it can be built anew from them.
//!
//! Owns: one line for each order.
//! Accepts: nothing.
//! Says: nothing.
//! Listens: to orders alone.
//! Always: built anew from the journal's messages it is what it was.

mod line;
mod projections;
pub mod queries;
mod role;
mod store;

pub use line::Line;
pub use role::MyPageService;
pub use store::{Counter as LineCounter, MIGRATIONS, tables};
