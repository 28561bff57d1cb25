//! The tables of points.

use ::store::Migration;
use contracts::{Answer, Message};
use engine::{Context, OpenCache, Stop};
use typed::{Row, Table};

use crate::account::{Account, Entry};

typed::row! {
    /// Counts entries.
    pub struct Counter in 72 "points_counters" {
        /// Which: zero for those that were made by hand, [`Counter::OF_ALL`].
        0 id: u64,
        /// The number of the next one.
        1 next: u64,
    }
}

impl Counter {
    /// The one that counts all entries.
    pub const OF_ALL: u64 = 1;
    /// The one that counts those made by hand.
    pub(crate) const BY_HAND: u64 = 0;
    /// The one that says with which version an account begins: above those of all that were closed, so that an account that is opened
    /// again never has a version that it had.
    pub(crate) const VERSIONS: u64 = 2;
}

/// How the tables came to be.
pub const MIGRATIONS: &[Migration] = &[
    Migration { context: "points", number: 1, sql: include_str!("../migrations/0001_tables.sql") },
    Migration { context: "points", number: 2, sql: include_str!("../migrations/0002_by_age.sql") },
    Migration { context: "points", number: 3, sql: include_str!("../migrations/0003_reasons.sql") },
];

/// The tables.
pub fn tables() -> Vec<&'static Table> {
    vec![Account::TABLE, Entry::TABLE, Counter::TABLE]
}

pub(crate) fn caches() -> Vec<OpenCache> {
    vec![engine::row_cache::<Account>(), engine::row_cache::<Entry>(), engine::row_cache::<Counter>()]
}

/// Hands out the next number of the counter `id`.
pub(crate) fn next_number(id: u64, context: &mut Context<'_, Message, Answer>) -> Result<u64, Stop> {
    let number = context.get::<Counter>(&id)?.map_or(1, |counter| counter.next);
    context.put(Counter { id, next: number + 1 });
    Ok(number)
}
