//! Reads the whole journal: each record chained to the one before by its sum, without a gap, and with a body that can be read.

use contracts::Message;
use engine::Body;
use store::{Journal, Record, StoreError};

use super::Progress;

/// How many records are read at a time.
const RECORDS: usize = 256;

/// What was read.
#[derive(Debug, Default)]
pub struct JournalRead {
    /// How many records are sound.
    pub records: u64,
    /// How many messages they carry.
    pub messages: u64,
    /// How many bytes their bodies have.
    pub bytes: u64,
    /// When the first and the last of them were made, in milliseconds since the Unix epoch.
    pub span: Option<(u64, u64)>,
    /// What is wrong with the next one.
    pub damage: Option<String>,
    /// Which records were not read, since they are archived in a file that is elsewhere.
    pub elsewhere: Vec<String>,
    /// The last record that was read or passed over.
    upto: u64,
}

impl JournalRead {
    /// Reads `journal` from its first record.
    ///
    /// # Errors
    /// If it cannot be read at all. A damaged record is no error, but what was looked for.
    pub fn of(journal: &mut dyn Journal, progress: &mut Progress) -> Result<Self, StoreError> {
        let mut read = Self::default();
        let done = read.all(journal, progress);
        progress.end();
        match done {
            Err(StoreError::Damaged { seq, why }) => read.damage = Some(format!("record {seq}: {why}")),
            other => other?,
        }
        Ok(read)
    }

    fn all(&mut self, journal: &mut dyn Journal, progress: &mut Progress) -> Result<(), StoreError> {
        let last = journal.last().ok().flatten().map_or(0, |record| record.seq);
        let mut limit = RECORDS;
        loop {
            let records = match journal.read(self.upto + 1, limit) {
                Err(elsewhere @ StoreError::ArchivedElsewhere { last, .. }) => {
                    self.elsewhere.push(elsewhere.to_string());
                    self.upto = last;
                    continue;
                }
                Err(StoreError::Damaged { .. }) if limit > 1 => {
                    limit = 1; // so that those before the damaged one count as sound
                    continue;
                }
                other => other?,
            };
            if records.is_empty() {
                return Ok(());
            }
            records.iter().try_for_each(|record| self.count(record))?;
            progress.at(self.upto, last.max(self.upto));
        }
    }

    fn count(&mut self, record: &Record) -> Result<(), StoreError> {
        let body = Body::<Message>::read(record.seq, record.at, &record.body)
            .map_err(|why| StoreError::Damaged { seq: record.seq, why })?;
        self.records += 1;
        self.upto = record.seq;
        self.messages += body.messages.len() as u64;
        self.bytes += record.body.len() as u64;
        self.span = Some((self.span.map_or(record.at, |(first, _)| first), record.at));
        Ok(())
    }
}
