//! An event as it is sent.

use contracts::Recorded;
use contracts::display::{EventIds, StorefrontNames};
use edge::timeline::event;

/// The event as a server-sent one.
pub fn frame(recorded: &Recorded, ids: &EventIds, names: &StorefrontNames) -> String {
    let event = event(recorded, ids, names);
    let data = serde_json::to_string(&event).unwrap_or_default();
    format!("id: {}\nevent: {}\ndata: {data}\n\n", event.entry.id, recorded.message.name())
}
