//! The journal: what was said and changed, one record per batch, in order, each chained to the one before by its sum.

use std::sync::Arc;

use crate::{Epoch, StoreError};

/// One record. What its body means is the engine's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place: 1, 2, 3 without a gap.
    pub seq: u64,
    /// When it was made, in milliseconds since the Unix epoch.
    pub at: u64,
    /// CRC-32 of the record before it, its own place and time, and its body.
    pub sum: u32,
    /// What it says.
    pub body: Arc<[u8]>,
}

impl Record {
    /// The record that follows one with the sum `previous`.
    pub fn after(previous: u32, seq: u64, at: u64, body: Arc<[u8]>) -> Self {
        Self { seq, at, sum: sum(previous, seq, at, &body), body }
    }

    /// Whether it is what was written after a record with the sum `previous`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if it is not.
    pub fn check(&self, previous: u32) -> Result<(), StoreError> {
        let expected = sum(previous, self.seq, self.at, &self.body);
        if expected == self.sum {
            return Ok(());
        }
        let why = format!("its sum is {:08x}, but its content gives {expected:08x}", self.sum);
        Err(StoreError::Damaged { seq: self.seq, why })
    }
}

fn sum(previous: u32, seq: u64, at: u64, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&previous.to_le_bytes());
    hasher.update(&seq.to_le_bytes());
    hasher.update(&at.to_le_bytes());
    hasher.update(body);
    hasher.finalize()
}

/// Where records are kept. It is opened with the epoch that is in it, which goes with each append.
pub trait Journal: Send {
    /// Takes the next epoch: from now on this one appends, and all who opened it before are refused. What they have appended by then is
    /// there, so the last record is read after this and not before.
    ///
    /// # Errors
    /// If it could not be made durable: it is taken or not.
    fn claim(&mut self) -> Result<Epoch, StoreError>;

    /// Appends `record`. It survives whatever happens once this has returned.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if somebody else has taken an epoch since: it was not written. [`StoreError::Unknown`] if nobody knows
    /// whether it was. With any other error it was refused and not written. Nothing may be acknowledged in all three cases.
    fn append(&mut self, record: &Record) -> Result<(), StoreError>;

    /// How many appends may be under way at once, where [`Self::begin_append`] does not wait for the disk.
    fn depth(&self) -> usize {
        1
    }

    /// Begins to append `record`, behind those that are under way. It is durable when [`Self::end_append`] has said so of it.
    ///
    /// # Errors
    /// As [`Self::append`].
    fn begin_append(&mut self, record: &Record) -> Result<(), StoreError> {
        self.append(record)
    }

    /// Whether the oldest append that is under way is durable. Waits until it is, where it is told to `wait`.
    ///
    /// # Errors
    /// As [`Self::append`]; what began after it is not written then, or nobody knows whether it is.
    fn end_append(&mut self, _wait: bool) -> Result<bool, StoreError> {
        Ok(true)
    }

    /// The last record, if there is one.
    ///
    /// # Errors
    /// If it cannot be read.
    fn last(&mut self) -> Result<Option<Record>, StoreError>;

    /// Up to `limit` records from `from` on, in order, each checked against the one before it. Fewer come where they are long; none only
    /// after the last.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] at the first record that is missing or is not what was written.
    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError>;

    /// Tidies up what appends leave behind, if there is enough of it. To be called when nobody waits for an answer.
    ///
    /// # Errors
    /// If the disk refuses. What was appended is durable all the same, and appends may go on.
    fn checkpoint(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
