//! Whether tables are those of a journal: at a place that it has, and with the sum that it has there.

use crate::{Applied, Journal, Record, StoreError};

/// The last record of `journal`, if tables with all up to `applied` follow it.
///
/// # Errors
/// If they are ahead of it or are those of another journal, or it cannot be read.
pub fn last_followed(journal: &mut dyn Journal, applied: Applied) -> Result<Option<Record>, StoreError> {
    let last = journal.last()?;
    let end = last.as_ref().map_or(0, |record| record.seq);
    if applied.seq > end {
        let why = format!("the tables contain records up to {}, but the journal ends at {end}", applied.seq);
        return Err(StoreError::Damaged { seq: end + 1, why });
    }
    let Some(noted) = applied.sum.filter(|_| applied.seq > 0) else { return Ok(last) };
    let found = match &last {
        Some(last) if last.seq == applied.seq => Some(last.sum),
        _ => match journal.read(applied.seq, 1) {
            Err(StoreError::ArchivedElsewhere { .. }) => None,
            found => found?.first().map(|record| record.sum),
        },
    };
    match found {
        Some(sum) if sum != noted => Err(StoreError::OtherTables { seq: applied.seq, noted, found: sum }),
        _ => Ok(last),
    }
}
