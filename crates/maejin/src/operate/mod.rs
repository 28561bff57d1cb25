//! The operator's command line: asks a running shop over HTTP, or reads the store of a stopped one, and shows what it heard.

mod address;
pub mod config;
pub mod offerings;
pub mod orders;
pub mod parked;
pub mod points;
mod shop;
mod source;
mod table;
mod told;

pub use address::Address;
