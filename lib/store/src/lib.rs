//! Where a node keeps what it knows: a journal, which is the truth, and typed tables, which follow it in bulk.
//! This crate is the port and two of its engines: [`sqlite`] keeps what is sold, [`memory`] what a simulation or a test of something else
//! plays with. The third one, on PostgreSQL, is a crate of its own.
//! No SQL driver is named anywhere else.
//!
//! Rows are asked for with [`Find`]: columns are named by what `typed::row!` gives, and each engine knows how to answer it.

pub mod by_recency;
mod epoch;
mod error;
mod find;
mod follow;
mod identity;
mod journal;
pub mod memory;
mod migration;
mod pool;
pub mod sqlite;
mod tables;
mod with_list;

pub use epoch::Epoch;
pub use error::StoreError;
pub use find::{AnyFind, Find, Pick, Place};
pub use follow::last_followed;
pub use identity::{Identity, Incarnation};
pub use journal::{Journal, Record};
pub use migration::Migration;
pub use pool::Pool;
pub use tables::{Applied, Change, Form, TableReader, TableWriter, Take, rows_of};
pub use with_list::WithList;
