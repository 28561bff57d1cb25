//! Messages between nodes: which of them leave this one, and the intake of those of another, each once.

use minicbor::{Decoder, Encoder};
use store::StoreError;
use typed::{Answer, Message, SubjectKey, Text};

use super::Core;
use super::deliver::Delivery;
use crate::envelope::Envelope;
use crate::system_tables::Watermark;

/// Why a message of another node was not taken in. Nothing was changed, and nothing after it may be taken in before it.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// It cannot be read: its node is of a newer version, or it was damaged on the way.
    #[error("message {seq} of {node} cannot be read: {why}")]
    Unreadable {
        /// The node that it comes from.
        node: String,
        /// Its number.
        seq: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The tables cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which services a node hosts, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hosted(u32);

impl Hosted {
    fn has(self, service: u8) -> bool {
        1_u32.checked_shl(u32::from(service)).is_some_and(|bit| self.0 & bit != 0)
    }

    /// Whether `envelope` goes to other nodes: one of the services here said it, and it is an event or for a service that is not here.
    /// So what came from another node does not go round in circles.
    pub fn sends<M: Message>(self, envelope: &Envelope<M>) -> bool {
        self.has(envelope.from) && envelope.message.to().is_none_or(|to| !self.has(to))
    }
}

impl<M: Message> Envelope<M> {
    /// Its form on the way to another node. Its number there is its id.
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

    /// How far the messages of `node` are handled: what comes next has a higher number.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn received(&mut self, node: &str) -> Result<u64, StoreError> {
        Ok(self.row::<Watermark>(&Text::from(node))?.map_or(0, |watermark| watermark.seq))
    }

    /// Handles the message `seq` of `node`, and all that follows from it, if it concerns a service here and was not handled before.
    /// Returns whether it was handled now. The messages of a node must come in order; each may come as often as it likes.
    ///
    /// # Errors
    /// If it cannot be read, or the tables cannot.
    pub fn receive(&mut self, node: &str, seq: u64, bytes: &[u8]) -> Result<bool, IntakeError> {
        if seq <= self.received(node)? {
            return Ok(false);
        }
        let (message, delivery) = read::<M>(bytes).map_err(|why| IntakeError::Unreadable {
            node: node.to_owned(),
            seq,
            why: why.to_string(),
        })?;
        if !self.concerns(&message) {
            return Ok(false);
        }
        self.caches.set(Text::from(node), Some(Watermark { source: node.into(), seq }));
        self.caches.keep();
        let first = self.batch.len();
        self.add(message, delivery);
        self.drain(first, &mut None);
        Ok(true)
    }

    fn concerns(&self, message: &M) -> bool {
        match message.to() {
            Some(to) => self.hosts().has(to),
            None => !self.listeners[usize::from(message.kind())].is_empty(),
        }
    }
}

fn read<M: Message>(bytes: &[u8]) -> Result<(M, Delivery), minicbor::decode::Error> {
    let mut d = Decoder::new(bytes);
    let (cause, from, subject, correlation) = (d.u64()?, d.u8()?, SubjectKey::new(d.u64()?), d.u64()?);
    Ok((d.decode()?, Delivery { from, correlation, cause, subject }))
}
