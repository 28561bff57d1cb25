//! Orders: what customers wish for, and the course of each wish through the services.
//!
//! Owns: orders and their sagas.
//! Accepts: place, cancel; for operators retry and give up.
//! Says: OrderPlaced, OrderHeld, OrderConfirmed, OrderRejected, OrderCancelling, OrderCancelRefused, OrderCancelled, OrderParked, OrderChanged, and what each step asks for.
//! Listens: to the answers of its steps, and to an operator who gave up a message.
//! Always: an order reaches an end or is parked in plain sight; it ends once; what it cost is the catalogue's price.

mod commands;
mod order;
mod reactions;
mod role;
mod sagas;
mod store;

pub use order::{Order, OrderState, SeatNames};
pub use role::OrderService;
pub use store::{MIGRATIONS, tables};
