//! The engine: written once, for all services.
//! It takes the waiting messages together, hands them to services in memory, appends one journal record for what came of it,
//! and only then answers; the typed tables follow behind. It knows no ticket and no order.

mod backpressure;
mod batch;
mod caches;
mod core;
mod envelope;
mod highest;
mod idempotency;
mod limits;
mod node;
mod parked;
mod record;
mod recover;
mod row_cache;
mod rows;
mod service;
mod shard;
mod status;
mod system_tables;
mod timers;
mod unapplied;
mod writer;

pub use crate::core::{Command, Core, Hosted, INTAKE, Incoming, Source};
pub use batch::{ChangedRow, HandledBatch};
pub use caches::{CacheView, OpenCache, OpenedCache, row_cache};
pub use envelope::{Envelope, OUTSIDE, Origin, record_of};
pub use idempotency::IdempotencyKey;
pub use limits::Limits;
pub use node::{Effector, Node, NodeError, Observer, OwnedShard, Parts};
pub use record::{Body, RowChange};
pub use recover::{Tables, Taken, bring_forward, take_over};
pub use rows::{Missing, Rows, find_in_tables};
pub use service::{Context, Names, Service, Stop};
pub use shard::Shard;
pub use status::{Bulks, Status};
pub use system_tables::MIGRATIONS;
pub use system_tables::{Forgotten, Intent, KeyPeriod, Parked, Remembered, RememberedBefore, Timer, Watermark, tables};
