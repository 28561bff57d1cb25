//! Payment: takes money for an order through the payment provider, and gives it back.
//!
//! Owns: payments, at most one for each order, and their numbers within a storefront.
//! Accepts: `TakePayment`, `RefundPayment`, for operators `GiveUpPayment`, and from its own effects `RecordOutcome`.
//! Says: `PaymentRequested`, `PaymentTaken`, `PaymentDeclined`, `PaymentRefunded`, `PaymentParked`.
//! Listens: to nobody.
//! Always: an order is charged at most once; a payment is never both declined and paid; what is not known is asked again with the
//! same key, never guessed; what the provider refuses is parked, and never told a customer as a decline.

mod back_off;
mod commands;
mod effects;
mod payment;
mod provider_key;
mod publish;
pub mod queries;
mod role;
mod store;

pub use effects::ProviderEffector;
pub use payment::{Payment, PaymentState};
pub use provider_key::order_of_key;
pub use role::PaymentService;
pub use store::{MIGRATIONS, tables};

/// What a handler of this service may do.
type Context<'a> = engine::Context<'a, contracts::Message, contracts::Answer>;
