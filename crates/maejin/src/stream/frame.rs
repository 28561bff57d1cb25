//! An event as it is sent.

use contracts::{Message, Numbered};
use engine::Envelope;

use edge::ids;
use v1::shapes::Event;

use crate::history::entry;
use host::display::{EventIds, StorefrontNames, order_of, storefront_of};

/// The event as a server-sent one.
pub fn frame(envelope: &Envelope<Message>, ids: &EventIds, names: &StorefrontNames) -> String {
    let event = Event {
        entry: entry(envelope, ids),
        storefront: storefront_of(envelope.subject).map(|storefront| names.name(storefront)),
        order: order_of(envelope.subject).map(|order| ids::text(order.number())),
        correlation_id: format!("{:016x}", envelope.correlation),
    };
    let data = serde_json::to_string(&event).unwrap_or_default();
    format!("id: {}\nevent: {}\ndata: {data}\n\n", event.entry.id, envelope.message.name())
}
