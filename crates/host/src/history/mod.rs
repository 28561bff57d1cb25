//! Reads the journal from its beginning or, where only one subject is wanted, the records in which it is spoken of.

mod events;
#[cfg(test)]
mod tests;
mod timeline;

use std::collections::VecDeque;

use contracts::display::EventIds;
use contracts::{Message, OrderId, Recorded, Subject, SubjectKey};
use engine::{Body, Envelope};
use store::{Journal, Record, StoreError};

use crate::Location;

pub use events::{events, said};
pub use timeline::timeline;

/// How many records are read at a time. A record of a busy shop has thousands of messages.
const RECORDS: usize = 16;

/// Reads on from where it stopped.
pub struct Reading {
    location: Location,
    journal: Box<dyn Journal>,
    /// Whether what is appended meanwhile may be seen over `journal`.
    is_live: bool,
    /// Records that are known to be wanted, each with those before it left out.
    known: VecDeque<u64>,
    /// From here on, all records are read.
    next: u64,
    /// Up to this one.
    last: u64,
}

/// Some messages, in order.
pub struct Passage {
    /// They.
    pub messages: Vec<Envelope<Message>>,
    /// Whether records were left out before them.
    pub after_a_gap: bool,
}

impl Reading {
    /// Reads the journal at `location`. If only `order` is wanted, the records that do not speak of it are left out, as far as the tables
    /// know that already.
    ///
    /// # Errors
    /// If there is no journal.
    pub fn open(location: impl Into<Location>, order: Option<OrderId>) -> Result<Self, StoreError> {
        Self::about(location.into(), order.map(|order| Subject::Order(order).key()))
    }

    fn about(location: Location, subject: Option<SubjectKey>) -> Result<Self, StoreError> {
        let (is_live, journal) = (location.is_live(), location.read_journal()?);
        let (known, applied) = match subject {
            Some(subject) => trail(&location, subject)?,
            None => (VecDeque::new(), 0),
        };
        Ok(Self { location, journal, is_live, known, next: applied + 1, last: u64::MAX })
    }

    /// The same, but it ends where the journal ends now: so a shop that goes on selling does not keep it busy for ever.
    ///
    /// # Errors
    /// If the journal is damaged or cannot be read.
    pub fn up_to_now(mut self) -> Result<Self, StoreError> {
        self.last = self.journal.last()?.map_or(0, |record| record.seq);
        Ok(self)
    }

    /// The next messages; `None` if there are none yet.
    ///
    /// # Errors
    /// If the journal is damaged or cannot be read.
    pub fn next_passage(&mut self) -> Result<Option<Passage>, StoreError> {
        let after_a_gap = !self.known.is_empty();
        self.follow_a_start()?;
        let records = match self.records() {
            // A shop that was started meanwhile changes the files of a store that nobody had open.
            Err(_) if self.follow_a_start()? => self.records()?,
            read => read?,
        };
        self.known.pop_front();
        let Some(last) = records.last().map(|record| record.seq) else { return Ok(None) };
        self.next = self.next.max(last + 1);
        let mut messages = Vec::new();
        for record in &records {
            messages.append(&mut messages_of(record)?);
        }
        Ok(Some(Passage { messages, after_a_gap }))
    }

    /// Reads on as one reads beside a shop, if one was started since; answers whether that is so.
    fn follow_a_start(&mut self) -> Result<bool, StoreError> {
        let is_started = !self.is_live && self.location.is_live();
        if is_started {
            (self.is_live, self.journal) = (true, self.location.read_journal()?);
        }
        Ok(is_started)
    }

    fn records(&mut self) -> Result<Vec<Record>, StoreError> {
        if let Some(seq) = self.known.front() {
            return self.journal.read(*seq, 1);
        }
        let left = usize::try_from((self.last.saturating_add(1)).saturating_sub(self.next)).unwrap_or(RECORDS);
        self.journal.read(self.next, left.min(RECORDS))
    }
}

/// The records in which `subject` is spoken of, up to the one returned, which is the last that the tables contain.
fn trail(location: &Location, subject: SubjectKey) -> Result<(VecDeque<u64>, u64), StoreError> {
    let mut reader = match location.reader() {
        Err(StoreError::Missing(_)) => return Ok((VecDeque::new(), 0)),
        other => other?,
    };
    // In this order: what is applied meanwhile is in the trail too, and left out below.
    let applied = reader.applied()?.seq;
    Ok((reader.trail(subject.number(), applied)?.into(), applied))
}

/// A message, with what doors are told of where it stands.
pub fn recorded(envelope: Envelope<Message>) -> Recorded {
    let Envelope { id, origin: _, cause, from, subject, correlation, at, message } = envelope;
    Recorded { id, cause, from, subject, correlation, at, message }
}

/// How the ids of messages of the store at `location` are written.
///
/// # Errors
/// If there is no store.
pub fn event_ids(location: impl Into<Location>) -> Result<EventIds, StoreError> {
    let identity = location.into().identity()?;
    Ok(EventIds::of(identity.map(|identity| identity.incarnation.to_string())))
}

fn messages_of(record: &Record) -> Result<Vec<Envelope<Message>>, StoreError> {
    let body = Body::read(record.seq, record.at, &record.body);
    body.map(|body| body.messages).map_err(|why| StoreError::Damaged { seq: record.seq, why })
}

/// Looks up what was said earlier about a subject.
pub struct Recall {
    location: Location,
}

impl Recall {
    /// From the journal at `location`, for who only wants to ask.
    pub fn of(
        location: impl Into<Location>,
    ) -> Box<dyn FnMut(SubjectKey, u64) -> Result<Vec<Recorded>, String> + Send> {
        let recall = Self { location: location.into() };
        Box::new(move |subject, upto| recall.messages(subject, upto).map_err(|error| error.to_string()))
    }

    /// The messages of all records in which `subject` is spoken of, up to the message `upto`, and some others.
    ///
    /// # Errors
    /// If the journal is damaged or cannot be read.
    fn messages(&self, subject: SubjectKey, upto: u64) -> Result<Vec<Recorded>, StoreError> {
        let mut reading = Reading::about(self.location.clone(), Some(subject))?;
        let mut messages = Vec::new();
        while let Some(passage) = reading.next_passage()? {
            let over = passage.messages.last().is_some_and(|last| last.id >= upto);
            messages.extend(passage.messages.into_iter().filter(|envelope| envelope.id <= upto).map(recorded));
            if over {
                break;
            }
        }
        Ok(messages)
    }
}
