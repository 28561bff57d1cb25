//! The engine with services that do whatever a test tells them.

mod between;
mod codec;
mod intents;
mod keys;
mod memory;
mod node;
mod parking;
mod timers;
mod toy;
mod undo;
