//! What the shop answered.

use std::ops::Index;

use serde_json::Value;

/// An answer, with the request it answers.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(crate) asked: String,
    /// The status.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub text: String,
    pub(crate) body: Value,
}

impl Reply {
    /// The same, if the status is `status`.
    ///
    /// # Panics
    /// If it is another one.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert!(self.status == status, "expected {status}, but {self}");
        self
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> &Value {
        &self.body
    }

    /// The header `name`, if there is one.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// The last part of the body's own link: the number of the thing.
    ///
    /// # Panics
    /// If there is no such link, or no number in it.
    #[track_caller]
    pub fn number(&self) -> u64 {
        number_of(&self.body).unwrap_or_else(|| panic!("no number in the link of {self}"))
    }

    /// The items of a list.
    ///
    /// # Panics
    /// If it is none.
    #[track_caller]
    pub fn rows(&self) -> Vec<Value> {
        let embedded = self.body["_embedded"].as_object().and_then(|embedded| embedded.values().next());
        embedded.and_then(Value::as_array).unwrap_or_else(|| panic!("this is no list: {self}")).clone()
    }
}

/// The last part of an item's own link: its number.
pub(crate) fn number_of(item: &Value) -> Option<u64> {
    item["_links"]["self"]["href"].as_str()?.rsplit('/').next()?.parse().ok()
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} was answered {} {}", self.asked, self.status, self.text)
    }
}

/// A field of the body; null if there is none.
impl Index<&str> for Reply {
    type Output = Value;

    fn index(&self, field: &str) -> &Value {
        &self.body[field]
    }
}
