//! What is shown of a message.

use contracts::display::{EventIds, content, moment, service};
use contracts::{Message, Numbered, OrderId, Recorded, SeatId};
use serde_json::{Map, Value};

use super::TimelineEntry;
use super::summary::summary;
use crate::ids;

/// What a message says of ids of orders and offerings.
const IDS: [&str; 3] = ["order", "offering", "owner"];

/// The entry of a message, with ids as `ids` writes them.
pub fn entry(recorded: &Recorded, ids: &EventIds) -> TimelineEntry {
    let mut data = content(&recorded.message).unwrap_or_default();
    if let Message::OrderPlaced(placed) = &recorded.message {
        data["now"] = serde_json::to_value(placed.now(recorded.at)).unwrap_or_default();
    }
    fit_for_clients(&mut data);
    TimelineEntry {
        at: moment(recorded.at),
        service: service(recorded.from),
        message: recorded.message.name(),
        id: ids.text(recorded.id),
        cause: (recorded.cause != 0).then(|| ids.text(recorded.cause)),
        summary: summary(&recorded.message),
        data,
    }
}

/// Fields are what they are in the contracts; only ids are written as v1 writes them, since they do not fit the numbers of every
/// JSON reader, and the means of payment is nobody's business.
fn fit_for_clients(data: &mut Value) {
    let Value::Object(fields) = data else { return };
    fields.shift_remove("card");
    call_by_name(fields);
    for (name, value) in fields {
        match value {
            Value::Number(_) if IDS.contains(&name.as_str()) => *value = id(value),
            Value::Number(_) if name == "seat" => *value = seat(value),
            Value::Array(seats) if name == "seats" => {
                seats.iter_mut().filter(|one| one.is_number()).for_each(|one| *one = seat(one));
            }
            Value::Object(target) if name == "target" => *value = named(target),
            Value::Object(_) if name == "now" || name == "offering_now" => fit_for_clients(value),
            Value::Array(seats) if name == "seats_now" => seats.iter_mut().for_each(fit_for_clients),
            _ => {}
        }
    }
}

/// Puts the names by which people know seats in the place of their ids, where the message says what they are called. What a seat is called can
/// change: its key, beside, cannot.
fn call_by_name(fields: &mut Map<String, Value>) {
    if let Some(name) = name_of(fields).or_else(|| fields.get("now").and_then(Value::as_object).and_then(name_of)) {
        let key = fields.insert("seat".to_owned(), name.into());
        fields.insert("seat_key".to_owned(), key.as_ref().map_or(Value::Null, seat));
    }
    let moved = fields.get("seats_now").and_then(Value::as_array);
    let moved = moved.map(|seats| seats.iter().filter_map(Value::as_object).filter_map(name_of).collect());
    let ordered = fields.get("now").and_then(|now| now.get("seats")).filter(|seats| seats.is_array()).cloned();
    if let Some(names) = moved.map(|names: Vec<String>| names.into()).or(ordered) {
        fields.insert("seats".to_owned(), names);
    }
}

/// What people call the seat that `fields` describe, if they describe one.
fn name_of(fields: &Map<String, Value>) -> Option<String> {
    let (seat, row, column) =
        (fields.get("seat")?.as_u64()?, fields.get("row")?.as_str(), fields.get("column")?.as_i64());
    Some(ids::seat_text(row, column, SeatId::from_raw(seat).number()))
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

/// A seat by its number, where a message does not say what it is called: v1 takes that, too.
fn seat(raw: &Value) -> Value {
    raw.as_u64().map_or(Value::Null, |raw| ids::seat_text(None, None, SeatId::from_raw(raw).number()).into())
}
