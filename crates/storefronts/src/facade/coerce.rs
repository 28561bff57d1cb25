//! Reads what a client sent into the type of a field. Command-line clients send numbers as texts, so those are numbers too.

use serde_json::Value as Json;
use world::moment::{NotAMoment, in_range};

use super::dates;
use crate::port::Value;
use crate::{Field, FieldType};

/// The value that `json` is in `field`, or what is wrong with it.
pub(super) fn coerce(field: &Field, json: Json) -> Result<Value, String> {
    if field.required && matches!(&json, Json::String(text) if text.trim().is_empty()) {
        return Err("must not be empty".to_owned());
    }
    let value = match field.field_type {
        FieldType::Int => number(&json, i64::from(i32::MIN), i64::from(i32::MAX))?,
        FieldType::Long => number(&json, i64::MIN, i64::MAX)?,
        FieldType::Text | FieldType::Stamp | FieldType::Status => text(json)?,
        FieldType::Bool => boolean(&json)?,
        FieldType::Date => date(&json)?,
    };
    match (field.min, &value) {
        (Some(min), Value::Int(number)) if *number < min => Err(format!("must be at least {min}")),
        _ => Ok(value),
    }
}

fn number(json: &Json, min: i64, max: i64) -> Result<Value, String> {
    let out_of_range = || format!("must be a whole number from {min} to {max}");
    let found = match json {
        Json::Null => return Ok(Value::Null),
        Json::Number(number) if number.is_f64() && number.as_f64().is_none_or(|float| float.abs() < 1e15) => {
            return Err("must be a whole number, without a fraction".to_owned());
        }
        Json::Number(number) => number.as_i64().ok_or_else(out_of_range)?,
        Json::String(text) if text.trim().is_empty() => return Ok(Value::Null),
        Json::String(text) => match text.trim().parse::<i64>() {
            Ok(number) => number,
            Err(_) if text.trim().trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(out_of_range());
            }
            Err(_) => return Err(format!("must be a whole number, not {}", quoted(json))),
        },
        _ => return Err(format!("must be a whole number, not {}", quoted(json))),
    };
    if (min..=max).contains(&found) { Ok(Value::Int(found)) } else { Err(out_of_range()) }
}

fn text(json: Json) -> Result<Value, String> {
    let text = match json {
        Json::Null => return Ok(Value::Null),
        Json::String(text) => text,
        Json::Number(number) => number.to_string(),
        Json::Bool(yes) => yes.to_string(),
        Json::Object(_) | Json::Array(_) => return Err(format!("must be a text, not {}", quoted(&json))),
    };
    Ok(Value::Text(text))
}

fn boolean(json: &Json) -> Result<Value, String> {
    let found = match json {
        Json::Null => return Ok(Value::Null),
        Json::Bool(yes) => Some(*yes),
        Json::Number(number) => number.as_i64().map(|number| number != 0),
        Json::String(text) => match text.trim() {
            "" => return Ok(Value::Null),
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        _ => None,
    };
    found.map(Value::Bool).ok_or_else(|| format!("must be true or false, not {}", quoted(json)))
}

fn date(json: &Json) -> Result<Value, String> {
    let found = match json {
        Json::Null => return Ok(Value::Null),
        Json::Number(number) => number.as_i64().map_or(Err(NotAMoment::Unread), in_range),
        Json::String(text) if text.trim().is_empty() => return Ok(Value::Null),
        Json::String(text) => dates::parse(text.trim()),
        _ => Err(NotAMoment::Unread),
    };
    found.map(Value::Date).map_err(|why| match why {
        NotAMoment::Unread => {
            format!("must be milliseconds since 1970, a date with time and offset, or yyyy-MM-dd, not {}", quoted(json))
        }
        out_of_range => format!("{out_of_range}: {}", quoted(json)),
    })
}

/// What was sent, short enough for a message.
fn quoted(json: &Json) -> String {
    match json {
        Json::String(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
        Json::Object(_) => "an object".to_owned(),
        Json::Array(_) => "an array".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Attribute;

    fn field(field_type: FieldType, required: bool, min: Option<i64>) -> Field {
        let attribute = Attribute::Left;
        Field { name: "f".to_owned(), field_type, attribute, required, optional: false, min }
    }

    #[test]
    fn numbers_are_taken_as_the_old_systems_took_them() {
        let int = field(FieldType::Int, false, None);
        let table = [
            (json!(10), Some(Value::Int(10))),
            (json!("10"), Some(Value::Int(10))),
            (json!(" 7 "), Some(Value::Int(7))),
            (json!("-3"), Some(Value::Int(-3))),
            (json!(""), Some(Value::Null)),
            (json!(null), Some(Value::Null)),
            (json!(2_147_483_647), Some(Value::Int(2_147_483_647))),
            (json!("abc"), None),
            (json!("1.5"), None),
            (json!("1e2"), None),
            (json!(1.5), None),
            (json!(1e2), None),
            (json!(true), None),
            (json!({}), None),
            (json!([1]), None),
            (json!(2_147_483_648_i64), None),
            (json!("99999999999"), None),
            (json!(u64::MAX), None),
        ];
        for (json, expected) in table {
            assert_eq!(coerce(&int, json.clone()).ok(), expected, "{json}");
        }
    }

    #[test]
    fn a_required_number_cannot_be_an_empty_text() {
        assert!(coerce(&field(FieldType::Int, true, None), json!("")).is_err());
    }

    #[test]
    fn a_long_number_takes_64_bits_and_no_more() {
        let long = field(FieldType::Long, false, None);
        assert_eq!(coerce(&long, json!("99999999999")), Ok(Value::Int(99_999_999_999)));
        assert!(coerce(&long, json!("99999999999999999999")).is_err_and(|message| message.contains("from")));
        assert!(coerce(&long, serde_json::from_str("99999999999999999999").unwrap()).is_err());
    }

    #[test]
    fn a_number_below_the_least_is_refused() {
        let quantity = field(FieldType::Int, true, Some(1));
        assert_eq!(coerce(&quantity, json!("0")), Err("must be at least 1".to_owned()));
        assert_eq!(coerce(&quantity, json!(1)), Ok(Value::Int(1)));
    }

    #[test]
    fn a_number_in_a_text_field_becomes_text() {
        let text = field(FieldType::Text, false, None);
        assert_eq!(coerce(&text, json!(12)), Ok(Value::Text("12".to_owned())));
        assert_eq!(coerce(&text, json!(" a ")), Ok(Value::Text(" a ".to_owned())));
        assert!(coerce(&text, json!({"a": 1})).is_err());
    }

    #[test]
    fn yes_and_no_may_be_texts() {
        let sold = field(FieldType::Bool, false, None);
        assert_eq!(coerce(&sold, json!("True")), Ok(Value::Bool(true)));
        assert_eq!(coerce(&sold, json!(0)), Ok(Value::Bool(false)));
        assert!(coerce(&sold, json!("yes")).is_err());
    }
}
