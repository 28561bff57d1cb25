//! A message as clients of v1 see it.

use contracts::{Message, Numbered, OrderId};
use engine::Envelope;
use serde::Serialize;
use serde_json::Value;

use super::summary::summary;
use crate::events::{content, service};
use crate::written::{StorefrontNames, moment, order_of, storefront_of};

/// What a message says of ids. In v1 an id is text: the number within its storefront.
const IDS: [&str; 3] = ["order", "offering", "seat"];

/// A message in the timeline of an order, or among live events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// When it was handled: RFC 3339, UTC.
    pub at: String,
    /// Who said it; `outside` for what a client, an operator or a provider said.
    pub service: &'static str,
    /// Its name.
    pub message: &'static str,
    /// Its id: text that sorts by length, then by content.
    pub id: String,
    /// The id of the message that brought it about.
    pub cause: Option<String>,
    /// What it says, for people.
    pub summary: String,
    /// What it says, for programs.
    pub data: Value,
}

impl Entry {
    /// The entry of a message.
    pub fn of(envelope: &Envelope<Message>) -> Self {
        let mut data = content(&envelope.message).unwrap_or_default();
        fit_for_clients(&mut data);
        Self {
            at: moment(envelope.at),
            service: service(envelope.from),
            message: envelope.message.name(),
            id: envelope.id.to_string(),
            cause: (envelope.cause != 0).then(|| envelope.cause.to_string()),
            summary: summary(&envelope.message),
            data,
        }
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
            Value::Array(seats) if name == "seats" => seats.iter_mut().for_each(|seat| *seat = id(seat)),
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
    raw.as_u64().map_or(Value::Null, |raw| OrderId::from_raw(raw).number().to_string().into())
}

/// An event as it is sent to those who listen.
#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    entry: Entry,
    /// The storefront it happened in; none for what concerns all, such as a customer's points.
    storefront: Option<String>,
    /// The order it is about, if it is about one.
    order: Option<String>,
    correlation_id: String,
}

/// The event as a server-sent one.
pub fn frame(envelope: &Envelope<Message>, names: &StorefrontNames) -> String {
    let told = Told {
        entry: Entry::of(envelope),
        storefront: storefront_of(envelope.subject).map(|storefront| names.name(storefront)),
        order: order_of(envelope.subject).map(|order| order.number().to_string()),
        correlation_id: format!("{:016x}", envelope.correlation),
    };
    let data = serde_json::to_string(&told).unwrap_or_default();
    format!("id: {}\nevent: {}\ndata: {data}\n\n", envelope.id, envelope.message.name())
}
