//! What a client sent, taken apart.

use contracts::{Money, Text};
use storefronts::Attribute;
use storefronts::port::{Fields, Value};

/// The fields that a client sent, to be taken out one after the other.
pub(super) struct Sent(Fields);

impl Sent {
    pub(super) fn new(fields: Fields) -> Self {
        Self(fields)
    }

    /// The value of `attribute`: `None` if it was not sent, null if it was emptied.
    pub(super) fn take(&mut self, attribute: &Attribute) -> Option<Value> {
        let at = self.0.iter().position(|(sent, _)| sent == attribute)?;
        Some(self.0.swap_remove(at).1)
    }

    pub(super) fn text(&mut self, attribute: &Attribute) -> Option<Text> {
        match self.take(attribute)? {
            Value::Text(text) => Some(text.into()),
            Value::Int(number) => Some(number.to_string().into()),
            _ => None,
        }
    }

    pub(super) fn int(&mut self, attribute: &Attribute) -> Option<i64> {
        match self.take(attribute)? {
            Value::Int(number) => Some(number),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(super) fn count(&mut self, attribute: &Attribute) -> Option<u64> {
        self.int(attribute).and_then(|number| u64::try_from(number).ok())
    }

    pub(super) fn money(&mut self, attribute: &Attribute) -> Option<Money> {
        self.int(attribute).map(Money::krw)
    }

    pub(super) fn yes(&mut self, attribute: &Attribute) -> Option<bool> {
        match self.take(attribute)? {
            Value::Bool(yes) => Some(yes),
            Value::Null => Some(false),
            _ => None,
        }
    }

    /// The fields that maejin only keeps, as one JSON object on top of `before`; `None` if none was sent.
    pub(super) fn extra(&mut self, before: Option<&str>) -> Option<Text> {
        let mut kept: serde_json::Map<String, serde_json::Value> =
            before.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let mut sent = false;
        for (attribute, value) in &self.0 {
            let name = match attribute {
                Attribute::Extra(name) => &**name,
                Attribute::CustomerName => "userName",
                _ => continue,
            };
            sent = true;
            match as_json(value) {
                serde_json::Value::Null => drop(kept.remove(name)),
                value => drop(kept.insert(name.to_owned(), value)),
            }
        }
        sent.then(|| serde_json::Value::Object(kept).to_string().into())
    }
}

fn as_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Date(ms) => (*ms).into(),
        Value::State(state) => state.word().into(),
    }
}
