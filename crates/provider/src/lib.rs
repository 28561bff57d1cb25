//! The payment provider as the payment service sees it: a port, and its client over HTTP.
//!
//! Accepts: a [`Charge`] or a [`Refund`], each with a key of its own. Answers an [`Outcome`], and never an error: what is not known is
//! [`Outcome::Unknown`], and the only right thing to do with that is to ask again with the same key. Nothing is retried in here.
//!
//! Speaks the interface that is described in the crate `sandbox`, with an optional bearer token, over HTTP or HTTPS.
//! Does not decide when to charge, how often to ask again, or when to give up.

mod answer;
mod client;
mod error;
mod list;
mod port;
mod refusal;
mod settings;
mod token;

pub use client::HttpProvider;
pub use error::SettingsError;
pub use port::{BoxFuture, Charge, Listed, Outcome, Page, Provider, Refund, RefundOutcome};
pub use settings::{DEFAULT_TIMEOUT_MS, HttpSettings};
pub use token::Token;
