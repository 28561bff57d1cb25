//! The facades as a client sees them, over a shop in memory.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

mod client;
mod errors;
mod fake;
mod orders;
mod preconditions;
mod reading;
mod storefronts;
mod writing;
