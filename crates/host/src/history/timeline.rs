//! The timeline of an order: every message about it, in order, found by the trail that the tables keep.

use contracts::{OrderId, Recorded, Subject};
use store::StoreError;

use super::{Reading, recorded};
use crate::Location;

/// Every message about `order` that is durable by now, in order; none if there is no such order. Reads only those records of the
/// journal that speak of it, and those that the tables do not contain yet: of a running shop the last moment. Works on the store of
/// a running shop and of a stopped one. Blocks while it reads.
///
/// # Errors
/// If there is no store at `location`, or it is damaged or cannot be read.
pub fn timeline(location: &Location, order: OrderId) -> Result<Vec<Recorded>, StoreError> {
    let mut reading = Reading::open(location, Some(order))?.up_to_now()?;
    let (mut found, subject) = (Vec::new(), Subject::Order(order).key());
    while let Some(passage) = reading.next_passage()? {
        found.extend(passage.messages.into_iter().filter(|envelope| envelope.subject == subject).map(recorded));
    }
    Ok(found)
}
