//! Apache Kafka, as a shop talks to it: how it is reached, topics made where they are missing, and messages sent in order until they are
//! acknowledged. It knows no ticket and no order.

#[cfg(not(feature = "librdkafka"))]
mod absent;
mod access;
mod error;
#[cfg(feature = "librdkafka")]
mod librdkafka;
mod shapes;

pub use access::{Access, Account};
pub use error::KafkaError;
pub use shapes::{Outgoing, Topic};

#[cfg(not(feature = "librdkafka"))]
pub use absent::{Outlet, Topics};
#[cfg(feature = "librdkafka")]
pub use librdkafka::{Outlet, Topics};
