//! The log between nodes: each node appends what leaves it, every other one reads that in order, at least once.
//! This crate is the port and its in-process side. It knows no message: what travels is bytes, with a key and a number.

mod in_process;

use std::sync::Arc;

pub use in_process::InProcessLog;

/// A message on its way between nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number: ascending within what one node appends, not without gaps. Whoever handled one has handled all below it.
    pub seq: u64,
    /// What it is about: entries with the same key stay in order, however the log is cut into parts.
    pub key: u64,
    /// The message.
    pub body: Arc<[u8]>,
}

/// The log could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("the log refused {what}: {why}")]
pub struct LogError {
    /// What was tried.
    pub what: &'static str,
    /// What it says.
    pub why: String,
}

/// Carries messages between nodes.
pub trait EventLog: Send + Sync + 'static {
    /// Appends what leaves the node `source`, in order. Entries that it appended before, as after a crash between an append and the note
    /// of it, may come again: readers know them by their numbers.
    ///
    /// # Errors
    /// If it is not certain that all are there. Some may be: append them again.
    fn append(&self, source: &str, entries: &[Entry]) -> Result<(), LogError>;

    /// Up to `limit` entries of the node `source` whose numbers are above `after`, in order.
    ///
    /// # Errors
    /// If they cannot be read.
    fn read(&self, source: &str, after: u64, limit: usize) -> Result<Vec<Entry>, LogError>;

    /// The number of the last entry of the node `source`; zero if there is none. From there a node that was stopped goes on appending.
    ///
    /// # Errors
    /// If it cannot be read.
    fn last(&self, source: &str) -> Result<u64, LogError>;
}
