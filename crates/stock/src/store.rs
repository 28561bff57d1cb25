//! The tables of stock.

use ::store::Migration;
use contracts::StorefrontNo;
use engine::OpenCache;
use typed::{Row, Table};

use crate::description::Description;
use crate::hold::Hold;
use crate::offering::Offering;
use crate::reference::Reference;
use crate::seat::{Place, Seat};
use crate::share::Share;

typed::row! {
    /// The next free number of offerings or of seats in a storefront, or where versions begin there.
    pub struct Counter in 24 "stock_counters" {
        /// Twice the storefront's number; one more for its seats. Or [`Counter::of_versions`].
        0 id: u64,
        /// The number.
        1 next: u64,
    }
}

impl Counter {
    /// The one that says where the versions of what is registered in `storefront` begin.
    pub(crate) fn of_versions(storefront: StorefrontNo) -> u64 {
        (1 << 32) | u64::from(storefront.0)
    }
}

/// How the tables came to be.
pub const MIGRATIONS: &[Migration] = &[
    Migration { context: "stock", number: 1, sql: include_str!("../migrations/0001_tables.sql") },
    Migration { context: "stock", number: 2, sql: include_str!("../migrations/0002_open_holds.sql") },
    Migration { context: "stock", number: 3, sql: include_str!("../migrations/0003_on_sale.sql") },
    Migration { context: "stock", number: 4, sql: include_str!("../migrations/0004_limit.sql") },
    Migration { context: "stock", number: 5, sql: include_str!("../migrations/0005_descriptions.sql") },
];

/// The tables.
pub fn tables() -> Vec<&'static Table> {
    vec![
        Offering::TABLE,
        Reference::TABLE,
        Seat::TABLE,
        Place::TABLE,
        Hold::TABLE,
        Counter::TABLE,
        Share::TABLE,
        Description::TABLE,
    ]
}

pub(crate) fn caches() -> Vec<OpenCache> {
    vec![
        engine::row_cache::<Offering>(),
        engine::row_cache::<Reference>(),
        engine::row_cache::<Seat>(),
        engine::row_cache::<Place>(),
        engine::row_cache::<Hold>(),
        engine::row_cache::<Counter>(),
        engine::row_cache::<Share>(),
        engine::row_cache::<Description>(),
    ]
}
