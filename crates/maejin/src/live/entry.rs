//! A message as clients of v1 see it.

use contracts::{Message, Numbered, OrderId, SeatId};
use engine::Envelope;
use serde_json::Value;

use ::api::ids;
use ::api::shapes::{Event, TimelineEntry};

use super::summary::summary;
use crate::events::{content, service};
use crate::written::{EventIds, StorefrontNames, moment, order_of, storefront_of};

/// What a message says of ids of orders and offerings.
const IDS: [&str; 2] = ["order", "offering"];

/// The entry of a message.
pub fn entry(envelope: &Envelope<Message>, ids: &EventIds) -> TimelineEntry {
    let mut data = content(&envelope.message).unwrap_or_default();
    fit_for_clients(&mut data);
    TimelineEntry {
        at: moment(envelope.at),
        service: service(envelope.from),
        message: envelope.message.name(),
        id: ids.text(envelope.id),
        cause: (envelope.cause != 0).then(|| ids.text(envelope.cause)),
        summary: summary(&envelope.message),
        data,
    }
}

/// Fields are what they are in the contracts; only ids are written as v1 writes them, since they do not fit the numbers of every
/// JSON reader, and the means of payment is nobody's business.
fn fit_for_clients(data: &mut Value) {
    let Value::Object(fields) = data else { return };
    fields.shift_remove("card");
    for (name, value) in fields {
        match value {
            Value::Number(_) if IDS.contains(&name.as_str()) => *value = id(value),
            Value::Number(_) if name == "seat" => *value = seat(value),
            Value::Array(seats) if name == "seats" => {
                seats.iter_mut().filter(|one| one.is_number()).for_each(|one| *one = seat(one));
            }
            Value::Object(target) if name == "target" => *value = named(target),
            _ => {}
        }
    }
}

/// Which offering is meant: `{"id": "3"}` or `{"reference": "3"}`.
fn named(target: &serde_json::Map<String, Value>) -> Value {
    target
        .iter()
        .map(|(how, value)| {
            let value = if value.is_number() { id(value) } else { value.clone() };
            (how.to_lowercase(), value)
        })
        .collect()
}

fn id(raw: &Value) -> Value {
    raw.as_u64().map_or(Value::Null, |raw| ids::text(OrderId::from_raw(raw).number()).into())
}

/// A seat by its number, since a message does not say its row: v1 takes that, too.
fn seat(raw: &Value) -> Value {
    raw.as_u64().map_or(Value::Null, |raw| ids::seat_text(None, None, SeatId::from_raw(raw).number()).into())
}

/// The event as a server-sent one.
pub fn frame(envelope: &Envelope<Message>, ids: &EventIds, names: &StorefrontNames) -> String {
    let told = Event {
        entry: entry(envelope, ids),
        storefront: storefront_of(envelope.subject).map(|storefront| names.name(storefront)),
        order: order_of(envelope.subject).map(|order| ids::text(order.number())),
        correlation_id: format!("{:016x}", envelope.correlation),
    };
    let data = serde_json::to_string(&told).unwrap_or_default();
    format!("id: {}\nevent: {}\ndata: {data}\n\n", told.entry.id, envelope.message.name())
}
