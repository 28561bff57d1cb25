//! The port between the doors and the shop: what a door asks is data, and so is what it hears. It names no engine, no store and no service.
//!
//! How a door uses it. It holds an `Arc<dyn Backend>` and
//! - asks [`Backend::admits`] before it reads a body, so that a refusal costs next to nothing;
//! - sends a command as an [`Ask`], and takes what it wants to show from [`Done::found`]: `Then::Answered` looks at what the answer names in
//!   the same batch, so that nothing comes in between. It needs no second call, and reads no row before the command: what must be so
//!   beforehand stands in the command, and its service refuses it otherwise;
//! - asks a query with [`ask`](trait.Backend.html#method.ask) of the typed query: `backend.ask(OneOrder { id }).await?`;
//! - says why it was not served by [`Unavailable`]: the business's no is an [`Answer`](contracts::Answer).
//!
//! A new query is a line in `contracts::queries`, and an arm in `queries` of the service that owns the answer.

mod ask;
mod parked;
mod unavailable;

use std::time::Duration;

use contracts::queries::{Asks, Found, Placed, Query};
use contracts::{OfferingId, OrderId, Recorded, Shard};
use futures_util::future::BoxFuture;
use tokio::sync::watch;

pub use ask::{Ask, Done, IdempotencyKey, Position, Then};
pub use parked::{ParkedLine, ParkedMessage, Steer, Steered, WhichParked};
pub use unavailable::Unavailable;

/// How far an order has to come before whoever waits for it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Stock has answered: some is set aside for it, or it is refused.
    Held,
    /// It has come to an end, or waits for an operator.
    Decided,
}

impl Stage {
    /// Whether `placed` has come so far.
    pub fn is_reached(self, placed: &Placed) -> bool {
        placed.order().is_none_or(|order| match self {
            Self::Held => order.is_held(),
            Self::Decided => order.is_decided(),
        })
    }
}

/// What one record of a journal says happened.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// The number of the record.
    pub seq: u64,
    /// The events in it, in order. A record may have none.
    pub events: Vec<Recorded>,
}

/// What was said in one record of a journal.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidRecord {
    /// The number of the record.
    pub seq: u64,
    /// The messages in it, in order: events, and what was asked for.
    pub messages: Vec<Recorded>,
}

/// The shop, wherever it is.
pub trait Backend: Send + Sync + 'static {
    /// Whether there is room for another command. No I/O: asked before any work is put into one.
    ///
    /// # Errors
    /// [`Unavailable::Busy`] if there is none.
    fn admits(&self, to: Shard) -> Result<(), Unavailable>;

    /// Has a command handled. It is on its way from this call on, and durable when it is answered.
    ///
    /// # Errors
    /// If it was not answered: then nothing was changed, but for [`Unavailable::Unreachable`].
    fn submit(&self, ask: Ask) -> BoxFuture<'_, Result<Done, Unavailable>>;

    /// Finds what `query` asks for, as it is now or was a moment ago, but not before `not_before`.
    ///
    /// # Errors
    /// If nothing could be read.
    fn query(&self, query: Query, not_before: Position) -> BoxFuture<'_, Result<Found, Unavailable>>;

    /// Waits until an order has come to `stage`; nothing if it has not `within` that time, or there is no such order.
    ///
    /// # Errors
    /// If the order could not be read.
    fn decision(
        &self,
        order: OrderId,
        stage: Stage,
        within: Duration,
    ) -> BoxFuture<'_, Result<Option<Placed>, Unavailable>>;

    /// Whether an order of `offering` that comes at `now_ms`, in milliseconds since the Unix epoch, can be refused without being submitted,
    /// since nothing is left. A hint with a short life, no I/O, and `false` wherever that is not known. Never for a `key` with which a
    /// request may have come before: that has its answer.
    fn is_sold_out(&self, offering: OfferingId, now_ms: u64, key: Option<&str>) -> bool;

    /// Whether a command with this key was answered before.
    ///
    /// # Errors
    /// If that cannot be told.
    fn was_answered(&self, key: IdempotencyKey) -> BoxFuture<'_, Result<bool, Unavailable>>;

    /// The number of the last record that is durable, as it grows.
    fn durable(&self) -> watch::Receiver<u64>;

    /// The number of the record that the message `id` stands in.
    fn record_of(&self, id: u64) -> u64;

    /// The events of some records after `after`, in order: of one at least, and of none beyond `upto`, which is later and durable.
    ///
    /// # Errors
    /// If the journal could not be read.
    fn events(&self, after: u64, upto: u64) -> BoxFuture<'_, Result<Vec<EventRecord>, Unavailable>>;

    /// The same with all messages, what was asked for among them.
    ///
    /// # Errors
    /// If the journal could not be read.
    fn said(&self, after: u64, upto: u64) -> BoxFuture<'_, Result<Vec<SaidRecord>, Unavailable>>;

    /// Makes sure that all records from `from` on are at hand.
    ///
    /// # Errors
    /// [`Unavailable::Archived`] if some are not.
    fn at_hand(&self, from: u64) -> BoxFuture<'_, Result<(), Unavailable>>;

    /// Every message about `order`, of all nodes, in order; none if there is no such order. At least what is acknowledged is among them.
    ///
    /// # Errors
    /// [`Unavailable::Archived`] if some of them are not at hand.
    fn timeline(&self, order: OrderId) -> BoxFuture<'_, Result<Vec<Recorded>, Unavailable>>;

    /// The messages that services could not handle, of all nodes, the oldest first.
    ///
    /// # Errors
    /// If they could not be read.
    fn parked(&self, which: WhichParked) -> BoxFuture<'_, Result<Vec<ParkedMessage>, Unavailable>>;

    /// The parked message `id` with its content, and all that is parked for the same reason, `limit` at the most.
    ///
    /// # Errors
    /// If they could not be read.
    fn parked_line(&self, id: u64, limit: u64) -> BoxFuture<'_, Result<Option<ParkedLine>, Unavailable>>;

    /// Does something about a parked message. What came of it is durable; nothing if no such message is parked.
    ///
    /// # Errors
    /// If it was not done: then nothing was changed, but for [`Unavailable::Unreachable`].
    fn steer(&self, act: Steer) -> BoxFuture<'_, Result<Option<Steered>, Unavailable>>;
}

impl dyn Backend {
    /// What a typed query finds, as it is now.
    ///
    /// # Errors
    /// As [`Backend::query`].
    pub async fn ask<Q: Asks>(&self, query: Q) -> Result<Q::Found, Unavailable> {
        let found = self.query(query.query(), Position::START).await?;
        Q::of(found).ok_or_else(|| Unavailable::Fault { why: "what was found is not what was asked for".to_owned() })
    }
}
