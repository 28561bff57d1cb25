//! What a node asks of whoever starts it.

use futures_util::future::BoxFuture;

use crate::envelope::Envelope;

/// Does things outside, and brings back what became of them.
pub trait Effector<M>: Send + Sync + 'static {
    /// Performs `effect`, however long that takes, and returns the message that tells its service what became of it. May be called
    /// again for the same effect, after a restart: it must come about once. If it cannot be performed, the reason comes back instead: the
    /// intent is parked with it, until an operator has it begun again or its service wants something else.
    fn perform(&self, effect: M) -> BoxFuture<'static, Result<M, String>>;

    /// As [`Effector::perform`], for an effect that a process before this one may have begun, without our hearing what came of it.
    fn resume(&self, effect: M) -> BoxFuture<'static, Result<M, String>> {
        self.perform(effect)
    }
}

/// Is told of every batch, once it is durable and answered.
pub trait Observer<M>: Send + 'static {
    /// `messages` are durable, and nobody has been answered yet: all wait for the observer.
    fn unanswered(&mut self, _messages: &[Envelope<M>]) {}
    /// `messages` were said; the append took `append_us` microseconds. The next batch waits for the observer.
    fn durable(&mut self, messages: &[Envelope<M>], append_us: u64);
}
