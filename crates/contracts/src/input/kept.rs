//! Fields that maejin only keeps and gives back.

use serde_json::{Map, Value};
use typed::Text;

use super::name::{name, proper};
use crate::limits::KEPT_MAX;
use crate::{Code, Rejection};

/// What the customer is called stands among the fields that are kept, and is a name.
const CUSTOMER_NAME: &str = "userName";

/// Fields that are kept, as one JSON object: its texts trimmed, in form NFC, of at most [`KEPT_MAX`] characters, without any that nobody sees
/// but line breaks and tabs. A refusal names the field by its own name.
///
/// # Errors
/// A refusal that names the field.
pub fn kept(fields: &Option<Text>, field: &str) -> Result<Option<Option<Text>>, Rejection> {
    let Some(text) = fields.as_ref().filter(|text| !is_plain(text)) else { return Ok(None) };
    let Ok(mut object) = serde_json::from_str::<Map<String, Value>>(text) else {
        return Err(Rejection::of_field(Code::InvalidValue, field, "a JSON object"));
    };
    let mut is_changed = false;
    for (key, value) in &mut object {
        let Value::String(text) = value else { continue };
        let proper = if key == CUSTOMER_NAME { name(key, text) } else { line(key, text) }?;
        if proper != *text {
            *value = proper.into_owned().into();
            is_changed = true;
        }
    }
    Ok(is_changed.then(|| Some(Value::Object(object).to_string().into())))
}

/// Text of one or more lines, in the form in which it is kept.
///
/// # Errors
/// A refusal that names the field.
pub(crate) fn lines<'a>(field: &str, text: &'a str) -> Result<std::borrow::Cow<'a, str>, Rejection> {
    proper(field, text, 1..=KEPT_MAX, |c| matches!(c, '\n' | '\r' | '\t'))
}

fn line<'a>(field: &str, text: &'a str) -> Result<std::borrow::Cow<'a, str>, Rejection> {
    proper(field, text, 0..=KEPT_MAX, |c| matches!(c, '\n' | '\r' | '\t'))
}

/// Short printable ASCII, with no text in it that is empty or has a space around it: nothing can be wrong with that.
fn is_plain(json: &str) -> bool {
    let is_printable = |byte: &u8| (b' '..=b'~').contains(byte) && *byte != b'\\';
    json.len() <= 200
        && json.starts_with('{')
        && json.ends_with('}')
        && json.bytes().all(|byte| is_printable(&byte))
        && !["\"\"", "\" ", " \""].iter().any(|odd| json.contains(odd))
}

#[cfg(test)]
mod tests {
    use super::kept;

    fn after(json: &str) -> Result<String, String> {
        let proper = kept(&Some(json.into()), "fields").map_err(|refused| refused.field.unwrap_or_default())?;
        Ok(proper.flatten().map_or_else(|| json.to_owned(), |text| String::from(&text)))
    }

    #[test]
    fn texts_are_kept_in_one_form_and_a_customers_name_is_a_name() {
        assert_eq!(after(r#"{"a":" Cafe\u0301 ","n":7,"b":null}"#).as_deref(), Ok(r#"{"a":"Café","n":7,"b":null}"#));
        assert_eq!(after(r#"{"a":"one\ntwo","b":""}"#).as_deref(), Ok(r#"{"a":"one\ntwo","b":""}"#));
        assert_eq!(after(r#"{"userName":"  "}"#), Err("userName".to_owned()));
        assert_eq!(after(r#"{"userName":"a\nb"}"#), Err("userName".to_owned()));
        assert_eq!(after(r#"{"note":"a\u0000b"}"#), Err("note".to_owned()));
        assert_eq!(after(&format!(r#"{{"note":"{}"}}"#, "x".repeat(2_001))), Err("note".to_owned()));
        assert_eq!(after("[]"), Err("fields".to_owned()));
    }
}
