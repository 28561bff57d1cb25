//! The tables of the service, and all SQL that reads them.

use ::store::{Migration, StoreError, TableReader, select};
use contracts::{OrderId, StorefrontNo};
use engine::{OpenShelf, Stop};
use typed::{Column, Row, Table};

use crate::Context;
use crate::delivery::Delivery;

typed::row! {
    /// The next free number of deliveries in a storefront.
    pub struct Counter in 51 "delivery_counters" {
        /// The storefront's number.
        0 storefront: u64,
        /// The number.
        1 next: u64,
    }
}

/// How the tables came to be.
pub const MIGRATIONS: &[Migration] =
    &[Migration { context: "delivery", number: 1, sql: include_str!("../migrations/0001_tables.sql") }];

/// The tables.
pub fn tables() -> Vec<&'static Table> {
    vec![Delivery::TABLE, Counter::TABLE]
}

pub(crate) fn shelves() -> Vec<OpenShelf> {
    vec![engine::shelf::<Delivery>(), engine::shelf::<Counter>()]
}

/// Hands out the next number of a delivery in `storefront`.
pub(crate) fn next_number(context: &mut Context<'_>, storefront: StorefrontNo) -> Result<u64, Stop> {
    let storefront = u64::from(storefront.0);
    let number = context.get::<Counter>(&storefront)?.map_or(1, |counter| counter.next);
    context.put(Counter { storefront, next: number + 1 });
    Ok(number)
}

/// How many deliveries `storefront` has.
pub(crate) fn count(reader: &mut dyn TableReader, storefront: StorefrontNo) -> Result<u64, StoreError> {
    let counted = reader.integers("SELECT count(*) FROM deliveries WHERE storefront = ?1", &[storefront.sql()])?;
    Ok(counted.first().and_then(|count| u64::try_from(*count).ok()).unwrap_or_default())
}

/// At most `limit` deliveries of `storefront` after the first `offset`, sorted by `columns`, descending where that is true, and then by
/// number.
pub(crate) fn page(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    (offset, limit): (u64, u32),
    columns: &[(&'static str, bool)],
) -> Result<Vec<Delivery>, StoreError> {
    let direction = |descending| if descending { "DESC" } else { "ASC" };
    let order: String = columns.iter().map(|(column, down)| format!("{column} {}, ", direction(*down))).collect();
    let tail = format!("WHERE storefront = ?1 ORDER BY {order}number LIMIT ?2 OFFSET ?3");
    select(reader, &tail, &[storefront.sql(), limit.sql(), offset.sql()])
}

/// The delivery with `number` in `storefront`.
pub(crate) fn numbered(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    number: u64,
) -> Result<Option<Delivery>, StoreError> {
    let tail = "WHERE storefront = ?1 AND number = ?2";
    Ok(select(reader, tail, &[storefront.sql(), number.sql()])?.pop())
}

/// The delivery of `order`.
pub(crate) fn of_order(reader: &mut dyn TableReader, order: OrderId) -> Result<Option<Delivery>, StoreError> {
    Ok(select(reader, "WHERE owner = ?1", &[order.sql()])?.pop())
}
