//! The timeline of an order: every message about it, in order, found by the trail that the tables keep.

use std::path::Path;

use contracts::{Message, OrderId, Subject};
use engine::Envelope;
use store::StoreError;

use v1::shapes::TimelineEntry;

use super::entry::entry;
use host::display::EventIds;
use host::history::Reading;

/// Every message about `order` that is durable by now, in order; none if there is no such order. Reads only those records of the
/// journal that speak of it, and those that the tables do not contain yet: of a running shop the last moment. Works on the store of
/// a running shop and of a stopped one. Blocks while it reads.
///
/// # Errors
/// If there is no store in `dir`, or it is damaged or cannot be read.
pub fn messages(dir: &Path, order: OrderId) -> Result<Vec<Envelope<Message>>, StoreError> {
    let mut reading = Reading::open(dir, Some(order))?.up_to_now()?;
    let (mut found, subject) = (Vec::new(), Subject::Order(order).key());
    while let Some(passage) = reading.next_passage()? {
        found.extend(passage.messages.into_iter().filter(|envelope| envelope.subject == subject));
    }
    Ok(found)
}

/// The same, as clients see it, with ids as `ids` writes them.
///
/// # Errors
/// If there is no store in `dir`, or it is damaged or cannot be read.
pub fn timeline(dir: &Path, ids: &EventIds, order: OrderId) -> Result<Vec<TimelineEntry>, StoreError> {
    messages(dir, order).map(|messages| messages.iter().map(|message| entry(message, ids)).collect())
}
