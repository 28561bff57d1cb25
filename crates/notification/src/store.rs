//! The tables of the service, and all SQL that reads them.

use ::store::{Migration, StoreError, TableReader, select};
use contracts::{StorefrontNo, Text};
use engine::{OpenShelf, Stop};
use typed::{Column, Row, Table};

use crate::Context;
use crate::notice::Notice;

typed::row! {
    /// The next free number of notices in a storefront.
    pub struct Counter in 61 "notice_counters" {
        /// The storefront's number.
        0 storefront: u64,
        /// The number.
        1 next: u64,
    }
}

/// How the tables came to be.
pub const MIGRATIONS: &[Migration] =
    &[Migration { context: "notification", number: 1, sql: include_str!("../migrations/0001_tables.sql") }];

/// The tables.
pub fn tables() -> Vec<&'static Table> {
    vec![Notice::TABLE, Counter::TABLE]
}

pub(crate) fn shelves() -> Vec<OpenShelf> {
    vec![engine::shelf::<Notice>(), engine::shelf::<Counter>()]
}

/// Hands out the next number of a notice in `storefront`.
pub(crate) fn next_number(context: &mut Context<'_>, storefront: StorefrontNo) -> Result<u64, Stop> {
    let storefront = u64::from(storefront.0);
    let number = context.get::<Counter>(&storefront)?.map_or(1, |counter| counter.next);
    context.put(Counter { storefront, next: number + 1 });
    Ok(number)
}

/// How many notices `storefront` has.
pub(crate) fn count(reader: &mut dyn TableReader, storefront: StorefrontNo) -> Result<u64, StoreError> {
    let counted = reader.integers("SELECT count(*) FROM notices WHERE storefront = ?1", &[storefront.sql()])?;
    Ok(counted.first().and_then(|count| u64::try_from(*count).ok()).unwrap_or_default())
}

/// At most `limit` notices of `storefront` after the first `offset`, sorted by `columns`, descending where that is true, and then by
/// number.
pub(crate) fn page(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    (offset, limit): (u64, u32),
    columns: &[(&'static str, bool)],
) -> Result<Vec<Notice>, StoreError> {
    let direction = |descending| if descending { "DESC" } else { "ASC" };
    let order: String = columns.iter().map(|(column, down)| format!("{column} {}, ", direction(*down))).collect();
    let tail = format!("WHERE storefront = ?1 ORDER BY {order}number LIMIT ?2 OFFSET ?3");
    select(reader, &tail, &[storefront.sql(), limit.sql(), offset.sql()])
}

/// The notice with `number` in `storefront`.
pub(crate) fn numbered(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    number: u64,
) -> Result<Option<Notice>, StoreError> {
    let tail = "WHERE storefront = ?1 AND number = ?2";
    Ok(select(reader, tail, &[storefront.sql(), number.sql()])?.pop())
}

/// At most `limit` notices of `customer` that are older than `before`, a moment and an id, newest first.
pub(crate) fn of_customer(
    reader: &mut dyn TableReader,
    customer: &Text,
    before: (u64, u64),
    limit: u32,
) -> Result<Vec<Notice>, StoreError> {
    let tail = "WHERE customer = ?1 AND (at, id) < (?2, ?3) ORDER BY at DESC, id DESC LIMIT ?4";
    select(reader, tail, &[customer.sql(), before.0.sql(), before.1.sql(), limit.sql()])
}
