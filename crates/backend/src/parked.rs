//! Messages that services could not handle, and what an operator does about them.

use contracts::{Message, OrderId, SubjectKey, Text};

/// A message that its service could not handle, or one that waits behind such a message.
#[derive(Debug, Clone, PartialEq)]
pub struct ParkedMessage {
    /// What it is parked as.
    pub id: u64,
    /// The number of the service.
    pub service: u8,
    /// What it is about.
    pub subject: SubjectKey,
    /// The name of the message.
    pub name: Text,
    /// Why it could not be handled; none for one that only waits behind another one.
    pub reason: Option<Text>,
    /// Whether it is about something outside, which nothing waits behind.
    pub is_effect: bool,
    /// Since when, in milliseconds since the Unix epoch.
    pub at: u64,
    /// Of the request that brought it about.
    pub correlation: u64,
    /// The message's id, or of the one that brought it about.
    pub message_id: u64,
    /// How many wait behind it.
    pub followers: u64,
}

/// Which parked messages are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichParked {
    /// So many that wait behind nothing.
    First(u64),
    /// So many.
    All(u64),
    /// So many that are about this order.
    About(OrderId, u64),
}

/// A parked message, and the others of the same service about the same thing.
#[derive(Debug, Clone, PartialEq)]
pub struct ParkedLine {
    /// The message.
    pub message: ParkedMessage,
    /// Its content, or why that cannot be read.
    pub content: Result<Message, String>,
    /// All of them, the oldest first.
    pub line: Vec<ParkedMessage>,
}

/// What can be done about a parked message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steer {
    /// It is handed over again, and those that wait behind it.
    Redrive(u64),
    /// It is never handled; the journal says so, and those that wait behind it are handed over.
    GiveUp(u64),
}

/// What came of that.
#[derive(Debug, Clone, PartialEq)]
pub struct Steered {
    /// How many messages were handled.
    pub handled: u64,
    /// How many are still parked for the same service about the same thing.
    pub still_parked: u64,
    /// The oldest of these.
    pub first: Option<ParkedMessage>,
}
