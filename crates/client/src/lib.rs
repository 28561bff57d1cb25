//! The operator's command line: asks a running shop over HTTP, and shows what it heard.
//!
//! Owns: the verbs on orders, parked work, offerings, points and the log level, from their arguments to what they print. What is read of a stopped shop
//! somebody else reads, since this knows no store.

mod address;
mod args;
mod cancel_orders;
mod consent;
mod csv;
mod list;
mod log;
mod offerings;
mod orders;
pub mod output;
mod parked;
mod points;
mod seat_list;
mod seats;
mod shop;
mod source;
pub mod table;

pub use address::Address;
pub use args::{Log, Offerings, Orders, Parked, Points, Source};
pub use shop::PREFIX;
pub use source::Stopped;
