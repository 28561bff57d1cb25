//! The feed: what happens in the shop, on Apache Kafka, for programs of others. It stands beside the way of an order: it reads the journal
//! as far as that is durable, and a shop whose brokers are away goes on selling.
//!
//! Owns: the position up to which brokers have acknowledged, a file in the data directory.
//! Says each thing twice: as an event, and where a storefront stands for an older system, in the words of that one on its topic.
//! Promises: every event is sent at least once, in order for each key, over restarts of the shop and of brokers. A repeat has the same id.

mod events;
mod meters;
mod old;
mod position;
mod publish;
mod topics;

pub use meters::FeedMeters;
pub use publish::{Feed, FeedError, Given};
pub use topics::{TopicSettings, topics};
