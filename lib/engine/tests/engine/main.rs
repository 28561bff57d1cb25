//! The engine with services that do whatever a test tells them.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

mod caches;
mod clock;
mod codec;
mod intake;
mod intents;
mod keys;
mod limits;
mod node;
mod parking;
mod shards;
mod timers;
mod toy;
mod trail;
mod undo;
mod unperformed;
