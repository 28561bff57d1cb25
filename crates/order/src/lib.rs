//! Orders: what customers wish for, and the course of each wish through the services.
//!
//! Owns: orders and their sagas; for 30 hours, why those were refused that are not kept.
//! Accepts: place, cancel; for operators retry and give up; from the first start on a store from before, fill in.
//! Says: OrderPlaced, OrderHeld, OrderConfirmed, OrderRejected, OrderCancelling, OrderCancelRefused, OrderCancelled, OrderParked, OrderChanged, and what each step asks for.
//! Listens: to its steps, whatever changes of them, and to an operator who gave up a message.
//! Always: an order reaches an end or is parked in plain sight; it ends once; what it cost is the catalogue's price; its row knows how its steps stand.

mod commands;
mod order;
pub mod queries;
mod reactions;
mod refusal;
mod role;
mod sagas;
mod store;

pub use order::{Order, OrderState, SeatNames};
pub use refusal::Refusal;
pub use role::OrderService;
pub use store::{MIGRATIONS, tables};
