//! The notices of a storefront, page by page.

use ::store::{StoreError, TableReader};
use contracts::StorefrontNo;

use crate::notice::Notice;
use crate::store;

/// What notices are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// Their numbers.
    Number,
    /// The orders they are about.
    Order,
    /// The customers, as text.
    Customer,
    /// What the customers are called.
    CustomerName,
    /// The offerings they are about.
    Offering,
    /// The names of the offerings.
    OfferingName,
    /// How many of them.
    Quantity,
    /// What they tell, by name.
    Kind,
    /// When they were put into the inbox.
    At,
}

/// What to sort by, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// What to sort by. What has none counts as smallest.
    pub by: SortBy,
    /// Largest first.
    pub descending: bool,
}

/// Some notices of a storefront.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// How many there are in all.
    pub total: u64,
    /// Those that were asked for.
    pub notices: Vec<Notice>,
}

impl SortBy {
    fn column(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Order => "owner",
            Self::Customer => "customer",
            Self::CustomerName => "customer_name",
            Self::Offering => "offering",
            Self::OfferingName => "offering_name",
            Self::Quantity => "quantity",
            Self::Kind => "kind",
            Self::At => "at",
        }
    }
}

/// At most `limit` notices of `storefront` after the first `offset`, sorted by `sort`, the weightiest first, and then by number.
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
    let notices = store::page(reader, storefront, (offset, limit), &columns)?;
    Ok(Page { total, notices })
}
