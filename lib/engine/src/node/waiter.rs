//! Who waits for an answer: it is given once what was handled is durable, and if it never is, nobody knows what became of it.

use tokio::sync::oneshot::Sender;

use super::error::NodeError;
use super::handle::{Ended, Release};

/// Somebody whose request was handled.
pub(super) struct Waiter<T>(Option<Sender<Result<T, NodeError>>>);

impl<T: Send + 'static> Waiter<T> {
    pub(super) fn new(sender: Sender<Result<T, NodeError>>) -> Self {
        Self(Some(sender))
    }

    /// Gives `reply` when it is told that the record is durable. If it is dropped instead, the record may be in the journal or not.
    pub(super) fn answered_once_durable(mut self, reply: Result<T, NodeError>) -> Release {
        Box::new(move |ended| {
            if let Some(sender) = self.0.take() {
                drop(sender.send(match ended {
                    Ended::Durable => reply,
                    Ended::Fenced => Err(NodeError::NotOwner),
                    Ended::Refused => Err(NodeError::Stopped),
                }));
            }
        })
    }
}

impl<T> Drop for Waiter<T> {
    fn drop(&mut self) {
        if let Some(sender) = self.0.take() {
            drop(sender.send(Err(NodeError::Unknown)));
        }
    }
}
