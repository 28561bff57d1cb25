//! What the engine must know of the messages it carries.

use minicbor::{Decode, Encode};

use crate::{Cell, Column, Mismatch, Sql};

/// A message between services. Its form in the journal is CBOR with numbered fields: new ones may be added, none reused.
pub trait Message: Clone + std::fmt::Debug + Send + Sync + Encode<()> + for<'b> Decode<'b, ()> + 'static {
    /// Which message it is, as a number.
    fn kind(&self) -> u8;
    /// Its name.
    fn name(&self) -> &'static str;
    /// The number of the service that a command is addressed to; `None` for an event.
    fn to(&self) -> Option<u8>;
    /// What it is about: messages with one key follow each other in order.
    fn subject_key(&self) -> SubjectKey;
}

/// What a message is about, as a number: under it a message is parked, found in the trail, and kept in order in a log. Whose number it is
/// only those know who make messages. At most `i64::MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct SubjectKey(#[n(0)] u64);

impl SubjectKey {
    /// About nothing that has a key: nothing waits behind it, and no trail leads to it.
    pub const NONE: Self = Self(0);

    /// The key `number`; zero is [`SubjectKey::NONE`].
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Whether it is [`SubjectKey::NONE`].
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// This key, or `other` where this one is none.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if self.is_none() { other } else { self }
    }
}

impl Column for SubjectKey {
    fn sql(&self) -> Sql<'_> {
        self.0.sql()
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        u64::from_cell(cell).map(Self)
    }
}

/// What a service answers to a command.
pub trait Answer: Clone + std::fmt::Debug + Send + Sync + Encode<()> + for<'b> Decode<'b, ()> + 'static {
    /// The answer where no service gave one.
    fn done() -> Self;
    /// The answer to a command whose idempotency key came before with another command.
    fn key_reused() -> Self;
    /// Whether it is a refusal, by which nothing was changed.
    fn is_refusal(&self) -> bool;
}
