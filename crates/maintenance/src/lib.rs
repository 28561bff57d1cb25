//! The verbs on stores and journals: check, rebuild, backup and restore, the journal, and the events in it. They print what they did or
//! found. They know no HTTP door: a store is read where it lies.

pub mod backup;
pub mod check;
pub mod events;
pub mod journal;
pub mod offline_store;
pub mod rebuild;
