//! What a file of old names declares.

use serde::Deserialize;
use serde_json::Value;

use super::form::Form;
use super::known::Facts;

/// The words of one old system.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The topic that all of its messages went to.
    pub topic: String,
    /// Whether a header `type` named the message.
    pub type_header: bool,
    /// How it wrote the moment of a message.
    pub timestamp: TimestampForm,
    /// The fields that ended every payload.
    #[serde(default)]
    pub last: Vec<Field>,
    /// What it said on which of our messages.
    pub say: Vec<OldEvent>,
}

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampForm {
    /// Milliseconds since the Unix epoch.
    Ms,
    /// As `yyyyMMddHHmmss` in Seoul.
    Stamp,
}

/// One of its messages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OldEvent {
    /// Our message.
    pub on: String,
    /// Only where this holds one of these texts.
    pub only: Option<Only>,
    /// Only where all of these hold something, and not zero.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Its name.
    pub says: String,
    /// The fields of its payload after `eventType` and `timestamp`.
    pub fields: Vec<Field>,
}

/// A condition on a text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// Where it stands.
    pub field: String,
    /// What it must be.
    pub among: Vec<String>,
}

/// A field of a payload; null where nothing is said of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds, whatever was said.
    pub always: Option<Value>,
    /// Where its value stands: `this.left` in the message itself, `StockHeld.name` in the last such one about the same order, its seat
    /// or its offering. The first that has a value counts.
    #[serde(default)]
    pub is: Vec<String>,
    /// How it is written.
    #[serde(default, rename = "as")]
    pub form: Form,
}

impl Words {
    /// From the text of a file.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The names of our messages whose content is said again later.
    pub fn mentioned(&self) -> Vec<String> {
        let paths = self.say.iter().flat_map(|event| {
            let fields = event.fields.iter().flat_map(|field| field.is.iter());
            fields.chain(&event.needs).chain(event.only.iter().map(|only| &only.field))
        });
        paths.filter_map(|path| path.split('.').next()).filter(|name| *name != "this").map(str::to_owned).collect()
    }
}

impl OldEvent {
    /// Whether it is said, as things are.
    pub fn applies(&self, facts: &Facts) -> bool {
        let only = self.only.as_ref().is_none_or(|only| {
            facts.find(&only.field).is_some_and(|value| only.among.iter().any(|one| value == one.as_str()))
        });
        only && self.needs.iter().all(|path| facts.find(path).is_some_and(|value| value.as_u64() != Some(0)))
    }
}

impl Field {
    /// What it holds, as things are.
    pub fn value(&self, facts: &Facts) -> Value {
        if let Some(always) = &self.always {
            return always.clone();
        }
        self.is.iter().find_map(|path| facts.find(path)).map_or(Value::Null, |value| self.form.write(&value))
    }
}
