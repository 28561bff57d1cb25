//! How the old systems wrote ids, numbers and moments.

use contracts::NUMBER_MAX;
use serde::Deserialize;
use serde_json::Value;
use world::moment::{iso, stamp as in_seoul};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As it is.
    #[default]
    Plain,
    /// An id, or a text that is a number: by its number within the storefront.
    Id,
    /// The same, as a text.
    IdText,
    /// A text that is a number: as that number. Any other as it is.
    Number,
    /// A moment: `2024-11-22T01:46:40.000+00:00`.
    Date,
    /// A moment: `20241122104640`, in Seoul.
    Stamp,
}

impl Form {
    /// `value`, written so.
    pub fn write(self, value: &Value) -> Value {
        match self {
            Self::Plain => value.clone(),
            Self::Id => value.as_u64().map_or_else(|| number(value), |id| (id & NUMBER_MAX).into()),
            Self::IdText => match Self::Id.write(value) {
                Value::Number(number) => number.to_string().into(),
                other => other,
            },
            Self::Number => number(value),
            Self::Date => date(value),
            Self::Stamp => stamp(value),
        }
    }
}

fn number(value: &Value) -> Value {
    let parsed = value.as_str().and_then(|text| text.trim().parse::<i64>().ok());
    parsed.map_or_else(|| value.clone(), Value::from)
}

fn date(value: &Value) -> Value {
    let written = value.as_u64().and_then(iso);
    written.map_or_else(|| value.clone(), Value::from)
}

/// The moment `value` as it is in Seoul.
pub fn stamp(value: &Value) -> Value {
    let written = value.as_u64().and_then(in_seoul);
    written.map_or_else(|| value.clone(), Value::from)
}

#[cfg(test)]
mod tests {
    use contracts::{Numbered, OrderId, StorefrontNo};
    use serde_json::json;

    use super::*;

    #[test]
    fn each_form_writes_as_the_old_systems_did() {
        let order = json!(OrderId::of(StorefrontNo(4), 17).0);
        assert_eq!(Form::Id.write(&order), json!(17));
        assert_eq!(Form::Id.write(&json!("3")), json!(3));
        assert_eq!(Form::IdText.write(&order), json!("17"));
        assert_eq!(Form::Number.write(&json!("1")), json!(1));
        assert_eq!(Form::Number.write(&json!("kim")), json!("kim"));
        assert_eq!(Form::Date.write(&json!(1_732_240_000_000_i64)), json!("2024-11-22T01:46:40.000+00:00"));
        assert_eq!(Form::Stamp.write(&json!(1_732_240_000_000_i64)), json!("20241122104640"));
    }
}
