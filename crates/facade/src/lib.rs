//! The shop behind the facades: their words turned into commands and queries for the port, and the facades behind a door.
//!
//! It knows no service, no engine and no store; what a facade is like stands in the files of `storefronts`.

mod catalogue;
mod expected;
mod fields;
mod mounted;
mod orders;
mod points;
mod query;
mod record;
mod shop;
mod totals;

pub use mounted::MountedFacade;
pub use shop::PortShop;
