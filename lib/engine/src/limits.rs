//! How much one record may hold. A batch ends before it is full; what one request says beyond that is taken back.

use crate::envelope::PLACES_APART;

/// How much one record may say and change. What is parked because it is full comes on top of that: at most twice as much again, which is
/// still far from the 1,000,000,000 bytes that SQLite takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many messages; their places in the record are a part of their ids.
    pub messages: usize,
    /// How many bytes of messages and rows.
    pub bytes: usize,
    /// From so many messages on a batch takes no further request: what a request says is far less than what is left.
    pub full_messages: usize,
    /// Or from so many bytes on.
    pub full_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { messages: PLACES_APART, bytes: 64 << 20, full_messages: 1 << 16, full_bytes: 8 << 20 }
    }
}

impl Limits {
    /// Whether so much fits one record.
    pub(crate) fn hold(&self, messages: usize, bytes: usize) -> bool {
        messages <= self.messages && bytes <= self.bytes
    }

    /// Whether a batch that has so much takes more; where `share` is 2, only until it is half full.
    pub(crate) fn have_room(&self, messages: usize, bytes: usize, share: usize) -> bool {
        messages < self.full_messages / share && bytes < self.full_bytes / share
    }
}
