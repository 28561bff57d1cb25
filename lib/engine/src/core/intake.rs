//! Messages between shards: which of them leave this one, and the intake of those of another, each once and in order.

use minicbor::bytes::ByteSlice;
use minicbor::{Decoder, Encoder};
use store::StoreError;
use typed::{Answer, Message, SubjectKey, Text};

use super::Core;
use super::deliver::Delivery;
use super::unperformed::UNREADABLE;
use crate::envelope::{Envelope, Origin};
use crate::system_tables::{Parked, Watermark};

/// Stands for a service where something is parked that could not be read: nobody knows whom it concerns. No service has this number.
pub const INTAKE: u8 = 31;

/// Where messages come from: a shard, and the part of the log that they are read from. Those of one source come in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The number of the shard whose journal they were written to first.
    pub shard: u32,
    /// The partition of the log.
    pub partition: u32,
}

/// A message as it comes from a log.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    /// Its id in the journal of its shard. Within a source ids rise, not without gaps.
    pub id: u64,
    /// What it is about: by that it is parked if it cannot be read, so that what follows about the same waits behind it.
    pub subject: SubjectKey,
    /// Its form, as [`Envelope::to_bytes`] gives it.
    pub bytes: &'a [u8],
}

/// Which services a node hosts, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hosted(u32);

impl Hosted {
    fn has(self, service: u8) -> bool {
        1_u32.checked_shl(u32::from(service)).is_some_and(|bit| self.0 & bit != 0)
    }

    /// Whether `envelope` goes to other shards: it was written here first, one of the services here said it, and it is an event or for a
    /// service that is not here. So what came from another shard does not go round in circles.
    pub fn sends<M: Message>(self, envelope: &Envelope<M>) -> bool {
        envelope.origin.is_none() && self.has(envelope.from) && envelope.message.to().is_none_or(|to| !self.has(to))
    }
}

impl<M: Message> Envelope<M> {
    /// Its form on the way to another shard. Its id and its shard go beside it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128);
        let mut e = Encoder::new(&mut bytes);
        let written = e.u64(self.cause).and_then(|e| e.u8(self.from)).and_then(|e| e.u64(self.subject.number()));
        let written = written.and_then(|e| e.u64(self.correlation)).and_then(|e| e.encode(&self.message));
        written.expect("a vector takes every byte");
        bytes
    }
}

impl<M: Message, A: Answer> Core<M, A> {
    /// Which services are here.
    pub fn hosts(&self) -> Hosted {
        Hosted(self.services.iter().fold(0, |bits, service| bits | 1 << service.number()))
    }

    /// The id of the last message of `source` that was taken in; zero if none was.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn received(&mut self, source: Source) -> Result<u64, StoreError> {
        Ok(self.row::<Watermark>(&source.key())?.map_or(0, |watermark| watermark.seq))
    }

    /// Takes in what comes from `source`, in order: each message that was not taken in before is handled, with all that follows from it, if
    /// it concerns a service here. How far that went is noted once, whoever was concerned. A message that cannot be read is parked, and
    /// what follows about the same thing behind it. Returns how many of `incoming`, from the first on, need not come again: fewer than all
    /// where the batch is full.
    ///
    /// # Errors
    /// If the tables cannot be read. What was handled before that counts only with the next call.
    pub fn receive(&mut self, source: Source, incoming: &[Incoming<'_>]) -> Result<usize, StoreError> {
        let before = self.received(source)?;
        let mut last = before;
        let mut done = 0;
        for message in incoming {
            if message.id > last {
                if !self.has_room() {
                    break;
                }
                self.take_in(Origin { shard: source.shard, id: message.id }, message);
                last = message.id;
            }
            done += 1;
        }
        if last > before {
            let key = source.key();
            self.caches.set(key.clone(), Some(Watermark { source: key, seq: last }));
            self.caches.keep();
        }
        Ok(done)
    }

    fn take_in(&mut self, origin: Origin, incoming: &Incoming<'_>) {
        if self.parked.has(INTAKE, incoming.subject) {
            return self.park_incoming(origin, incoming, None);
        }
        match read::<M>(incoming.bytes, origin) {
            Ok((message, delivery)) if self.concerns(&message) => {
                let first = self.batch.len();
                self.add(message, delivery);
                self.drain(first, &mut None);
            }
            Ok(_) => {}
            Err(error) => self.park_incoming(origin, incoming, Some(unreadable(&error))),
        }
    }

    fn park_incoming(&mut self, origin: Origin, incoming: &Incoming<'_>, reason: Option<String>) {
        let message = ((origin.shard, origin.id), <&ByteSlice>::from(incoming.bytes));
        let message = minicbor::to_vec(message).expect("a vector takes every byte");
        let parked = self.parked_apart(INTAKE, (UNREADABLE, incoming.subject), message, reason, (0, 0));
        self.set_aside(parked);
    }

    /// Adds what was parked unread to the batch, if it can be read now and concerns a service here.
    pub(super) fn add_unread(&mut self, parked: &Parked) -> Result<(), String> {
        let read_again = || {
            let ((shard, id), bytes): ((u32, u64), &ByteSlice) = minicbor::decode(&parked.message)?;
            read::<M>(bytes, Origin { shard, id })
        };
        let (message, delivery) = read_again().map_err(|error| unreadable(&error))?;
        if self.concerns(&message) {
            self.add(message, delivery);
        }
        Ok(())
    }

    fn concerns(&self, message: &M) -> bool {
        match message.to() {
            Some(to) => self.hosts().has(to),
            None => !self.listeners[usize::from(message.kind())].is_empty(),
        }
    }
}

impl Source {
    /// How it stands in the table of watermarks.
    fn key(self) -> Text {
        format!("{}/{}", self.shard, self.partition).into()
    }
}

/// Its shard is of a newer version, or it was damaged on the way.
fn unreadable(error: &minicbor::decode::Error) -> String {
    format!("it cannot be read: {error}")
}

fn read<M: Message>(bytes: &[u8], origin: Origin) -> Result<(M, Delivery), minicbor::decode::Error> {
    let mut d = Decoder::new(bytes);
    let (cause, from, subject, correlation) = (d.u64()?, d.u8()?, SubjectKey::new(d.u64()?), d.u64()?);
    Ok((d.decode()?, Delivery { from, origin: Some(origin), correlation, cause, subject }))
}
