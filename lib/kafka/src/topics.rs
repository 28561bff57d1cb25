//! Topics: made where they are missing, and compared where they are there.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::config::FromClientConfigAndContext;
use rdkafka::error::RDKafkaErrorCode;

use crate::client::Logged;
use crate::{Access, KafkaError};

/// How long brokers may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// What lets the brokers choose.
const THEIR_CHOICE: i32 = -1;

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

/// Makes topics.
pub struct Topics {
    admin: AdminClient<Logged>,
}

impl Topics {
    /// On the brokers of `access`. None of them is called yet.
    ///
    /// # Errors
    /// If the settings are wrong.
    pub fn open(access: &Access) -> Result<Self, KafkaError> {
        let admin = AdminClient::from_config_and_context(&access.config()?, Logged);
        Ok(Self { admin: admin.map_err(|error| KafkaError::of("Kafka's client", &error))? })
    }

    /// Makes those of `wanted` that are missing, and gives their names. Those that are there stay as they are.
    ///
    /// # Errors
    /// If no broker answers, or one refuses.
    pub async fn make(&self, wanted: &[Topic]) -> Result<Vec<String>, KafkaError> {
        let retentions: Vec<Option<String>> =
            wanted.iter().map(|topic| topic.retention_ms.map(|ms| ms.to_string())).collect();
        let topics: Vec<NewTopic<'_>> =
            wanted.iter().zip(&retentions).map(|(topic, kept)| as_new(topic, kept)).collect();
        let options = AdminOptions::new().request_timeout(Some(PATIENCE)).operation_timeout(Some(PATIENCE));
        let made = self.admin.create_topics(&topics, &options).await;
        let mut names = Vec::new();
        for outcome in made.map_err(|error| KafkaError::of("topics", &error))? {
            match outcome {
                Ok(name) => names.push(name),
                Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((name, code)) => return Err(KafkaError::of(format!("the topic {name}"), &code)),
            }
        }
        Ok(names)
    }
}

fn as_new<'a>(topic: &'a Topic, kept: &'a Option<String>) -> NewTopic<'a> {
    let replication = TopicReplication::Fixed(topic.replication.unwrap_or(THEIR_CHOICE));
    let new = NewTopic::new(&topic.name, topic.partitions, replication);
    match kept {
        Some(ms) => new.set("retention.ms", ms),
        None => new,
    }
}
