//! The deliveries of a storefront, page by page.

use ::store::{StoreError, TableReader};
use contracts::StorefrontNo;

use crate::delivery::Delivery;
use crate::store;

/// What deliveries are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// Their numbers.
    Number,
    /// The orders they are for.
    Order,
    /// The customers, as text.
    Customer,
    /// What is delivered.
    Offering,
    /// How many are delivered.
    Quantity,
    /// Their states, by name.
    State,
    /// When they began.
    StartedAt,
    /// When they ended.
    EndedAt,
}

/// What to sort by, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// What to sort by. What has none counts as smallest.
    pub by: SortBy,
    /// Largest first.
    pub descending: bool,
}

/// Some deliveries of a storefront.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// How many there are in all.
    pub total: u64,
    /// Those that were asked for.
    pub deliveries: Vec<Delivery>,
}

impl SortBy {
    fn column(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Order => "owner",
            Self::Customer => "customer",
            Self::Offering => "offering",
            Self::Quantity => "quantity",
            Self::State => "state",
            Self::StartedAt => "started_at",
            Self::EndedAt => "ended_at",
        }
    }
}

/// At most `limit` deliveries of `storefront` after the first `offset`, sorted by `sort`, the weightiest first, and then by number.
///
/// # Errors
/// If the table cannot be read.
pub fn page(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    offset: u64,
    limit: u32,
    sort: &[Sort],
) -> Result<Page, StoreError> {
    let total = store::count(reader, storefront)?;
    let columns: Vec<(&str, bool)> = sort.iter().map(|sort| (sort.by.column(), sort.descending)).collect();
    let deliveries = store::page(reader, storefront, (offset, limit), &columns)?;
    Ok(Page { total, deliveries })
}
