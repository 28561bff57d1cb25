//! The payment service as a whole: its rules through the engine, its tables in a store, its calls to a provider.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

mod given;
mod provider_calls;
mod refund_rules;
mod tables;
mod take_rules;
