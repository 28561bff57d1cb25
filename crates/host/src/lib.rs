//! What hosts the services: the one list of them, and the node on which they run. It knows no HTTP.

mod at_rest;
#[cfg(test)]
mod by_recency;
mod decisions;
mod fill_in;
pub mod history;
mod houses;
mod local;
mod location;
mod node;
mod observer;
mod parked;
mod services;
mod sold_out;

pub use at_rest::AtRest;
pub use decisions::{Decisions, Waiting};
pub use local::Local;
pub use location::{Location, OpenStore};
pub use node::{Opened, RETRY_AFTER_S, Running, World, bring_forward, open, start};
pub use observer::{Meters, StateMeters, Traces, Watch};
pub use services::{HOSTED, Hosted, migrations, services, tables};
pub use sold_out::SoldOut;
