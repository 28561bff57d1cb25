//! What the engine must know of the messages it carries.

use minicbor::{Decode, Encode};

/// A message between services. Its form in the journal is CBOR with numbered fields: new ones may be added, none reused.
pub trait Message: Clone + std::fmt::Debug + Send + Sync + Encode<()> + for<'b> Decode<'b, ()> + 'static {
    /// Which message it is, as a number.
    fn kind(&self) -> u8;
    /// Its name.
    fn name(&self) -> &'static str;
    /// The number of the service that a command is addressed to; `None` for an event.
    fn to(&self) -> Option<u8>;
    /// What it is about: messages with one subject follow each other in order. Zero for none.
    fn subject(&self) -> u64;
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
