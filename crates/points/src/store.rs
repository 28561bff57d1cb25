//! The tables of points.

use ::store::Migration;
use engine::OpenShelf;
use typed::{Row, Table};

use crate::account::{Account, Entry};

typed::row! {
    /// Counts the entries that were made by hand.
    pub struct Counter in 72 "points_counters" {
        /// Zero.
        0 id: u64,
        /// The number of the next one.
        1 next: u64,
    }
}

/// How the tables came to be.
pub const MIGRATIONS: &[Migration] =
    &[Migration { context: "points", number: 1, sql: include_str!("../migrations/0001_tables.sql") }];

/// The tables.
pub fn tables() -> Vec<&'static Table> {
    vec![Account::TABLE, Entry::TABLE, Counter::TABLE]
}

pub(crate) fn shelves() -> Vec<OpenShelf> {
    vec![engine::shelf::<Account>(), engine::shelf::<Entry>(), engine::shelf::<Counter>()]
}
