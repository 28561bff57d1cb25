//! Says our messages in the words of the systems that the storefronts stand for: topic, headers and payload as they wrote them. Which
//! message becomes which, and what its fields are, is declared in one file for each storefront.

mod form;
mod known;
mod words;

use std::collections::BTreeMap;

use contracts::display::{StorefrontNames, storefront_of};
use contracts::{Recorded, StorefrontNo};
use serde_json::{Map, Value, json};

use known::Known;
pub use known::Recall;
use words::{Field, OldEvent, TimestampForm, Words};

const DECLARED: [(&str, &str); 5] = [
    ("show", include_str!("show.toml")),
    ("musical", include_str!("musical.toml")),
    ("movie", include_str!("movie.toml")),
    ("coupon", include_str!("coupon.toml")),
    ("shop", include_str!("shop.toml")),
];

/// A message as an old system would have put it on its log. The key was always empty.
#[derive(Debug, Clone, PartialEq)]
pub struct OldMessage {
    /// The topic.
    pub topic: String,
    /// The header that names the message, where the system wrote one.
    pub type_header: Option<String>,
    /// The payload, its fields in the order in which the system wrote them.
    pub payload: Map<String, Value>,
}

impl OldMessage {
    /// As a line for people.
    pub fn text(&self) -> String {
        let header = self.type_header.as_ref().map(|name| format!("type={name}")).unwrap_or_default();
        format!("{:<18}  key=  {header:<28}  {}", self.topic, Value::Object(self.payload.clone()))
    }

    /// As one JSON object.
    pub fn json(&self) -> String {
        let mut headers = Map::new();
        headers.extend(self.type_header.iter().map(|name| ("type".to_owned(), name.as_str().into())));
        headers.insert("contentType".to_owned(), "application/json".into());
        json!({ "topic": self.topic, "key": "", "headers": headers, "payload": self.payload }).to_string()
    }
}

/// Translates messages, and remembers of those that went before what the old systems said again.
pub struct Translator {
    words: BTreeMap<StorefrontNo, Words>,
    known: Known,
}

impl Translator {
    /// A translator for the storefronts among `names`, which asks `recall` for what it did not hear itself.
    ///
    /// # Errors
    /// If a declaration is wrong.
    pub fn try_new(recall: Recall, names: &StorefrontNames) -> Result<Self, String> {
        let mut words = BTreeMap::new();
        for (name, text) in DECLARED {
            let declared = Words::parse(text).map_err(|why| format!("the old names of {name}: {why}"))?;
            words.extend(names.number(name).map(|number| (number, declared)));
        }
        let wanted = words.values().flat_map(Words::mentioned).collect();
        Ok(Self { words, known: Known::new(wanted, recall) })
    }

    /// The topics of those storefronts.
    pub fn topics(&self) -> Vec<String> {
        self.words.values().map(|words| words.topic.clone()).collect()
    }

    /// Messages were left out: what is known by now may be of yesterday.
    pub fn forget(&mut self) {
        self.known.forget();
    }

    /// Remembers what may be said again later.
    pub fn hear(&mut self, said: &Recorded) {
        self.known.hear(said);
    }

    /// What an old system would have said for `said`, which was heard just before.
    ///
    /// # Errors
    /// If something that was said earlier cannot be looked up.
    pub fn say(&mut self, said: &Recorded) -> Result<Vec<OldMessage>, String> {
        let Some(words) = storefront_of(said.subject).and_then(|storefront| self.words.get(&storefront)) else {
            return Ok(Vec::new());
        };
        let name = said.message.name();
        if !words.say.iter().any(|event| event.on == name) {
            return Ok(Vec::new());
        }
        let facts = self.known.about(said)?;
        let applying = words.say.iter().filter(|event| event.on == name && event.applies(&facts));
        Ok(applying.map(|event| translated(words, event, said.at, &facts)).collect())
    }
}

fn translated(words: &Words, event: &OldEvent, at: u64, facts: &known::Facts) -> OldMessage {
    let mut payload = Map::new();
    let timestamp = match words.timestamp {
        TimestampForm::Ms => at.into(),
        TimestampForm::Stamp => form::stamp(&at.into()),
    };
    payload.insert("eventType".to_owned(), event.says.as_str().into());
    payload.insert("timestamp".to_owned(), timestamp);
    let value = |field: &Field| (field.name.clone(), field.value(facts));
    payload.extend(event.fields.iter().chain(&words.last).map(value));
    OldMessage { topic: words.topic.clone(), type_header: words.type_header.then(|| event.says.clone()), payload }
}
