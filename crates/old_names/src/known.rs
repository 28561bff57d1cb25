//! What was said earlier, as far as the old systems said it again: of each order, seat and offering the last message of each kind that a
//! file of old names mentions. What was forgotten, or never heard, is looked up in the journal.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use contracts::display::content;
use contracts::{Message, OfferingId, Recorded, SeatId, Subject, SubjectKey};
use serde_json::Value;

/// Looks up all that was said of a subject up to a message, in order, and perhaps something else; or says why it cannot.
pub type Recall = Box<dyn FnMut(SubjectKey, u64) -> Result<Vec<Recorded>, String> + Send>;

/// How many subjects are remembered before those not mentioned lately are forgotten; up to twice as many are kept.
const SUBJECTS: usize = 100_000;

/// The contents of messages, by their names.
type Contents = HashMap<&'static str, Arc<Value>>;

/// What is known of every subject.
pub struct Known {
    wanted: BTreeSet<String>,
    young: HashMap<SubjectKey, Contents>,
    old: HashMap<SubjectKey, Contents>,
    /// The command heard last: what it brings about may be about another subject, and then tells of that one too.
    command: Option<(u64, &'static str, Arc<Value>)>,
    /// Whether something may have been said that is not known any more.
    forgetful: bool,
    recall: Recall,
}

/// What is known about a message: its own content, then what was said of its order, its seat and its offering.
pub struct Facts {
    this: Arc<Value>,
    about: Vec<Contents>,
}

impl Known {
    /// Remembers the messages called `wanted`.
    pub fn new(wanted: BTreeSet<String>, recall: Recall) -> Self {
        Self { wanted, young: HashMap::new(), old: HashMap::new(), command: None, forgetful: false, recall }
    }

    /// Messages were left out.
    pub fn forget(&mut self) {
        self.young.clear();
        self.old.clear();
        self.forgetful = true;
    }

    /// Remembers `envelope`, if it is mentioned anywhere and everything about its subject is known so far.
    pub fn hear(&mut self, envelope: &Recorded) {
        let begins = matches!(envelope.message, Message::PlaceOrder(_) | Message::RegisterOffering(_));
        let known = self.young.contains_key(&envelope.subject) || self.old.contains_key(&envelope.subject);
        if envelope.subject.is_none() || (self.forgetful && !begins && !known) {
            return;
        }
        if self.young.len() >= SUBJECTS && !self.young.contains_key(&envelope.subject) {
            self.old = std::mem::take(&mut self.young);
            self.forgetful = true;
        }
        let contents = self.old.remove(&envelope.subject);
        let mut contents = self.young.remove(&envelope.subject).or(contents).unwrap_or_default();
        note(&mut contents, envelope, &self.wanted, &mut self.command);
        self.young.insert(envelope.subject, contents);
    }

    /// What is known about `envelope`.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub fn about(&mut self, envelope: &Recorded) -> Result<Facts, String> {
        let this = timed(envelope);
        let own = self.of(envelope.subject, envelope.id)?;
        let mut facts = Facts { this, about: vec![own] };
        let seat = ["this.seats.0", "OrderPlaced.seats.0", "this.seat"].iter().find_map(|path| facts.id(path));
        let offering =
            ["this.offering", "StockHeld.offering", "OrderPlaced.target.Id"].iter().find_map(|path| facts.id(path));
        let seat = seat.map(|seat| Subject::Seat(SeatId(seat)));
        let offering = offering.map(|offering| Subject::Offering(OfferingId(offering)));
        for subject in [seat, offering].into_iter().flatten() {
            facts.about.push(self.of(subject.key(), envelope.id)?);
        }
        Ok(facts)
    }

    fn of(&mut self, subject: SubjectKey, upto: u64) -> Result<Contents, String> {
        if let Some(contents) = self.young.get(&subject).or_else(|| self.old.get(&subject)) {
            return Ok(contents.clone());
        }
        let mut contents = Contents::new();
        if self.forgetful {
            let mut command = None;
            for envelope in (self.recall)(subject, upto)? {
                if envelope.subject == subject {
                    note(&mut contents, &envelope, &self.wanted, &mut command);
                } else {
                    note(&mut Contents::new(), &envelope, &self.wanted, &mut command);
                }
            }
            self.young.insert(subject, contents.clone());
        }
        Ok(contents)
    }
}

fn note(
    contents: &mut Contents,
    envelope: &Recorded,
    wanted: &BTreeSet<String>,
    command: &mut Option<(u64, &'static str, Arc<Value>)>,
) {
    if let Some((_, name, content)) = command.as_ref().filter(|(id, _, _)| *id == envelope.cause) {
        contents.insert(name, content.clone());
    }
    let name = envelope.message.name();
    if !wanted.contains(name) {
        return;
    }
    let content = timed(envelope);
    if envelope.message.to().is_some() {
        *command = Some((envelope.id, name, content.clone()));
    }
    contents.insert(name, content);
}

/// The content of a message, and when it was said, as `at`.
fn timed(envelope: &Recorded) -> Arc<Value> {
    let mut content = content(&envelope.message).unwrap_or_default();
    if let Some(fields) = content.as_object_mut() {
        fields.insert("at".to_owned(), envelope.at.into());
    }
    Arc::new(content)
}

impl Facts {
    /// What stands at `path`: the name of a message or `this`, then fields, places in lists, or keys of JSON that is kept as text.
    pub fn find(&self, path: &str) -> Option<Value> {
        let (message, rest) = path.split_once('.')?;
        if message == "this" {
            return step(&self.this, rest);
        }
        let content = self.about.iter().find_map(|contents| contents.get(message))?;
        step(content, rest)
    }

    fn id(&self, path: &str) -> Option<u64> {
        self.find(path)?.as_u64()
    }
}

fn step(value: &Value, path: &str) -> Option<Value> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let inner = match value {
        Value::Object(fields) => fields.get(first)?.clone(),
        Value::Array(items) => items.get(first.parse::<usize>().ok()?)?.clone(),
        Value::String(text) => serde_json::from_str::<Value>(text).ok()?.get(first)?.clone(),
        _ => return None,
    };
    match rest {
        Some(rest) => step(&inner, rest),
        None => (!inner.is_null()).then_some(inner),
    }
}
