//! Topics: made where they are missing, and compared where they are there.

use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::config::FromClientConfigAndContext;
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::metadata::MetadataTopic;

use super::client::Logged;
use crate::{Access, KafkaError, Topic};

/// How long brokers may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// What lets the brokers choose.
const THEIR_CHOICE: i32 = -1;
/// What says how long messages are kept.
const RETENTION: &str = "retention.ms";

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
        let made = self.admin.create_topics(&topics, &patient()).await;
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

    /// What is other at `topic` than it is to be, in words; nothing if all is right. Blocks until a broker answers.
    ///
    /// # Errors
    /// If none answers, or one refuses.
    pub async fn wrongs(&self, topic: &Topic) -> Result<Vec<String>, KafkaError> {
        let failed = |why: &dyn std::fmt::Display| KafkaError::of(format!("the topic {}", topic.name), &why);
        let metadata =
            self.admin.inner().fetch_metadata(Some(&topic.name), PATIENCE).map_err(|error| failed(&error))?;
        let found = metadata.topics().iter().find(|found| found.name() == topic.name && found.error().is_none());
        let Some(found) = found else { return Ok(vec!["it is missing".to_owned()]) };
        let mut wrongs = wrong_parts(topic, found);
        if let Some(wanted) = topic.retention_ms {
            let kept = self.retention(&topic.name).await.map_err(|error| failed(&error))?;
            if kept != wanted.to_string() {
                wrongs.push(format!("messages are kept for {kept} ms, and are to be kept for {wanted}"));
            }
        }
        Ok(wrongs)
    }

    async fn retention(&self, name: &str) -> Result<String, String> {
        let asked = self.admin.describe_configs(&[ResourceSpecifier::Topic(name)], &patient()).await;
        let told = asked.map_err(|error| error.to_string())?.pop().ok_or("no answer came")?;
        let told = told.map_err(|code| code.to_string())?;
        Ok(told.get(RETENTION).and_then(|entry| entry.value.clone()).unwrap_or_default())
    }
}

fn patient() -> AdminOptions {
    AdminOptions::new().request_timeout(Some(PATIENCE)).operation_timeout(Some(PATIENCE))
}

fn wrong_parts(topic: &Topic, found: &MetadataTopic) -> Vec<String> {
    let mut wrongs = Vec::new();
    let parts = found.partitions();
    if parts.len() != usize::try_from(topic.partitions).unwrap_or_default() {
        wrongs.push(format!("it has {} partitions, and is to have {}", parts.len(), topic.partitions));
    }
    let wanted = topic.replication.and_then(|wanted| usize::try_from(wanted).ok());
    let replicas = parts.iter().map(|part| part.replicas().len()).min().unwrap_or_default();
    if let Some(wanted) = wanted.filter(|wanted| *wanted != replicas) {
        wrongs.push(format!("its partitions are on {replicas} brokers, and are to be on {wanted}"));
    }
    wrongs
}

fn as_new<'a>(topic: &'a Topic, kept: &'a Option<String>) -> NewTopic<'a> {
    let replication = TopicReplication::Fixed(topic.replication.unwrap_or(THEIR_CHOICE));
    let new = NewTopic::new(&topic.name, topic.partitions, replication);
    match kept {
        Some(ms) => new.set(RETENTION, ms),
        None => new,
    }
}
