//! The sandbox provider over real HTTP, on a port of its own for every test.

mod cards;
mod idempotency;
mod list;
mod refunds;
mod restart;
mod running;
