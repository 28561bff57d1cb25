//! The payments of a storefront, page by page.

use ::store::{StoreError, TableReader};
use contracts::StorefrontNo;

use crate::payment::Payment;
use crate::store;

/// What payments are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// Their numbers.
    Number,
    /// The orders they are for.
    Order,
    /// The customers, as text.
    Customer,
    /// The offerings they are for.
    Offering,
    /// How much was asked for.
    Amount,
    /// The means of payment.
    Card,
    /// Their states, by name.
    State,
    /// When they were asked for.
    RequestedAt,
    /// When they were taken.
    PaidAt,
    /// When they were given back.
    RefundedAt,
}

/// What to sort by, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// What to sort by. What has none counts as smallest.
    pub by: SortBy,
    /// Largest first.
    pub descending: bool,
}

/// Some payments of a storefront.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// How many there are in all.
    pub total: u64,
    /// Those that were asked for.
    pub payments: Vec<Payment>,
}

impl SortBy {
    fn column(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Order => "owner",
            Self::Customer => "customer",
            Self::Offering => "offering",
            Self::Amount => "amount",
            Self::Card => "card",
            Self::State => "state",
            Self::RequestedAt => "requested_at",
            Self::PaidAt => "paid_at",
            Self::RefundedAt => "refunded_at",
        }
    }
}

/// At most `limit` payments of `storefront` after the first `offset`, sorted by `sort`, the weightiest first, and then by number.
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
    let payments = store::page(reader, storefront, (offset, limit), &columns)?;
    Ok(Page { total, payments })
}
