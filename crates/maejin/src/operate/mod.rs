//! The operator's command line: asks a running shop over HTTP, or reads the store of a stopped one, and shows what it heard.

mod address;
pub mod config;
pub mod offerings;
pub mod orders;
mod output;
pub mod parked;
pub mod points;
mod shop;
mod source;
mod table;

pub use address::Address;
