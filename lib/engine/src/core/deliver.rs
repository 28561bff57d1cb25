//! Hands one message to the services that it concerns, and what they say to the next ones, until nothing is left to hand on.
//! A message that a service cannot handle is parked, with its followers; everything else goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use typed::{Answer, Message, SubjectKey, Text};

use super::Core;
use crate::envelope::{Envelope, Origin, message_id};
use crate::service::{Context, Fetch, Stop, encoded};
use crate::system_tables::Parked;

/// From so much on that is parked, nothing new is admitted: each takes some 50 bytes of memory.
const PARKED_MAX: u64 = 1_000_000;

/// Why a message cannot be handled of which too much comes.
const TOO_MUCH: &str = "what comes of it is more than one record of the journal holds";

/// Where a message comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Delivery {
    pub from: u8,
    pub origin: Option<Origin>,
    pub correlation: u64,
    pub cause: u64,
    pub subject: SubjectKey,
}

impl<M: Message, A: Answer> Core<M, A> {
    /// Handles `message` and all that follows from it: the answer, and whether anything came of it. A refusal after which nothing was
    /// changed leaves no trace.
    pub(super) fn execute(&mut self, message: M, delivery: Delivery) -> Result<(A, bool), String> {
        let (first, writes) = (self.batch.len(), self.caches.writes);
        let mut answer = None;
        let place = self.admit(message, delivery);
        if let Err(reason) = place.and_then(|place| self.invoke(first, place, &mut answer)) {
            self.batch.truncate(first);
            return Err(reason);
        }
        let refused_at_once = self.batch.len() == first + 1 && answer.as_ref().is_some_and(Answer::is_refusal);
        if refused_at_once {
            self.batch.truncate(first);
        }
        self.drain(first + 1, &mut answer);
        let came_to_nothing = refused_at_once && self.caches.writes == writes;
        Ok((answer.unwrap_or_else(A::done), !came_to_nothing))
    }

    /// Adds `message` to the batch, if it may be handled now. Gives the place of its service.
    fn admit(&mut self, message: M, delivery: Delivery) -> Result<u8, String> {
        if self.parked.count() >= PARKED_MAX {
            return Err("too much is parked; an operator must see to that first".to_owned());
        }
        let at = self.batch.len();
        self.add(message, delivery);
        if !self.fits() {
            return Err(TOO_MUCH.to_owned());
        }
        let to = self.batch[at].message.to();
        let Some(place) = to.and_then(|to| self.place_of(to)) else {
            return Err("no service on this node takes this command".to_owned());
        };
        if self.waits_behind(at, place) {
            return Err(
                "an earlier message about the same thing is parked; an operator must see to that first".to_owned()
            );
        }
        Ok(place)
    }

    /// Hands `message` to the service with the number `service`, and what follows from it to others. Parked if it cannot be handled.
    pub fn dispatch(&mut self, service: u8, message: M, correlation: u64, cause: u64) {
        let first = self.batch.len();
        self.add(message, Delivery { from: service, origin: None, correlation, cause, subject: SubjectKey::NONE });
        if let Some(place) = self.place_of(service) {
            self.invoke_or_park(first, place, &mut None);
        }
        self.drain(first + 1, &mut None);
    }

    /// Adds `message` to the batch, without handing it to anybody.
    pub(super) fn add(&mut self, message: M, delivery: Delivery) {
        let id = message_id(self.caches.seq, self.batch.len());
        let Delivery { from, origin, correlation, cause, subject } = delivery;
        let subject = subject.or(message.subject_key());
        let at = self.now;
        self.batch.push(Envelope { id, origin, cause, from, subject, correlation, at, message });
    }

    /// Hands all messages of the batch from the place `next` to those whom they concern, among them those that are said meanwhile.
    pub(super) fn drain(&mut self, mut next: usize, answer: &mut Option<A>) {
        while let Some(envelope) = self.batch.get(next) {
            if let Some(to) = envelope.message.to() {
                if let Some(place) = self.place_of(to) {
                    self.invoke_or_park(next, place, answer);
                }
            } else {
                let kind = usize::from(envelope.message.kind());
                for listener in 0..self.listeners[kind].len() {
                    self.invoke_or_park(next, self.listeners[kind][listener], answer);
                }
            }
            next += 1;
        }
    }

    fn invoke_or_park(&mut self, at: usize, place: u8, answer: &mut Option<A>) {
        if self.waits_behind(at, place) {
            self.park(at, place, None);
        } else if let Err(reason) = self.invoke(at, place, answer) {
            self.park(at, place, Some(reason));
        }
    }

    /// Whether an earlier message about the same thing is parked for the service at `place`.
    fn waits_behind(&self, at: usize, place: u8) -> bool {
        let service = self.services[usize::from(place)].number();
        self.parked.has(service, self.batch[at].subject)
    }

    /// Hands the message at `at` to the service at `place`. What the service did counts wholly or, if it fails, not at all.
    pub(super) fn invoke(&mut self, at: usize, place: u8, answer: &mut Option<A>) -> Result<(), String> {
        let subject = self.batch[at].subject;
        loop {
            let mut given = None;
            match self.try_once(at, place, &mut given) {
                Ok(()) if self.flush() => {
                    self.caches.keep();
                    if given.is_some() {
                        *answer = given;
                    }
                    return Ok(());
                }
                Ok(()) => {
                    self.caches.roll_back();
                    self.batch[at].subject = subject;
                    return Err(TOO_MUCH.to_owned());
                }
                Err(stop) => {
                    self.caches.roll_back();
                    self.outbox.clear();
                    self.batch[at].subject = subject;
                    match stop {
                        Stop::Fetch(Fetch(missing)) => {
                            self.caches.fetch(&missing, &mut *self.reader).map_err(|error| error.to_string())?;
                        }
                        Stop::Fault(reason) => return Err(reason),
                    }
                }
            }
        }
    }

    /// Adds to the batch what a service said; nothing, if a record does not hold all of it, and what was changed.
    fn flush(&mut self) -> bool {
        let before = self.batch.len();
        let mut outbox = std::mem::take(&mut self.outbox);
        let mut fits = self.fits();
        for (place, envelope) in (before..).zip(&mut outbox) {
            if fits {
                envelope.id = message_id(self.caches.seq, place);
                self.batch.write(&envelope.message);
                fits = self.fits();
            }
        }
        if fits {
            self.batch.append(&mut outbox);
        } else {
            outbox.clear();
            self.batch.truncate(before);
        }
        self.outbox = outbox;
        fits
    }

    fn try_once(&mut self, at: usize, place: u8, answer: &mut Option<A>) -> Result<(), Stop> {
        let service = &self.services[usize::from(place)];
        let Envelope { id, correlation, subject, message, .. } = &mut self.batch[at];
        let mut context = Context {
            caches: &mut self.caches,
            service: service.number(),
            now: self.now,
            correlation: *correlation,
            cause: *id,
            outbox: &mut self.outbox,
            answer,
            subject,
        };
        let handled = catch_unwind(AssertUnwindSafe(|| service.handle(message, &mut context)));
        handled.unwrap_or_else(|panic| Err(Stop::Fault(format!("it panicked: {}", text_of(&*panic)))))
    }

    fn park(&mut self, at: usize, place: u8, reason: Option<String>) {
        let service = &self.services[usize::from(place)];
        let Envelope { id, subject, correlation, ref message, .. } = self.batch[at];
        if let Some(reason) = &reason {
            tracing::warn!(
                service = service.name(),
                kind = message.name(),
                subject = subject.number(),
                reason,
                "parked"
            );
        }
        let number = service.number();
        let parked = Parked {
            id: (id << 5) | u64::from(number),
            service: number,
            subject,
            name: Text::from(message.name()),
            message: encoded(message),
            reason: reason.map(Text::from),
            at: self.now,
            correlation,
            message_id: id,
            intent: None,
        };
        self.set_aside(parked);
    }

    /// Has `parked` wait for an operator, and what comes about the same thing behind it.
    pub(super) fn set_aside(&mut self, parked: Parked) {
        self.parked.add(&parked);
        self.caches.set(parked.id, Some(parked));
        self.caches.keep();
    }
}

/// Why nothing can be handed to `service`.
pub(super) fn not_here(service: u8) -> String {
    format!("no service on this node has the number {service}")
}

/// What a panic says.
fn text_of(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word")
}
