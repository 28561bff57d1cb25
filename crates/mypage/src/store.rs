//! The tables of my page.

use ::store::Migration;
use engine::OpenCache;
use typed::{Row, Table};

use crate::line::Line;

typed::row! {
    /// The next free number of lines in a storefront.
    pub struct Counter in 81 "my_page_counters" {
        /// Twice the storefront's number; one more for the list of those confirmed.
        0 id: u64,
        /// The number.
        1 next: u64,
    }
}

/// How the tables came to be.
pub const MIGRATIONS: &[Migration] = &[
    Migration { context: "mypage", number: 1, sql: include_str!("../migrations/0001_tables.sql") },
    Migration { context: "mypage", number: 2, sql: include_str!("../migrations/0002_by_age.sql") },
    Migration { context: "mypage", number: 3, sql: include_str!("../migrations/0003_told.sql") },
];

/// The tables.
pub fn tables() -> Vec<&'static Table> {
    vec![Line::TABLE, Counter::TABLE]
}

pub(crate) fn caches() -> Vec<OpenCache> {
    vec![engine::row_cache::<Line>(), engine::row_cache::<Counter>()]
}
