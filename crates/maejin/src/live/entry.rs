//! A message as clients of v1 see it.

use contracts::{Message, Numbered, OrderId};
use engine::Envelope;
use serde::Serialize;
use serde_json::Value;

use super::summary::summary;
use crate::events::{content, service};
use crate::written::moment;

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
