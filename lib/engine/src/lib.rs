//! The engine: written once, for all services.
//! It takes the waiting messages together, hands them to services in memory, appends one journal record for what came of it,
//! and only then answers; the typed tables follow behind. It knows no ticket and no order.

mod backpressure;
mod batch;
mod between;
mod caches;
mod core;
mod deliver;
mod idempotency;
mod limits;
mod node;
mod own;
mod record;
mod recover;
mod redrive;
mod replay;
mod row_cache;
mod service;
mod status;
mod timers;
mod unperformed;
mod writer;

pub use crate::core::{Command, Core, HandledBatch, IdempotencyKey};
pub use between::{Hosted, NotReceived};
pub use caches::{CacheView, OpenCache, OpenedCache, row_cache};
pub use limits::Limits;
pub use node::{Effector, Node, NodeError, Observer, Parts};
pub use own::MIGRATIONS;
pub use own::{Forgotten, Intent, KeyPeriod, Parked, Remembered, RememberedBefore, Timer, Watermark, tables};
pub use record::{Body, Envelope, OUTSIDE, RowChange, record_of};
pub use recover::{Tables, bring_forward};
pub use service::{Context, Names, Service, Stop};
pub use status::{Bulks, Status};
