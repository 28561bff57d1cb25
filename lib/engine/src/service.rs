//! What a service is to the engine, and what it may do while it handles a message.

use typed::{Answer, Bytes, Key, Message, Row, SubjectKey};

use crate::caches::{Caches, MissingRow, OpenCache};
use crate::envelope::Envelope;
use crate::system_tables::{Intent, Timer, service_key};

/// A bounded context: a function of its rows and a message. No clock, no randomness, no I/O.
pub trait Service<M: Message, A: Answer>: Send {
    /// Its number, under which it stands in the journal.
    fn number(&self) -> u8;
    /// Its name, for logs and tables.
    fn name(&self) -> &'static str;
    /// The kinds of events that it wants to hear of. Commands are addressed.
    fn listens(&self) -> &'static [u8];
    /// Its tables.
    fn tables(&self) -> Vec<OpenCache>;
    /// The rows that `message` names, as far as they can be told beforehand: they are fetched for a whole batch at once. A row that
    /// is not named here is fetched when `handle` asks for it.
    fn names(&self, message: &M, names: &mut Names) {
        let _ = (message, names);
    }
    /// Handles a message.
    ///
    /// # Errors
    /// [`Stop`] if it cannot; nothing that it did then counts.
    fn handle(&self, message: &M, context: &mut Context<'_, M, A>) -> Result<(), Stop>;
}

/// Why a message was not handled.
#[derive(Debug)]
pub enum Stop {
    /// A row must be fetched first; the engine does that, and hands the message over again.
    Fetch(Fetch),
    /// It cannot be handled. The engine parks it, with the reason, for an operator.
    Fault(String),
}

/// The row to be fetched.
#[derive(Debug)]
pub struct Fetch(pub(crate) MissingRow);

impl Stop {
    /// It cannot be handled, because of `reason`.
    pub fn fault(reason: impl Into<String>) -> Self {
        Self::Fault(reason.into())
    }
}

/// Collects the rows that messages name.
#[derive(Debug, Default)]
pub struct Names(pub(crate) Vec<MissingRow>);

impl Names {
    /// The row of `key` will be asked for.
    pub fn add<R: Row>(&mut self, key: &R::Key) {
        self.0.push(MissingRow { table: R::TABLE.number, key: key.to_value() });
    }
}

/// What a service may do while it handles one message.
pub struct Context<'a, M, A> {
    pub(crate) caches: &'a mut Caches,
    pub(crate) service: u8,
    pub(crate) now: u64,
    pub(crate) correlation: u64,
    pub(crate) cause: u64,
    pub(crate) outbox: &'a mut Vec<Envelope<M>>,
    pub(crate) answer: &'a mut Option<A>,
    pub(crate) subject: &'a mut SubjectKey,
}

impl<M: Message, A: Answer> Context<'_, M, A> {
    /// The moment at which the batch is handled, in milliseconds since the Unix epoch.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The number by which everything that one request brought about is found in logs.
    pub fn correlation(&self) -> u64 {
        self.correlation
    }

    /// The row of `key`, if there is one.
    ///
    /// # Errors
    /// If it must be fetched first.
    pub fn get<R: Row>(&mut self, key: &R::Key) -> Result<Option<R>, Stop> {
        self.caches.get(key).map_err(|missing| Stop::Fetch(Fetch(missing)))
    }

    /// The same without a copy of it, for one who only looks.
    ///
    /// # Errors
    /// If it must be fetched first.
    pub fn look<R: Row>(&mut self, key: &R::Key) -> Result<Option<&R>, Stop> {
        self.caches.look(key).map_err(|missing| Stop::Fetch(Fetch(missing)))
    }

    /// Writes a row, new or changed.
    pub fn put<R: Row>(&mut self, row: R) {
        self.caches.set(row.key(), Some(row));
    }

    /// Deletes a row.
    pub fn delete<R: Row>(&mut self, key: &R::Key) {
        self.caches.set::<R>(key.clone(), None);
    }

    /// Says `message` to whoever it is addressed to, or who listens.
    pub fn say(&mut self, message: impl Into<M>) {
        let message = message.into();
        let subject = message.subject_key().or(*self.subject);
        let (cause, from, correlation, at) = (self.cause, self.service, self.correlation, self.now);
        self.outbox.push(Envelope { id: 0, origin: None, cause, from, subject, correlation, at, message });
    }

    /// Says what the message being handled is about, where that was not known before.
    pub fn about(&mut self, subject: SubjectKey) {
        *self.subject = subject;
    }

    /// Answers the one who sent the command. Heard only if a request waits for it.
    pub fn answer(&mut self, answer: A) {
        *self.answer = Some(answer);
    }

    /// Has `message` handed to this service at `at` milliseconds since the Unix epoch, in the place of an earlier one for `key`.
    /// A key is at most 2^57 - 1.
    pub fn wake(&mut self, key: u64, at: u64, message: impl Into<M>) {
        let message = encoded(&message.into());
        let (correlation, cause) = (self.correlation, self.cause);
        let wait_ms = Some(at.saturating_sub(self.now));
        self.put(Timer { key: service_key(self.service, key), due: at, message, correlation, cause, wait_ms });
    }

    /// Takes back what [`Context::wake`] asked for.
    ///
    /// # Errors
    /// If the timer must be fetched first.
    pub fn do_not_wake(&mut self, key: u64) -> Result<(), Stop> {
        let key = service_key(self.service, key);
        if self.look::<Timer>(&key)?.is_some() {
            self.delete::<Timer>(&key);
        }
        Ok(())
    }

    /// Has `effect` performed outside, once this batch is durable, and again after a restart, until it is settled. In the place of
    /// an earlier one for `key`, which is at most 2^57 - 1.
    pub fn intend(&mut self, key: u64, effect: impl Into<M>) {
        let effect = encoded(&effect.into());
        let (correlation, cause) = (self.correlation, self.cause);
        self.put(Intent { key: service_key(self.service, key), effect, correlation, cause });
    }

    /// The effect of `key` has come about, or is not wanted any more.
    ///
    /// # Errors
    /// If the intent must be fetched first.
    pub fn settle(&mut self, key: u64) -> Result<(), Stop> {
        let key = service_key(self.service, key);
        if self.look::<Intent>(&key)?.is_some() {
            self.delete::<Intent>(&key);
        }
        Ok(())
    }
}

pub(crate) fn encoded_answer<A: Answer>(answer: &A) -> Bytes {
    let mut bytes = Vec::with_capacity(64);
    minicbor::encode(answer, &mut bytes).expect("a vector takes every byte");
    bytes.into()
}

pub(crate) fn encoded<M: Message>(message: &M) -> Bytes {
    let mut bytes = Vec::with_capacity(32);
    minicbor::encode(message, &mut bytes).expect("a vector takes every byte");
    bytes.into()
}
