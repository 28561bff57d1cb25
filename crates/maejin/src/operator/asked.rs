//! What an operator asks for: a path, the filters of a list, and the fields of a body, each read strictly.

use std::collections::BTreeMap;

use contracts::Money;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::Unserved;

/// The parts of a path below the prefix, decoded.
pub fn parts(path: &str) -> Vec<String> {
    let part = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
    path.split('/').filter(|part| !part.is_empty()).map(part).collect()
}

/// The pairs after the question mark of an address. Each is to be taken out; what is left over is refused.
pub struct Filters(BTreeMap<String, String>);

impl Filters {
    /// Those of `query`.
    pub fn of(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// The text of `name`.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Whether `name` is said to be true.
    pub fn yes(&mut self, name: &str) -> Result<bool, Unserved> {
        match self.0.remove(name).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Unserved::invalid(name, format!("{name} is true or false, not {other}"))),
        }
    }

    /// The whole number of `name`, between 1 and `max`.
    pub fn number(&mut self, name: &str, max: u64) -> Result<Option<u64>, Unserved> {
        let Some(text) = self.0.remove(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (1..=max).contains(number));
        let why = || Unserved::invalid(name, format!("{name} is a whole number from 1 to {max}, not {text}"));
        number.ok_or_else(why).map(Some)
    }

    /// Refuses what nobody asked for.
    pub fn end(self) -> Result<(), Unserved> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => Err(Unserved::invalid(&name, format!("there is no filter {name} here"))),
        }
    }
}

/// The fields of a JSON body. Each is to be taken out; what is left over is refused.
pub struct Sent(Map<String, Value>);

impl Sent {
    /// Those of `body`.
    pub fn of(body: &[u8]) -> Result<Self, Unserved> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(Unserved::invalid("body", "the body is a JSON object")),
            Err(error) => Err(Unserved::invalid("body", format!("the body is no JSON: {error}"))),
        }
    }

    fn take<T>(&mut self, name: &str, what: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Option<T>, Unserved> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(&value).map(Some).ok_or_else(|| Unserved::invalid(name, format!("{name} is {what}"))),
        }
    }

    /// The text `name`.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Unserved> {
        self.take(name, "a text", |value| value.as_str().map(str::to_owned))
    }

    /// The whole number `name`.
    pub fn int(&mut self, name: &str) -> Result<Option<i64>, Unserved> {
        self.take(name, "a whole number of 64 bits", Value::as_i64)
    }

    /// The whole number `name` that is not below zero.
    pub fn count(&mut self, name: &str) -> Result<Option<u64>, Unserved> {
        let read = |value: &Value| value.as_u64().filter(|count| i64::try_from(*count).is_ok());
        self.take(name, "a whole number, zero or more", read)
    }

    /// The yes or no `name`.
    pub fn yes(&mut self, name: &str) -> Result<bool, Unserved> {
        Ok(self.take(name, "true or false", Value::as_bool)?.unwrap_or(false))
    }

    /// The amount of money `name`, in whole won.
    pub fn money(&mut self, name: &str) -> Result<Option<Money>, Unserved> {
        let read = |value: &Value| value.as_i64().filter(|amount| *amount >= 0).map(Money::krw);
        self.take(name, "an amount in whole won, zero or more", read)
    }

    /// Refuses what nobody asked for.
    pub fn end(self) -> Result<(), Unserved> {
        match self.0.into_iter().next() {
            None => Ok(()),
            Some((name, _)) => Err(Unserved::invalid(&name, format!("there is no field {name} here"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(unserved: Unserved) -> String {
        unserved.into_problem().errors()[0].field.clone()
    }

    #[test]
    fn a_path_is_decoded_part_by_part() {
        assert_eq!(parts("/points/a%2Fb%20%ED%95%9C/"), ["points", "a/b 한"]);
    }

    #[test]
    fn what_is_not_asked_for_is_refused_by_its_name() {
        let mut filters = Filters::of("limit=5&colour=red");
        assert_eq!(filters.number("limit", 10).unwrap(), Some(5));
        assert_eq!(field(filters.end().unwrap_err()), "colour");
        let mut sent = Sent::of(br#"{"add":3,"colour":"red"}"#).unwrap();
        assert_eq!(sent.count("add").unwrap(), Some(3));
        assert_eq!(field(sent.end().unwrap_err()), "colour");
    }

    #[test]
    fn what_is_out_of_its_range_is_refused_by_its_name() {
        for query in ["limit=0", "limit=11", "limit=-1", "limit=x", "limit="] {
            assert_eq!(field(Filters::of(query).number("limit", 10).unwrap_err()), "limit", "{query}");
        }
        for body in [r#"{"add":-1}"#, r#"{"add":1.5}"#, r#"{"add":"1"}"#, r#"{"add":9223372036854775808}"#] {
            assert_eq!(field(Sent::of(body.as_bytes()).unwrap().count("add").unwrap_err()), "add", "{body}");
        }
        assert!(Sent::of(b"[]").is_err() && Sent::of(b"{").is_err());
    }
}
