//! Requests from outside: each handled with all that follows from it, and answered the same when it comes again with its key.

use typed::{Answer, Message, SubjectKey};

use super::Core;
use super::deliver::Delivery;
use crate::envelope::OUTSIDE;
use crate::idempotency::IdempotencyKey;

/// A request from outside.
#[derive(Debug, Clone)]
pub struct Command<M> {
    /// What is asked for.
    pub message: M,
    /// By which everything it brings about is found in logs; at most 2^63 - 1.
    pub correlation: u64,
    /// The message that brought it about; zero if none did.
    pub cause: u64,
    /// What makes a repetition of it known.
    pub key: Option<IdempotencyKey>,
}

impl<M: Message, A: Answer> Core<M, A> {
    /// Handles a request and all that follows from it. Its key is remembered with the answer, unless that is a refusal that changed
    /// nothing: then the same request may be made again, with the same key.
    ///
    /// # Errors
    /// Why it could not be handled; nothing was changed then.
    pub fn command(&mut self, command: Command<M>) -> Result<A, String> {
        if let Some(key) = &command.key
            && let Some(answer) = self.answered_before(key)?
        {
            return Ok(answer);
        }
        let key = command.key.clone();
        let (correlation, cause) = (command.correlation, command.cause);
        let delivery = Delivery { from: OUTSIDE, origin: None, correlation, cause, subject: SubjectKey::NONE };
        let (answer, came_of_it) = self.execute(command.message, delivery)?;
        if let Some(key) = key.filter(|_| came_of_it) {
            self.remember(&key, &answer);
        }
        Ok(answer)
    }
}
