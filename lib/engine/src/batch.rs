//! A batch: what came of it, and while it is made its messages, each with its form in the journal, so that it is known at any time how long the record will be.

use std::ops::{Index, IndexMut, Range};
use std::sync::Arc;

use store::Record;
use typed::{KeyValue, Message, Text};

use crate::envelope::Envelope;
use crate::system_tables::Intent;

/// So many bytes a message has in a record beside its own form, at most.
const AROUND: usize = 32;
/// So much room is kept from one batch to the next, in bytes.
const KEPT: usize = 1 << 20;

/// A batch that was handled.
#[derive(Debug)]
pub struct HandledBatch<M> {
    /// What is to be appended to the journal before anybody hears of it; `None` if nothing changed.
    pub record: Option<Record>,
    /// What it changed: the table writer need not read the record for it.
    pub rows: Vec<ChangedRow>,
    /// The record's payload, before it was compressed: in it stand the rows.
    pub payload: Arc<[u8]>,
    /// What was said.
    pub messages: Vec<Envelope<M>>,
    /// What is to be done outside, once the record is durable: the key, and the effect.
    pub intents: Vec<(u64, Option<Intent>)>,
}

/// A row that a batch changed.
#[derive(Debug, Clone)]
pub struct ChangedRow {
    /// The number of its table.
    pub table: u16,
    /// Its key.
    pub key: KeyValue,
    /// Where in the payload the form of the row stands; `None` if it is gone.
    pub row: Option<Range<usize>>,
    /// The list that it stands in, if its table has lists.
    pub list: Option<Text>,
    /// Whether it is known that there was no such row before.
    pub is_new: bool,
}

/// What was said in the batch that is being made, in order.
#[derive(Debug)]
pub(crate) struct Messages<M> {
    envelopes: Vec<Envelope<M>>,
    forms: Vec<u8>,
    /// Where the form of each ends.
    ends: Vec<usize>,
}

impl<M: Message> Messages<M> {
    pub(crate) fn new() -> Self {
        Self { envelopes: Vec::new(), forms: Vec::new(), ends: Vec::new() }
    }

    /// How many there are, with those of which only the form is there yet.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// How long all of it is in a record, at most.
    pub(crate) fn bytes(&self) -> usize {
        self.forms.len() + self.ends.len() * AROUND
    }

    pub(crate) fn push(&mut self, envelope: Envelope<M>) {
        self.write(&envelope.message);
        self.envelopes.push(envelope);
    }

    /// Makes the form of a message that follows by [`Self::append`].
    pub(crate) fn write(&mut self, message: &M) {
        minicbor::encode(message, &mut self.forms).expect("a vector takes every byte");
        self.ends.push(self.forms.len());
    }

    /// Takes the messages over whose forms are there already.
    pub(crate) fn append(&mut self, written: &mut Vec<Envelope<M>>) {
        self.envelopes.append(written);
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.envelopes.truncate(length);
        self.ends.truncate(length);
        self.forms.truncate(self.ends.last().copied().unwrap_or_default());
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Envelope<M>> {
        self.envelopes.get(at)
    }

    /// Each with its form in the journal.
    pub(crate) fn with_forms(&self) -> impl Iterator<Item = (&Envelope<M>, &[u8])> {
        let mut begin = 0;
        self.envelopes.iter().zip(&self.ends).map(move |(envelope, end)| {
            let form = &self.forms[begin..*end];
            begin = *end;
            (envelope, form)
        })
    }

    /// Takes all of it out. The next batch is likely to be about as large.
    pub(crate) fn take(&mut self) -> Vec<Envelope<M>> {
        self.ends.clear();
        self.forms.clear();
        self.forms.shrink_to(KEPT);
        let room = self.envelopes.len().min(KEPT / size_of::<Envelope<M>>());
        std::mem::replace(&mut self.envelopes, Vec::with_capacity(room))
    }
}

impl<M> Index<usize> for Messages<M> {
    type Output = Envelope<M>;
    fn index(&self, at: usize) -> &Envelope<M> {
        &self.envelopes[at]
    }
}

impl<M> IndexMut<usize> for Messages<M> {
    fn index_mut(&mut self, at: usize) -> &mut Envelope<M> {
        &mut self.envelopes[at]
    }
}
