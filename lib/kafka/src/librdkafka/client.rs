//! What the library under it says goes into the logs of the process.

use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::{ClientContext, consumer::ConsumerContext};

/// Writes logs. A broker that cannot be reached is told again and again: whoever waits for it says so once, and the rest is for those who look
/// for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Logged;

impl ClientContext for Logged {
    fn log(&self, level: RDKafkaLogLevel, fac: &str, text: &str) {
        tracing::debug!(target: "maejin::kafka", severity = ?level, fac, text, "the Kafka client says");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(target: "maejin::kafka", %error, reason, "the Kafka client met an error");
    }
}

impl ConsumerContext for Logged {}
