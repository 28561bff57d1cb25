//! What happened, record by record.

use backend::{EventRecord, SaidRecord};
use contracts::Message;
use engine::Body;
use store::{Journal, StoreError};

use super::recorded;

/// About so many messages are read at a time.
const CHUNK: usize = 2_048;

/// The events of some records after `after`, and of none beyond `upto`.
///
/// # Errors
/// If the journal is damaged or cannot be read.
pub fn events(journal: &mut dyn Journal, after: u64, upto: u64) -> Result<Vec<EventRecord>, StoreError> {
    let events = |record: SaidRecord| {
        let events = record.messages.into_iter().filter(|said| said.message.kind().is_event());
        EventRecord { seq: record.seq, events: events.collect() }
    };
    Ok(said(journal, after, upto)?.into_iter().map(events).collect())
}

/// All messages of some records after `after`, and of none beyond `upto`.
///
/// # Errors
/// If the journal is damaged or cannot be read.
pub fn said(journal: &mut dyn Journal, after: u64, upto: u64) -> Result<Vec<SaidRecord>, StoreError> {
    let (mut found, mut read) = (Vec::new(), 0);
    for seq in after + 1..=upto {
        let missing = || StoreError::Damaged { seq, why: "it is missing".to_owned() };
        let record = journal.read(seq, 1)?.pop().ok_or_else(missing)?;
        let body = Body::<Message>::read(seq, record.at, &record.body);
        let body = body.map_err(|why| StoreError::Damaged { seq, why })?;
        let messages: Vec<_> = body.messages.into_iter().map(recorded).collect();
        read += messages.len() + 1;
        found.push(SaidRecord { seq, messages });
        if read >= CHUNK {
            break;
        }
    }
    Ok(found)
}
