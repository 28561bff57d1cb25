//! The engine: written once, for all services.
//! It takes the waiting messages together, hands them to services in memory, appends one journal record for what came of it,
//! and only then answers; the typed tables follow behind. It knows no ticket and no order.

mod backpressure;
mod batch;
mod caches;
mod core;
mod deliver;
mod idempotency;
mod intake;
mod limits;
mod node;
mod record;
mod recover;
mod redrive;
mod replay;
mod row_cache;
mod service;
mod status;
mod system_tables;
mod timers;
mod unperformed;
mod writer;

pub use crate::core::{Command, Core, HandledBatch, IdempotencyKey};
pub use caches::{CacheView, OpenCache, OpenedCache, row_cache};
pub use intake::{Hosted, IntakeError};
pub use limits::Limits;
pub use node::{Effector, Node, NodeError, Observer, Parts};
pub use record::{Body, Envelope, OUTSIDE, RowChange, record_of};
pub use recover::{Tables, bring_forward};
pub use service::{Context, Names, Service, Stop};
pub use status::{Bulks, Status};
pub use system_tables::MIGRATIONS;
pub use system_tables::{Forgotten, Intent, KeyPeriod, Parked, Remembered, RememberedBefore, Timer, Watermark, tables};
