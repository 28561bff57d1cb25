//! Why the shop behind the port did not answer.

/// Why nothing was answered. What the business refuses is an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// It has more to do than it can, or is about to stop. Nothing was done.
    #[error("it is busy; again in {retry_after_s} s")]
    Busy {
        /// When to send it again, in seconds.
        retry_after_s: u32,
    },
    /// Another process owns the shard. Nothing was done.
    #[error("another process owns this shard")]
    NotOwner,
    /// No answer came.
    #[error("no answer came")]
    Unreachable {
        /// Whether it may be done all the same.
        maybe_done: bool,
    },
    /// Records that it is about are archived, and not where the shop finds them.
    #[error("the records {first} to {last} are archived and not at hand")]
    Archived {
        /// The first of them.
        first: u64,
        /// The last.
        last: u64,
    },
    /// The machine failed; nothing was changed. It is in the log already.
    #[error("it could not be done: {why}")]
    Fault {
        /// What an operator may be told of it; empty where only the log says more.
        why: String,
    },
}

impl Unavailable {
    /// The same about a command that is known to be done, where only its outcome could not be read.
    #[must_use]
    pub fn of_outcome(self) -> Self {
        Self::Unreachable { maybe_done: true }
    }
}
