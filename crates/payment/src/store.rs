//! The tables of the service.

use ::store::Migration;
use contracts::StorefrontNo;
use engine::{OpenCache, Stop};
use typed::{Row, Table};

use crate::Context;
use crate::payment::Payment;

typed::row! {
    /// The next free number of payments in a storefront.
    pub struct Counter in 41 "payment_counters" {
        /// The storefront's number.
        0 storefront: u64,
        /// The number.
        1 next: u64,
    }
}

/// How the tables came to be.
pub const MIGRATIONS: &[Migration] = &[
    Migration { context: "payment", number: 1, sql: include_str!("../migrations/0001_tables.sql") },
    Migration { context: "payment", number: 2, sql: include_str!("../migrations/0002_provider.sql") },
    Migration { context: "payment", number: 3, sql: include_str!("../migrations/0003_asked_in.sql") },
];

/// The tables.
pub fn tables() -> Vec<&'static Table> {
    vec![Payment::TABLE, Counter::TABLE]
}

pub(crate) fn caches() -> Vec<OpenCache> {
    vec![engine::row_cache::<Payment>(), engine::row_cache::<Counter>()]
}

/// Hands out the next number of a payment in `storefront`.
pub(crate) fn next_number(context: &mut Context<'_>, storefront: StorefrontNo) -> Result<u64, Stop> {
    let storefront = u64::from(storefront.0);
    let number = context.get::<Counter>(&storefront)?.map_or(1, |counter| counter.next);
    context.put(Counter { storefront, next: number + 1 });
    Ok(number)
}
