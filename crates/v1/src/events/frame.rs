//! An event as it is sent.

use contracts::display::{EventIds, StorefrontNames, order_of, storefront_of};
use contracts::{Numbered, Recorded};
use edge::ids;
use edge::timeline::entry;

use crate::shapes::Event;

/// The event as a server-sent one.
pub fn frame(recorded: &Recorded, ids: &EventIds, names: &StorefrontNames) -> String {
    let event = Event {
        entry: entry(recorded, ids),
        storefront: storefront_of(recorded.subject).map(|storefront| names.name(storefront)),
        order: order_of(recorded.subject).map(|order| ids::text(order.number())),
        correlation_id: format!("{:016x}", recorded.correlation),
    };
    let data = serde_json::to_string(&event).unwrap_or_default();
    format!("id: {}\nevent: {}\ndata: {data}\n\n", event.entry.id, recorded.message.name())
}
