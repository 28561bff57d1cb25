//! One notice.

use ::store::{StoreError, TableReader};
use contracts::StorefrontNo;

use crate::notice::Notice;
use crate::store;

/// The notice with `number` in `storefront`, if there is one.
///
/// # Errors
/// If the table cannot be read.
pub fn numbered(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    number: u64,
) -> Result<Option<Notice>, StoreError> {
    store::numbered(reader, storefront, number)
}
