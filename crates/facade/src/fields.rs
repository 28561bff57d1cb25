//! What a client sent, taken apart.

use contracts::queries::CUSTOMER_NAME;
use contracts::{Code, Money, Rejection, Text};
use serde_json::Value as Json;
use storefronts::Attribute;
use storefronts::port::{Fields, Value};

/// The fields that a client sent, to be taken out one after the other.
pub(super) struct RequestFields(Fields);

impl RequestFields {
    pub(super) fn new(fields: Fields) -> Self {
        Self(fields)
    }

    /// The value of `attribute`: `None` if it was not sent, null if it was emptied.
    pub(super) fn take(&mut self, attribute: &Attribute) -> Option<Value> {
        let at = self.0.iter().position(|(sent, _)| sent == attribute)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Whether `attribute` was emptied.
    pub(super) fn is_emptied(&self, attribute: &Attribute) -> bool {
        self.0.iter().any(|(sent, value)| sent == attribute && *value == Value::Null)
    }

    pub(super) fn text(&mut self, attribute: &Attribute) -> Option<Text> {
        text(self.take(attribute)?)
    }

    pub(super) fn int(&mut self, attribute: &Attribute) -> Result<Option<i64>, Rejection> {
        match self.take(attribute) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => number(attribute, &value).map(Some),
        }
    }

    pub(super) fn count(&mut self, attribute: &Attribute) -> Result<Option<u64>, Rejection> {
        let number = self.int(attribute)?;
        number.map(|number| u64::try_from(number).map_err(|_| wrong(attribute, "it is not below zero"))).transpose()
    }

    pub(super) fn money(&mut self, attribute: &Attribute) -> Result<Option<Money>, Rejection> {
        self.int(attribute).map(|number| number.map(Money::krw))
    }

    pub(super) fn yes(&mut self, attribute: &Attribute) -> Option<bool> {
        match self.take(attribute)? {
            Value::Bool(yes) => Some(yes),
            _ => None,
        }
    }

    /// The fields that maejin only keeps, as one JSON object, with null where one was emptied; `None` if none was sent.
    pub(super) fn kept(&mut self) -> Option<Text> {
        let named = self.0.iter().filter_map(|(attribute, value)| Some((kept_name(attribute)?, value)));
        let kept: serde_json::Map<String, Json> =
            named.map(|(name, value)| (name.to_owned(), as_json(value))).collect();
        (!kept.is_empty()).then(|| Json::Object(kept).to_string().into())
    }
}

/// The name under which `attribute` is kept, if maejin only keeps it.
pub(super) fn kept_name(attribute: &Attribute) -> Option<&str> {
    match attribute {
        Attribute::Extra(name) => Some(name),
        Attribute::CustomerName => Some(CUSTOMER_NAME),
        _ => None,
    }
}

pub(super) fn text(value: Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text.into()),
        Value::Int(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The whole number that `value` is. A text is one only as numbers are written: `0900` is not 900.
pub(super) fn number(attribute: &Attribute, value: &Value) -> Result<i64, Rejection> {
    let found = match value {
        Value::Int(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok().filter(|number: &i64| number.to_string() == text.trim()),
        _ => None,
    };
    found.ok_or_else(|| wrong(attribute, "it is a whole number"))
}

fn wrong(attribute: &Attribute, message: &str) -> Rejection {
    Rejection::of_field(Code::InvalidValue, attribute.word(), message)
}

pub(super) fn as_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(yes) => (*yes).into(),
        Value::Int(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Date(ms) => (*ms).into(),
        Value::State(state) => state.word().into(),
    }
}
