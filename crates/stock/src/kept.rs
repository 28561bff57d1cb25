//! The fields that maejin only keeps and gives back, as one JSON object of an offering.

use contracts::{Code, Rejection};
use serde_json::{Map, Value};
use typed::Text;

fn object(text: Option<&Text>) -> Map<String, Value> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// `before` with each field of `merged` in the place of the one of its name; null takes that away. Nothing where nothing is left, and
/// `before` as it was where nothing changed.
pub(crate) fn merge(before: Option<&Text>, merged: &str) -> Result<Option<Text>, Rejection> {
    let Ok(merged) = serde_json::from_str::<Map<String, Value>>(merged) else {
        return Err(Rejection::of_field(Code::InvalidValue, "fields", "what is kept beside is one JSON object"));
    };
    let old = object(before);
    let mut new = old.clone();
    for (name, value) in merged {
        match value {
            Value::Null => drop(new.shift_remove(&name)),
            value => drop(new.insert(name, value)),
        }
    }
    if new == old {
        return Ok(before.cloned());
    }
    Ok((!new.is_empty()).then(|| Value::Object(new).to_string().into()))
}

/// Whether the field `name` of `kept` has this value, written as JSON.
pub(crate) fn is(kept: Option<&Text>, name: &str, value: Option<&Text>) -> bool {
    let wanted = value.and_then(|text| serde_json::from_str::<Value>(text).ok()).filter(|value| !value.is_null());
    object(kept).get(name) == wanted.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(before: Option<&str>, with: &str) -> Option<String> {
        let before = before.map(Text::from);
        merge(before.as_ref(), with).unwrap().as_ref().map(String::from)
    }

    #[test]
    fn each_field_takes_the_place_of_its_own_and_no_other() {
        let before = Some(r#"{"a":1,"b":"x"}"#);
        assert_eq!(merged(before, r#"{"b":2,"c":true}"#).as_deref(), Some(r#"{"a":1,"b":2,"c":true}"#));
        assert_eq!(merged(before, r#"{"a":null}"#).as_deref(), Some(r#"{"b":"x"}"#));
        assert_eq!(merged(before, r#"{"a":null,"b":null}"#), None);
        assert_eq!(merged(Some(r#"{ "a": 1 }"#), r#"{"a":1,"z":null}"#).as_deref(), Some(r#"{ "a": 1 }"#));
        assert_eq!(merged(None, r#"{"a":null}"#), None);
        assert!(merge(None, "[1]").is_err() && merge(None, "{").is_err());
    }

    #[test]
    fn a_field_is_what_it_is_and_nothing_where_it_is_not_kept() {
        let kept = Text::from(r#"{"a":1,"b":"1"}"#);
        let is = |name, value: Option<&str>| is(Some(&kept), name, value.map(Text::from).as_ref());
        assert!(is("a", Some("1")) && is("b", Some("\"1\"")) && is("c", None) && is("c", Some("null")));
        assert!(!is("a", Some("\"1\"")) && !is("a", None) && !is("c", Some("1")));
    }
}
