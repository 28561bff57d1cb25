//! Messages on their way out: in order within a partition, each until a broker has acknowledged it.

use std::time::Duration;

use rdkafka::config::FromClientConfigAndContext;
use rdkafka::error::{KafkaError as Refused, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord, Producer};

use super::client::Logged;
use crate::{Access, KafkaError, Outgoing};

/// How long a message waits for others that go with it, in milliseconds: whoever sends many waits for none, and a lone one costs a broker 2 ms.
const LINGER_MS: u32 = 5;
/// How long one waits for room where too many messages are under way.
const ROOM: Duration = Duration::from_millis(10);
/// How long a broker may take to say which cluster it belongs to.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends messages.
pub struct Outlet {
    producer: FutureProducer<Logged>,
}

impl Outlet {
    /// An outlet to the brokers of `access`. None of them is called yet.
    ///
    /// # Errors
    /// If the settings are wrong.
    pub fn open(access: &Access) -> Result<Self, KafkaError> {
        let mut config = access.config()?;
        config
            .set("enable.idempotence", "true")
            .set("acks", "all")
            // A message that is given up leaves a gap, and those behind it arrive all the same: none is ever given up.
            .set("message.timeout.ms", "0")
            .set("compression.codec", "lz4")
            .set("linger.ms", LINGER_MS.to_string())
            // As the Java client does: who reads with Kafka Streams finds keys where they are expected.
            .set("partitioner", "murmur2_random");
        let producer = FutureProducer::from_config_and_context(&config, Logged);
        Ok(Self { producer: producer.map_err(|error| KafkaError::of("Kafka's client", &error))? })
    }

    /// The name that the cluster has for itself. Blocks until a broker answers.
    ///
    /// # Errors
    /// If none does.
    pub fn cluster(&self) -> Result<String, KafkaError> {
        let id = self.producer.client().fetch_cluster_id(PATIENCE);
        id.ok_or_else(|| KafkaError::of("the cluster of Kafka", &"no broker answered"))
    }

    /// Sends `messages`, in order, and waits until each of them is acknowledged, however long that takes.
    ///
    /// # Errors
    /// If one was refused. Others may be there or not: all of them have to be sent again, by another outlet.
    pub async fn send(&self, messages: &[Outgoing]) -> Result<(), KafkaError> {
        let mut under_way = Vec::with_capacity(messages.len());
        for message in messages {
            under_way.push((message, self.hand_over(message).await?));
        }
        for (message, delivery) in under_way {
            let refused =
                |why: &dyn std::fmt::Display| KafkaError::of(format!("a message for {}", message.topic), &why);
            match delivery.await {
                Ok(Ok(_)) => {}
                Ok(Err((error, _))) => return Err(refused(&error)),
                Err(gone) => return Err(refused(&gone)),
            }
        }
        Ok(())
    }

    async fn hand_over(&self, message: &Outgoing) -> Result<DeliveryFuture, KafkaError> {
        let mut record = record(message);
        loop {
            match self.producer.send_result(record) {
                Ok(delivery) => return Ok(delivery),
                Err((Refused::MessageProduction(RDKafkaErrorCode::QueueFull), again)) => {
                    record = again;
                    tokio::time::sleep(ROOM).await;
                }
                Err((error, _)) => return Err(KafkaError::of(format!("a message for {}", message.topic), &error)),
            }
        }
    }
}

fn record(message: &Outgoing) -> FutureRecord<'_, String, Vec<u8>> {
    let room = OwnedHeaders::new_with_capacity(message.headers.len());
    let add = |headers: OwnedHeaders, (key, value): &(&'static str, String)| {
        headers.insert(Header { key, value: Some(value) })
    };
    let mut record = FutureRecord::to(&message.topic).payload(&message.body);
    record = record.headers(message.headers.iter().fold(room, add));
    record = record.timestamp(i64::try_from(message.at_ms).unwrap_or(i64::MAX));
    record.key = message.key.as_ref();
    record.partition = message.partition;
    record
}
