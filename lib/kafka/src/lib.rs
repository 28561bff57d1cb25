//! Apache Kafka, as a shop talks to it: how it is reached, topics made where they are missing, and messages sent in order until they are
//! acknowledged. It knows no ticket and no order.

mod access;
mod client;
mod error;
mod outlet;
mod topics;

pub use access::{Access, Account};
pub use error::KafkaError;
pub use outlet::{Outgoing, Outlet};
pub use topics::{Topic, Topics};
