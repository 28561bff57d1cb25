//! Apache Kafka, on which events are published.

use std::path::PathBuf;

use feed::TopicSettings;
use serde::{Deserialize, Serialize};

/// The brokers, how they let the shop in, and the topics there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kafka {
    /// Some of the brokers, as `host:port`, with commas between them. Without any, nothing is published.
    pub brokers: Option<String>,
    /// The topic of events, and what those of the storefronts begin with.
    pub topic: String,
    /// Whether the systems that the storefronts stand for are spoken for, too: on their topics, in their words.
    pub old_topics: bool,
    /// In how many parts a topic of events is made.
    pub partitions: i32,
    /// On how many brokers each part is; what the brokers choose if it is not set.
    pub replication: Option<i32>,
    /// How long events are kept there, in hours; what the brokers choose if it is not set.
    pub retention_hours: Option<u32>,
    /// Whether brokers are called over TLS.
    pub tls: bool,
    /// A file with the certificates that sign those of the brokers.
    pub ca_file: Option<PathBuf>,
    /// `SCRAM-SHA-256` or `SCRAM-SHA-512`.
    pub mechanism: String,
    /// With whose account.
    pub user: Option<String>,
    /// A file with its password.
    pub password_file: Option<PathBuf>,
}

impl Default for Kafka {
    fn default() -> Self {
        Self {
            brokers: None,
            topic: "maejin.events".to_owned(),
            old_topics: true,
            partitions: 6,
            replication: None,
            retention_hours: None,
            tls: false,
            ca_file: None,
            mechanism: "SCRAM-SHA-512".to_owned(),
            user: None,
            password_file: None,
        }
    }
}

impl Kafka {
    /// How the topics are to be.
    pub fn topics(&self) -> TopicSettings {
        TopicSettings {
            events: self.topic.clone(),
            partitions: self.partitions,
            replication: self.replication,
            retention_ms: self.retention_hours.map(|hours| i64::from(hours) * 3_600_000),
        }
    }
}
