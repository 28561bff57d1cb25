//! A message and where it stands: what the journal, observers and other nodes have of it.

use typed::SubjectKey;

/// A record takes at most this many messages; so many fit the lower bits of a message's id.
pub(crate) const MESSAGES_MAX: usize = 1 << MESSAGE_BITS;
const MESSAGE_BITS: u32 = 20;
/// From this place on ids are given to what is parked without standing in the record; its messages have the places below.
pub(crate) const PLACES_APART: usize = MESSAGES_MAX / 2;

/// The sender of a message that came from outside the node's services.
pub const OUTSIDE: u8 = u8::MAX;

/// Where a message was written first: in which shard's journal, and as what. It is kept wherever the message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The number of the shard.
    pub shard: u32,
    /// Its id there.
    pub id: u64,
}

/// A message and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope<M> {
    /// Its id in this journal: the number of its record, and its place in it.
    pub id: u64,
    /// Where it came from; `None` if it was written here first.
    pub origin: Option<Origin>,
    /// The id of the message that brought it about, in the journal where this one was written first; zero if none did.
    pub cause: u64,
    /// The number of the service that said it, or [`OUTSIDE`].
    pub from: u8,
    /// What it is about, as the message itself has it, or as the one that handled it found out.
    pub subject: SubjectKey,
    /// Of the request that brought it about.
    pub correlation: u64,
    /// When it was handled, in milliseconds since the Unix epoch.
    pub at: u64,
    /// The message.
    pub message: M,
}

/// The id of the message at `place` of record `seq`.
pub(crate) fn message_id(seq: u64, place: usize) -> u64 {
    (seq << MESSAGE_BITS) | u64::try_from(place).unwrap_or(u64::MAX)
}

/// The number of the record that the message `id` stands in.
pub fn record_of(id: u64) -> u64 {
    id >> MESSAGE_BITS
}
