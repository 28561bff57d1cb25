//! The messages of a batch, each with its form in the journal, so that it is known at any time how long the record will be.

use std::ops::{Index, IndexMut};

use typed::Message;

use crate::record::Envelope;

/// So many bytes a message has in a record beside its own form, at most.
const AROUND: usize = 32;
/// So much room is kept from one batch to the next, in bytes.
const KEPT: usize = 1 << 20;

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

    pub(crate) fn len(&self) -> usize {
        self.envelopes.len()
    }

    /// How long all of it is in a record, at most.
    pub(crate) fn bytes(&self) -> usize {
        self.forms.len() + self.envelopes.len() * AROUND
    }

    pub(crate) fn push(&mut self, envelope: Envelope<M>) {
        minicbor::encode(&envelope.message, &mut self.forms).expect("a vector takes every byte");
        self.ends.push(self.forms.len());
        self.envelopes.push(envelope);
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

    /// Takes all of it out.
    pub(crate) fn take(&mut self) -> Vec<Envelope<M>> {
        self.ends.clear();
        self.forms.clear();
        self.forms.shrink_to(KEPT);
        std::mem::take(&mut self.envelopes)
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
