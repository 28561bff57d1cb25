//! Messages as the systems wrote them that the storefronts stand for, on the topics that their consumers read.

use contracts::Recorded;
use contracts::display::EventIds;
use kafka::Outgoing;
use old_names::{OldMessage, Translator};

/// Those systems had one part of a topic each, and so one order: whoever reads relies on it.
const PARTITION: i32 = 0;
/// As their library wrote it: a text in JSON, with the quotes.
const CONTENT_TYPE: &str = "\"application/json\"";
/// What tells that library so.
const JSON_TYPES: &str = "{\"contentType\":\"java.lang.String\"}";

/// Says a message in old words, if it had any; `None` where nobody wants them.
pub struct OldWords {
    translator: Translator,
    ids: EventIds,
}

impl OldWords {
    /// Those that `translator` says.
    pub fn new(translator: Translator, ids: EventIds) -> Self {
        Self { translator, ids }
    }

    /// What was heard so far may be of later than what comes next.
    pub fn begin_again(&mut self) {
        self.translator.forget();
    }

    /// What is sent for `said`. Every message is to be told, in order.
    ///
    /// # Errors
    /// If something that was said earlier cannot be looked up.
    pub fn outgoing(&mut self, said: &Recorded) -> Result<Vec<Outgoing>, String> {
        self.translator.hear(said);
        let old = self.translator.say(said)?;
        Ok(old.into_iter().map(|old| outgoing(old, self.ids.text(said.id), said.at)).collect())
    }
}

/// The id is not theirs: by it a consumer can tell a repeat, beside the name.
fn outgoing(old: OldMessage, id: String, at_ms: u64) -> Outgoing {
    let mut headers: Vec<_> = old.type_header.map(|name| ("type", name)).into_iter().collect();
    headers.push(("contentType", CONTENT_TYPE.to_owned()));
    headers.push(("spring_json_header_types", JSON_TYPES.to_owned()));
    headers.push(("maejin_id", id));
    let body = serde_json::to_vec(&old.payload).unwrap_or_default();
    Outgoing { topic: old.topic.into(), partition: Some(PARTITION), key: None, headers, body, at_ms }
}
