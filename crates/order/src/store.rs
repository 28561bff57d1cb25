//! The tables of orders.

use ::store::Migration;
use engine::OpenCache;
use typed::{Row, Table};

use crate::order::Order;
use crate::refusal::Refusal;

typed::row! {
    /// The next free number of orders in a storefront.
    pub struct Counter in 31 "order_counters" {
        /// The storefront.
        0 storefront: u64,
        /// The number.
        1 next: u64,
    }
}

/// How the tables came to be.
pub const MIGRATIONS: &[Migration] = &[
    Migration { context: "order", number: 1, sql: include_str!("../migrations/0001_tables.sql") },
    Migration { context: "order", number: 2, sql: include_str!("../migrations/0002_seat_names.sql") },
    Migration { context: "order", number: 3, sql: include_str!("../migrations/0003_whole_order.sql") },
    Migration { context: "order", number: 4, sql: include_str!("../migrations/0004_refusals.sql") },
];

/// The tables.
pub fn tables() -> Vec<&'static Table> {
    vec![Order::TABLE, Counter::TABLE, Refusal::TABLE]
}

pub(crate) fn caches() -> Vec<OpenCache> {
    vec![engine::row_cache::<Order>(), engine::row_cache::<Counter>(), engine::row_cache::<Refusal>()]
}
