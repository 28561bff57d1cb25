//! Delivery: sends what was sold, and says how far it is.
//!
//! Owns: deliveries, at most one for each order, and their numbers within a storefront.
//! Accepts: `StartDelivery`, `DispatchDelivery`, `CompleteDelivery`, `CancelDelivery`.
//! Says: `DeliveryStarted`, `DeliveryDispatched`, `DeliveryCompleted`, `DeliveryCancelled`.
//! Listens: to nobody.
//! Always: a delivery ends once, completed or cancelled, and what has ended does not start again.

mod commands;
mod delivery;
mod publish;
pub mod queries;
mod role;
mod store;

pub use delivery::{Delivery, DeliveryState};
pub use role::DeliveryService;
pub use store::{MIGRATIONS, tables};

/// What a handler of this service may do.
type Context<'a> = engine::Context<'a, contracts::Message, contracts::Answer>;
