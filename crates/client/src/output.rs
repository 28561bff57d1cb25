//! Writes what was heard: one JSON document for programs, text for people.

use serde_json::Value;

use service::output;

/// Writes `document` if programs are to read it, else what `text` makes of it.
///
/// # Errors
/// If it cannot be written.
pub fn print(document: &Value, json: bool, text: impl FnOnce(&Value) -> String) -> Result<(), String> {
    output::print(&if json { output::json(document) } else { text(document) })
}

/// A value as people read it: nothing for what is not there, a dash where that would be an empty cell.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => clean(text),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Object(fields) if fields.contains_key("currency") => money(value),
        other => other.to_string(),
    }
}

/// An amount of money with its currency.
pub fn money(value: &Value) -> String {
    match (value["amount"].as_i64(), value["currency"].as_str()) {
        (Some(amount), Some(currency)) => format!("{amount} {currency}"),
        _ => "-".to_owned(),
    }
}

/// Where something is found: its storefront and number.
pub fn name(value: &Value, number: &str) -> String {
    match (value["storefront"].as_str(), value[number].as_u64()) {
        (Some(storefront), Some(number)) => format!("{storefront}/{number}"),
        _ => "-".to_owned(),
    }
}

/// Text that came from customers, without what would move the cursor of a terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_customers_wrote_does_not_move_the_cursor() {
        assert_eq!(cell(&json!("a\u{1b}[2Jb\nc")), "a [2Jb c");
    }

    #[test]
    fn values_are_shown_for_people() {
        assert_eq!(cell(&json!({ "amount": 15000, "currency": "KRW" })), "15000 KRW");
        assert_eq!(cell(&json!([1, 2])), "1, 2");
        assert_eq!((cell(&json!(null)), cell(&json!([])), cell(&json!(true))), ("-".into(), "-".into(), "yes".into()));
        assert_eq!(name(&json!({ "storefront": "show", "order": 3 }), "order"), "show/3");
    }
}
