//! Points: one ledger per customer.
//!
//! Owns: accounts, and ledger entries, which are counted as they are made.
//! Accepts: open, set, correct, close an account; earn and revoke points for an order.
//! Says: BalanceSet, PointsEarned, PointsRevoked.
//! Listens: to nobody.
//! Always: a balance is the sum of its ledger; points for an order are granted once and taken back once.

mod account;
mod commands;
pub mod queries;
mod role;
mod store;

pub use account::{Account, Entry, earned_id, revoked_id};
pub use role::PointsService;
pub use store::{Counter as EntryCounter, MIGRATIONS, tables};
