//! A shard: what has one owner at a time. Its services with their rows in memory, and the journal to which only its owner appends.

use store::{Epoch, Journal, StoreError, TableReader};
use typed::{Answer, Message};

use crate::batch::HandledBatch;
use crate::core::Core;
use crate::recover::Taken;
use crate::service::Service;

/// A shard that was taken over. It has no threads: a node gives it some, a test drives it by hand.
pub struct Shard<M, A> {
    /// Handles its messages, batch by batch.
    pub core: Core<M, A>,
    journal: Box<dyn Journal>,
    epoch: Epoch,
    last: (u64, u32),
}

impl<M: Message, A: Answer> Shard<M, A> {
    /// The shard of `services` that was `taken` over with `journal`, and whose tables `reader` reads.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn open(
        services: Vec<Box<dyn Service<M, A>>>,
        reader: Box<dyn TableReader>,
        journal: Box<dyn Journal>,
        taken: Taken,
    ) -> Result<Self, StoreError> {
        let (seq, sum) = taken.last;
        Ok(Self { core: Core::open(services, reader, seq, sum)?, journal, epoch: taken.epoch, last: taken.last })
    }

    /// Appends the record of `batch`, if it has one.
    ///
    /// # Errors
    /// As [`Journal::append`] says. The rows in memory are ahead of the journal then, so nothing may be handled any more: the shard is given
    /// up, or taken over anew.
    pub fn append(&mut self, batch: &HandledBatch<M>) -> Result<(), StoreError> {
        let Some(record) = &batch.record else { return Ok(()) };
        self.journal.append(record)?;
        self.last = (record.seq, record.sum);
        Ok(())
    }

    /// The epoch in which it is owned.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The number and the sum of the last record that it appended or found; zeros if there is none.
    pub fn last(&self) -> (u64, u32) {
        self.last
    }

    /// Its journal.
    pub fn journal(&mut self) -> &mut dyn Journal {
        &mut *self.journal
    }

    /// What handles, and what appends: each for a thread of its own.
    pub(crate) fn apart(self) -> (Core<M, A>, Box<dyn Journal>) {
        (self.core, self.journal)
    }
}
