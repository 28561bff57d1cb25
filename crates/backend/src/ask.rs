//! What a command brings with it, and what it brings back.

use std::time::Duration;

use contracts::queries::{Found, Query};
use contracts::{Answer, Message, Shard, Text};

/// A command, with what its door knows of it.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What is asked for.
    pub message: Message,
    /// Who asks, where that is known.
    pub principal: Option<Text>,
    /// By which everything that it brings about is found in logs; at most 2^63 - 1.
    pub correlation: u64,
    /// What makes a repetition of it known.
    pub key: Option<IdempotencyKey>,
    /// How long its door waits for the answer. Past that nobody knows what became of it.
    pub deadline: Option<Duration>,
    /// What is looked at right after it, before anything else comes.
    pub then: Then,
}

/// What is looked at right after a command.
#[derive(Debug, Clone, Default)]
pub enum Then {
    /// Nothing.
    #[default]
    Nothing,
    /// What the answer names.
    Answered,
    /// This, whatever the answer is.
    Query(Query),
}

/// What makes a repetition of a command known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose key it is, and the key.
    pub key: String,
    /// Tells whether another command came with the same key; at most 2^63 - 1.
    pub fingerprint: u64,
}

/// What came of a command. It is durable.
#[derive(Debug, Clone)]
pub struct Done {
    /// What its service answers; a refusal by the business is an answer, too.
    pub answer: Answer,
    /// What was found of what was to be looked at; `None` if nothing was, or the answer names nothing.
    pub found: Option<Found>,
    /// From where on its outcome is seen.
    pub position: Position,
}

/// A place in the order of all that happens on a shard. A query that is not before it sees all that came until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The shard.
    pub shard: Shard,
    /// How far; zero is before everything.
    pub sequence: u64,
}

impl Position {
    /// Before everything: whatever is known will do.
    pub const START: Self = Self { shard: Shard::Customers { slot: 0 }, sequence: 0 };
}

impl Ask {
    /// A command of which nothing more is known.
    pub fn of(message: impl Into<Message>, correlation: u64) -> Self {
        let message = message.into();
        Self { message, principal: None, correlation, key: None, deadline: None, then: Then::Nothing }
    }

    /// The same with what is looked at right after it.
    #[must_use]
    pub fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    /// The same with what makes a repetition of it known.
    #[must_use]
    pub fn with_key(self, key: Option<IdempotencyKey>) -> Self {
        Self { key, ..self }
    }
}
