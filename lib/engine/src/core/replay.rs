//! Builds something anew: hands events that were said before to those who listen, and puts right what the tables have wrong.

use store::StoreError;
use typed::{Answer, Message, Row};

use super::Core;
use crate::envelope::{Envelope, OUTSIDE};

impl<M: Message, A: Answer> Core<M, A> {
    /// Hands `envelope`, which stands in a journal, to the services here that listen to it, at the moment at which it was said. It is
    /// not said again, and what they say to it is dropped: that stands in the journal too. A command is nothing to listen to, and an
    /// event from outside only repeats an earlier one. Returns whether anybody listened.
    ///
    /// # Errors
    /// Why it could not be handled; what came of it before that service is kept.
    pub fn replay(&mut self, envelope: Envelope<M>) -> Result<bool, String> {
        let kind = usize::from(envelope.message.kind());
        if envelope.message.to().is_some() || envelope.from == OUTSIDE || self.listeners[kind].is_empty() {
            return Ok(false);
        }
        self.begin(envelope.at);
        let at = self.batch.len();
        self.batch.push(envelope);
        let listeners = self.listeners[kind].clone();
        let done = listeners.into_iter().try_for_each(|place| self.invoke(at, place, &mut None));
        self.batch.truncate(at);
        done.map(|()| true)
    }

    /// Puts `row` in the place of `key`, or takes away what is there. For what is not brought about by a message.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn put_right<R: Row>(&mut self, key: R::Key, row: Option<R>) -> Result<(), StoreError> {
        self.row::<R>(&key)?;
        self.caches.set::<R>(key, row);
        self.caches.keep();
        Ok(())
    }
}
