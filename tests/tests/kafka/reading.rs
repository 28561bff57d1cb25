//! Everything that stands on topics, as a consumer reads it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use serde_json::Value;

/// How long a broker may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A message as it stands on a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    pub topic: String,
    pub partition: i32,
    pub key: Option<String>,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
}

impl Read {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("{self:?} has no header {name}"))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("it is text")
}

fn consumer(brokers: &str) -> BaseConsumer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers).set("group.id", "tests").set("enable.auto.commit", "false");
    config.create().expect("a consumer can be made")
}

/// All messages on the topics whose names `are_wanted`, in order within each partition.
pub fn all(brokers: &str, are_wanted: impl Fn(&str) -> bool) -> Vec<Read> {
    let consumer = consumer(brokers);
    let (mut assigned, mut expected) = (TopicPartitionList::new(), 0);
    let metadata = consumer.fetch_metadata(None, PATIENCE).expect("the broker answers");
    for topic in metadata.topics().iter().filter(|topic| are_wanted(topic.name())) {
        for partition in topic.partitions() {
            let (low, high) = consumer.fetch_watermarks(topic.name(), partition.id(), PATIENCE).expect("it answers");
            expected += high - low;
            assigned.add_partition_offset(topic.name(), partition.id(), Offset::Beginning).expect("a place to begin");
        }
    }
    consumer.assign(&assigned).expect("it can be read");
    let (mut read, began) = (Vec::new(), Instant::now());
    while (read.len() as i64) < expected {
        assert!(began.elapsed() < PATIENCE, "of {expected} messages {} were read", read.len());
        let Some(message) = consumer.poll(Duration::from_millis(100)) else { continue };
        read.push(as_read(&message.expect("it can be read")));
    }
    read
}

fn as_read(message: &impl Message) -> Read {
    let headers = message.headers().map(|headers| headers.iter().collect::<Vec<_>>()).unwrap_or_default();
    let header =
        |header: &rdkafka::message::Header<'_, &[u8]>| (header.key.to_owned(), text(header.value.unwrap_or_default()));
    Read {
        topic: message.topic().to_owned(),
        partition: message.partition(),
        key: message.key().map(text),
        headers: headers.iter().map(header).collect(),
        body: serde_json::from_slice(message.payload().unwrap_or_default()).expect("the body is JSON"),
    }
}
