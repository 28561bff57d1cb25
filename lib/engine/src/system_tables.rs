//! The system tables, which are the engine's own: timers, intents, parked messages, idempotency keys, watermarks.

use store::Migration;
use typed::{Bytes, Message, Row, SubjectKey, Table, Text};

use crate::caches::{OpenCache, row_cache};

typed::row! {
    /// A message that is due later.
    pub struct Timer in 1 "engine_timers" {
        /// The service, and its own key.
        0 key: u64,
        /// When, in milliseconds since the Unix epoch.
        1 due: u64,
        /// The message, as in the journal.
        2 message: Bytes,
        /// Of the request that brought it about.
        3 correlation: u64,
        /// The message that brought it about.
        4 cause: u64,
        /// How long after it was set it is due, in milliseconds; older ones do not say.
        5 wait_ms: Option<u64>,
    }
}

typed::row! {
    /// Something to be done outside, not known to be done yet.
    pub struct Intent in 2 "engine_intents" {
        /// The service, and its own key.
        0 key: u64,
        /// What is to be done, as a message in the journal's form.
        1 effect: Bytes,
        /// Of the request that brought it about.
        2 correlation: u64,
        /// The message that brought it about.
        3 cause: u64,
    }
}

typed::row! {
    /// A message that its service could not handle, or one that must not overtake such a message.
    pub struct Parked in 3 "engine_parked" {
        /// The message's id, with the service that could not handle it in the lowest bits.
        0 id: u64,
        /// The number of the service.
        1 service: u8,
        /// What it is about: followers with the same subject wait behind it.
        2 subject: SubjectKey,
        /// The name of the message.
        3 name: Text,
        /// The message, as in the journal.
        4 message: Bytes,
        /// Why it could not be handled; `None` for one that only waits behind.
        5 reason: Option<Text>,
        /// Since when, in milliseconds since the Unix epoch.
        6 at: u64,
        /// Of the request that brought it about.
        7 correlation: u64,
        /// The message's id; of an intent or a timer, the id of the message that brought it about.
        8 message_id: u64,
        /// The key of the intent that it is, if it is one.
        9 intent: Option<u64>,
    }
}

impl Parked {
    /// The message itself.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn content<M: Message>(&self) -> Result<M, String> {
        minicbor::decode(&self.message).map_err(|error| error.to_string())
    }
}

typed::row! {
    /// A command that came with an idempotency key, as an earlier maejin remembered it.
    pub struct RememberedBefore in 4 "engine_idempotency" {
        /// Whose key, and the key.
        0 key: Text,
        /// Tells whether another command came with the same key.
        1 fingerprint: u64,
        /// The answer, as in the journal.
        2 answer: Bytes,
        /// When, in milliseconds since the Unix epoch.
        3 at: u64,
    }
}

typed::row! {
    /// How far the messages of another node are handled here.
    pub struct Watermark in 5 "engine_watermarks" {
        /// The other node's name.
        0 source: Text,
        /// The highest sequence number handled.
        1 seq: u64,
    }
}

typed::row! {
    /// A command that came with an idempotency key.
    pub struct Remembered in 6 "engine_keys" {
        /// Counts the keys, in the order in which they came.
        0 place: u64,
        /// The first 64 bits of the hash of whose key it is, and the key.
        1 hash: i64,
        /// The next 64 bits.
        2 more: i64,
        /// Tells whether another command came with the same key.
        3 fingerprint: u64,
        /// The answer, as in the journal.
        4 answer: Bytes,
    }
}

typed::row! {
    /// The keys that came within some hours; they are forgotten together.
    pub struct KeyPeriod in 7 "engine_key_periods" {
        /// The place of its first key.
        0 first: u64,
        /// When it began, in milliseconds since the Unix epoch.
        1 since: u64,
    }
}

typed::row! {
    /// How far the keys have left their table. One row.
    pub struct Forgotten in 8 "engine_keys_forgotten" sweeps Remembered {
        /// 1.
        0 one: u64,
        /// No key has a place below this.
        1 below: u64,
    }
}

const MIGRATION: Migration = Migration {
    context: "engine",
    number: 1,
    sql: "CREATE TABLE engine_timers (
        key INTEGER PRIMARY KEY, due INTEGER NOT NULL, message BLOB NOT NULL, correlation INTEGER NOT NULL, cause INTEGER NOT NULL);
    CREATE TABLE engine_intents (
        key INTEGER PRIMARY KEY, effect BLOB NOT NULL, correlation INTEGER NOT NULL, cause INTEGER NOT NULL);
    CREATE TABLE engine_parked (
        id INTEGER PRIMARY KEY, service INTEGER NOT NULL, subject INTEGER NOT NULL, name TEXT NOT NULL, message BLOB NOT NULL,
        reason TEXT, at INTEGER NOT NULL, correlation INTEGER NOT NULL, message_id INTEGER NOT NULL);
    CREATE TABLE engine_idempotency (
        key TEXT PRIMARY KEY, fingerprint INTEGER NOT NULL, answer BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX engine_idempotency_at ON engine_idempotency (at);
    CREATE TABLE engine_watermarks (source TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
};

/// Intents are parked too.
const PARKED_INTENTS: Migration =
    Migration { context: "engine", number: 2, sql: "ALTER TABLE engine_parked ADD COLUMN intent INTEGER" };

/// Keys are in the order in which they came, to be forgotten by a range.
const KEYS: Migration = Migration {
    context: "engine",
    number: 3,
    sql: "CREATE TABLE engine_keys (
        place INTEGER PRIMARY KEY, hash INTEGER NOT NULL, more INTEGER NOT NULL, fingerprint INTEGER NOT NULL, answer BLOB NOT NULL);
    CREATE TABLE engine_key_periods (first INTEGER PRIMARY KEY, since INTEGER NOT NULL);
    CREATE TABLE engine_keys_forgotten (one INTEGER PRIMARY KEY, below INTEGER NOT NULL)",
};

/// A timer is known for absurd where the clock was wrong when it was set.
const WAITS: Migration =
    Migration { context: "engine", number: 4, sql: "ALTER TABLE engine_timers ADD COLUMN wait_ms INTEGER" };

/// How the system tables came to be.
pub const MIGRATIONS: [Migration; 4] = [MIGRATION, PARKED_INTENTS, KEYS, WAITS];

/// The system tables.
pub fn tables() -> Vec<&'static Table> {
    vec![
        Timer::TABLE,
        Intent::TABLE,
        Parked::TABLE,
        RememberedBefore::TABLE,
        Watermark::TABLE,
        Remembered::TABLE,
        KeyPeriod::TABLE,
        Forgotten::TABLE,
    ]
}

pub(crate) fn caches() -> Vec<OpenCache> {
    vec![
        row_cache::<Timer>(),
        row_cache::<Intent>(),
        row_cache::<Parked>(),
        row_cache::<RememberedBefore>(),
        row_cache::<Watermark>(),
        row_cache::<Remembered>(),
        row_cache::<KeyPeriod>(),
        row_cache::<Forgotten>(),
    ]
}

/// The bits of an engine key below the service's number.
const SERVICE_SHIFT: u32 = 57;

/// The key `key` of `service` as a key among those of all services.
pub(crate) fn service_key(service: u8, key: u64) -> u64 {
    debug_assert!(key >> SERVICE_SHIFT == 0, "a service's own key is at most 2^57 - 1");
    (u64::from(service) << SERVICE_SHIFT) | key
}

/// The service and its own key, of a key among those of all services.
pub(crate) fn split_key(key: u64) -> (u8, u64) {
    (u8::try_from(key >> SERVICE_SHIFT).unwrap_or(u8::MAX), key & ((1 << SERVICE_SHIFT) - 1))
}
