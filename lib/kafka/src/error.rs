//! What goes wrong.

/// Kafka did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what}: {why}")]
pub struct KafkaError {
    /// What was tried.
    pub what: String,
    /// What the broker or the library says.
    pub why: String,
}

impl KafkaError {
    pub(crate) fn of(what: impl Into<String>, why: &impl std::fmt::Display) -> Self {
        Self { what: what.into(), why: why.to_string() }
    }
}
