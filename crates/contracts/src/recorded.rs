//! A message with where it stands: what a door is told of the journal.

use crate::{Message, SubjectKey};

/// A message as the journal has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Its id: the number of its record, and its place in it.
    pub id: u64,
    /// The id of the message that brought it about; zero if none did.
    pub cause: u64,
    /// The number of the service that said it; one that is no service's came from outside.
    pub from: u8,
    /// What it is about, as the message itself has it, or as the one that handled it found out.
    pub subject: SubjectKey,
    /// Of the request that brought it about.
    pub correlation: u64,
    /// When it was handled, in milliseconds since the Unix epoch.
    pub at: u64,
    /// The message.
    pub message: Message,
}
