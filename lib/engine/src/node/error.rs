use store::StoreError;

/// Why a request was not done, or why nobody knows.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// More requests are waiting than can wait.
    #[error("too many requests are waiting; send it again in a moment")]
    Busy,
    /// The node is stopping, or its journal failed.
    #[error("the node takes no more requests")]
    Stopped,
    /// It was handled, and the journal failed before it said that it has it: it may be done after the next start.
    #[error("it is not known whether it was done")]
    Unknown,
    /// Another process has taken over what it concerns; nothing was changed.
    #[error("another process owns this now; nothing was changed")]
    NotOwner,
    /// It could not be handled; nothing was changed.
    #[error("it could not be handled: {0}")]
    Fault(String),
    /// The tables could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}
