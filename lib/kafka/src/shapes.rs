//! What is sent, and where it stands.

use std::sync::Arc;

/// A message to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// To which topic.
    pub topic: Arc<str>,
    /// To which of its partitions; by the key, as the Java client chooses, where none is named.
    pub partition: Option<i32>,
    /// What stays in order; none for a message that has no key.
    pub key: Option<String>,
    /// What stands beside the body.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When it happened, in milliseconds since the Unix epoch.
    pub at_ms: u64,
}

/// A topic as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// In how many parts.
    pub partitions: i32,
    /// On how many brokers each part is; what the brokers choose if it is not said.
    pub replication: Option<i32>,
    /// How long messages are kept, in milliseconds, or -1 for ever; what the brokers choose if it is not said.
    pub retention_ms: Option<i64>,
}
