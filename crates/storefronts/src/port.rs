//! The port through which a facade meets the shop behind it. Whoever wires a facade implements [`Shop`].

use futures_util::future::BoxFuture;

use crate::{Attribute, Resource, State};

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// None.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A number or an amount in won.
    Int(i64),
    /// A text.
    Text(String),
    /// A moment, in milliseconds since the Unix epoch.
    Date(u64),
    /// How far it is; shown in the storefront's own words.
    State(State),
}

/// One item of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number within the resource, the last part of its link.
    pub number: u64,
    /// Counts its changes. Its ETag is made of it.
    pub version: u64,
    /// Its values, in the order of [`Resource::attributes`]. One that is missing at the end counts as null.
    pub values: Vec<Value>,
}

/// What a client sent and may decide: each attribute once, in the order of the resource's fields.
/// For a create, only what was sent and is not null. For a change, what was sent, with null where it was emptied: never for what
/// [always has a value](crate::Field::always_has_value). What is not there stays as it is.
pub type Fields = Vec<(Attribute, Value)>;

/// A change of an item, made wholly or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// What is changed.
    pub fields: Fields,
    /// Whether the client replaces the item, and may not know what was sold of it.
    pub replace: bool,
    /// What must be so right before the change; else it is refused with `version-changed` and the attribute.
    pub tests: Fields,
    /// The version that the item must have; else the change is refused with `version-changed`.
    pub expected_version: Option<u64>,
}

/// Which way to sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// Which records of a resource to show, and in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageQuery {
    /// How many to leave out.
    pub offset: u64,
    /// How many to show at most.
    pub limit: u32,
    /// What to sort by, the weightiest first; equal ones, and all where this is empty, by number, ascending.
    pub sort: Vec<(Attribute, Direction)>,
}

/// Some records of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many there are in all.
    pub total: u64,
    /// Those that were asked for.
    pub records: Vec<Record>,
}

/// What is known of a call besides its request; made by who takes the call, passed on to the shop unread but for the first three.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallContext {
    /// The present moment, in milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// Scheme, host and port by which the client called.
    pub origin: String,
    /// What a hop before this process took away from the path.
    pub prefix: String,
    /// What ties together everything that this call brings about.
    pub correlation: String,
    /// The client's key under which a repeated request counts once.
    pub idempotency_key: Option<String>,
    /// Who calls, where that is known.
    pub caller: Option<String>,
}

/// Why the shop did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The business says no.
    Rejection(contracts::Rejection),
    /// It cannot be asked now: 503.
    Busy {
        /// When to try again, in seconds.
        retry_after_s: u32,
    },
    /// It may be done or not: 500.
    Unknown,
    /// The machine failed: 500. The text is for the log of whoever made it and is not shown.
    Fault(String),
}

impl From<contracts::Rejection> for Refused {
    fn from(rejection: contracts::Rejection) -> Self {
        Self::Rejection(rejection)
    }
}

/// What the shop answers.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, Refused>>;

/// The shop behind a facade. `of` says which storefront, which kind and which attributes.
pub trait Shop: Send + Sync + 'static {
    /// Whether it has room for another call that changes something. Asked before the body is read.
    ///
    /// # Errors
    /// If it is too busy.
    fn admits(&self) -> Result<(), Refused>;

    /// Some records, and how many there are.
    fn page<'a>(&'a self, of: &'a Resource, query: PageQuery, context: &'a CallContext) -> Reply<'a, Page>;

    /// The record with this number.
    fn one<'a>(&'a self, of: &'a Resource, number: u64, context: &'a CallContext) -> Reply<'a, Option<Record>>;

    /// The records whose attribute `by` is `value`, by number.
    fn find<'a>(
        &'a self,
        of: &'a Resource,
        by: &'a Attribute,
        value: Value,
        context: &'a CallContext,
    ) -> Reply<'a, Vec<Record>>;

    /// Registers an offering or a seat, opens a points account, places an order.
    /// `number` is what the client gave; an existing one is refused with `already-exists`.
    fn create<'a>(
        &'a self,
        of: &'a Resource,
        number: Option<u64>,
        fields: Fields,
        context: &'a CallContext,
    ) -> Reply<'a, Record>;

    /// Changes an offering, a seat or a points account. An unknown one is refused with `not-found`.
    fn change<'a>(
        &'a self,
        of: &'a Resource,
        number: u64,
        change: Change,
        context: &'a CallContext,
    ) -> Reply<'a, Record>;

    /// Withdraws an offering or a seat, closes a points account: if it has the version `expected`, where one is named; else that is
    /// refused with `version-changed`. Answers whether there was one.
    fn remove<'a>(
        &'a self,
        of: &'a Resource,
        number: u64,
        expected: Option<u64>,
        context: &'a CallContext,
    ) -> Reply<'a, bool>;

    /// Cancels an order, and answers what it is then; one that is cancelled already stays as it is. `expected` as in [`Shop::remove`].
    /// An unknown one is refused with `not-found`.
    fn cancel<'a>(
        &'a self,
        of: &'a Resource,
        number: u64,
        expected: Option<u64>,
        context: &'a CallContext,
    ) -> Reply<'a, Record>;

    /// How many are left of the offering that clients refer to by `reference`, or `None` if there is no such offering.
    /// `of` is the resource of the storefront's offerings.
    fn left<'a>(&'a self, of: &'a Resource, reference: i64, context: &'a CallContext) -> Reply<'a, Option<u64>>;
}
