//! Whether a condition holds for a row, and what follows from its columns.

use typed::{AnyFilter, AnyTerm, Comparison, Value, folded};

/// Whether `filter` holds for `row`.
pub(super) fn holds(filter: &AnyFilter, row: &[Value]) -> bool {
    match filter {
        AnyFilter::Compare { term, how, to, .. } => compare(&value_of(term, row), *how, to),
        AnyFilter::OneOf { term, values, .. } => {
            let value = value_of(term, row);
            value != Value::Null && values.contains(&value)
        }
        AnyFilter::Contains(term, part) => {
            let Value::Text(text) = as_text(value_of(term, row)) else { return part.is_empty() };
            folded(&text).contains(&folded(part))
        }
        AnyFilter::Either(filters) => filters.iter().any(|filter| holds(filter, row)),
    }
}

fn compare(value: &Value, how: Comparison, to: &Value) -> bool {
    let are_some = *value != Value::Null && *to != Value::Null;
    match how {
        Comparison::Is => value == to,
        Comparison::IsNot => value != to,
        Comparison::Below => are_some && value < to,
        Comparison::AtMost => are_some && value <= to,
        Comparison::Above => are_some && value > to,
        Comparison::AtLeast => are_some && value >= to,
    }
}

/// What `term` is of `row`.
pub(super) fn value_of(term: &AnyTerm, row: &[Value]) -> Value {
    match term {
        AnyTerm::Column(column) => row.get(column.place).cloned().unwrap_or(Value::Null),
        AnyTerm::Block(of, bits) => integer(value_of(of, row), |value| value >> (*bits).min(63)),
        AnyTerm::Low(of, bits) => integer(value_of(of, row), |value| value & ((1 << (*bits).min(62)) - 1)),
        AnyTerm::Less(of, other) => match as_integer(value_of(other, row)) {
            Value::Int(other) => integer(value_of(of, row), |value| value.saturating_sub(other)),
            _ => Value::Null,
        },
        AnyTerm::Start(of, chars) => match as_text(value_of(of, row)) {
            Value::Text(text) => {
                let chars = usize::try_from(*chars).unwrap_or(usize::MAX);
                Value::Text(text.chars().take_while(|c| *c != '\0').take(chars).collect::<String>().into())
            }
            _ => Value::Text("".into()),
        },
        AnyTerm::Without(of, first) => match value_of(of, row) {
            Value::Text(text) => Value::Text(text.strip_prefix(*first).map_or_else(|| text.clone(), Into::into)),
            other => other,
        },
        AnyTerm::Member(of, name) => match value_of(of, row) {
            Value::Text(text) => member(&text, name),
            _ => Value::Null,
        },
        AnyTerm::Whether(filter) => Value::Int(i64::from(holds(filter, row))),
        AnyTerm::AsInteger(of) => as_integer(value_of(of, row)),
        AnyTerm::AsText(of) => as_text(value_of(of, row)),
    }
}

fn integer(value: Value, then: impl FnOnce(i64) -> i64) -> Value {
    match as_integer(value) {
        Value::Int(value) => Value::Int(then(value)),
        other => other,
    }
}

fn as_integer(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Int(leading_integer(&text)),
        Value::Blob(bytes) => Value::Int(leading_integer(&String::from_utf8_lossy(&bytes))),
        other => other,
    }
}

/// The integer that `text` begins with, or the nearest one that there is; zero if it begins with none.
fn leading_integer(text: &str) -> i64 {
    let text = text.trim_start_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = digits.bytes().take_while(u8::is_ascii_digit);
    let number =
        digits.fold(0_i128, |number, digit| (number * 10 + i128::from(digit - b'0')).min(i128::from(u64::MAX)));
    let number = if is_negative { -number } else { number };
    i64::try_from(number).unwrap_or(if is_negative { i64::MIN } else { i64::MAX })
}

fn as_text(value: Value) -> Value {
    match value {
        Value::Int(number) => Value::Text(number.to_string().into()),
        Value::Blob(bytes) => Value::Text(String::from_utf8_lossy(&bytes).as_ref().into()),
        other => other,
    }
}

fn member(object: &str, name: &str) -> Value {
    let object = serde_json::from_str::<serde_json::Value>(object).unwrap_or_default();
    match object.get(name) {
        None | Some(serde_json::Value::Null) => Value::Null,
        Some(serde_json::Value::Bool(yes)) => Value::Int(i64::from(*yes)),
        Some(serde_json::Value::Number(number)) if number.is_i64() => Value::Int(number.as_i64().unwrap_or_default()),
        Some(serde_json::Value::String(text)) => Value::Text(text.as_str().into()),
        Some(other) => Value::Text(other.to_string().into()),
    }
}
