//! The client of Kafka: librdkafka, which is built from its source.

mod client;
mod config;
mod outlet;
mod topics;

pub use outlet::Outlet;
pub use topics::Topics;
