//! A customer's inbox.

use ::store::{StoreError, TableReader};
use contracts::Text;

use crate::notice::Notice;
use crate::store;

/// Where in an inbox a notice stands, to go on from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When it was put there, in milliseconds since the Unix epoch.
    pub at: u64,
    /// Its id.
    pub id: u64,
}

impl From<&Notice> for Place {
    fn from(notice: &Notice) -> Self {
        Self { at: notice.at, id: notice.id }
    }
}

/// At most `limit` notices of `customer`, from all storefronts, newest first; only those behind `after`, the last one seen.
///
/// # Errors
/// If the table cannot be read.
pub fn of_customer(
    reader: &mut dyn TableReader,
    customer: &Text,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<Notice>, StoreError> {
    let before = after.map_or((u64::MAX, u64::MAX), |place| (place.at, place.id));
    store::of_customer(reader, customer, before, limit)
}
