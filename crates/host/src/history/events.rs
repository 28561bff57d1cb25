//! What happened, record by record.

use std::path::Path;

use backend::EventRecord;
use contracts::Message;
use engine::Body;
use store::sqlite::archive;
use store::{Journal, StoreError};

use super::recorded;

/// About so many events are read at a time.
const CHUNK: usize = 2_048;

/// The events of some records after `after`, and of none beyond `upto`.
///
/// # Errors
/// If the journal is damaged or cannot be read.
pub fn events(journal: &mut dyn Journal, after: u64, upto: u64) -> Result<Vec<EventRecord>, StoreError> {
    let (mut found, mut read) = (Vec::new(), 0);
    for seq in after + 1..=upto {
        let missing = || StoreError::Damaged { seq, why: "it is missing".to_owned() };
        let record = journal.read(seq, 1)?.pop().ok_or_else(missing)?;
        let body = Body::<Message>::read(seq, record.at, &record.body);
        let body = body.map_err(|why| StoreError::Damaged { seq, why })?;
        let events = body.messages.into_iter().filter(|envelope| envelope.message.kind().is_event());
        let events: Vec<_> = events.map(recorded).collect();
        read += events.len() + 1;
        found.push(EventRecord { seq, events });
        if read >= CHUNK {
            break;
        }
    }
    Ok(found)
}

/// Makes sure that no record from `from` on is archived in a file that is elsewhere.
///
/// # Errors
/// Which are, or that this cannot be told.
pub fn at_hand(dir: &Path, from: u64) -> Result<(), StoreError> {
    match archive::elsewhere(dir, from)? {
        None => Ok(()),
        Some(segment) => {
            Err(StoreError::ArchivedElsewhere { first: segment.first, last: segment.last, file: segment.file.into() })
        }
    }
}
