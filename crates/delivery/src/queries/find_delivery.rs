//! One delivery.

use ::store::{StoreError, TableReader};
use contracts::{OrderId, StorefrontNo};

use crate::delivery::Delivery;
use crate::store;

/// The delivery with `number` in `storefront`, if there is one.
///
/// # Errors
/// If the table cannot be read.
pub fn numbered(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    number: u64,
) -> Result<Option<Delivery>, StoreError> {
    store::numbered(reader, storefront, number)
}

/// The delivery of `order`, if there is one.
///
/// # Errors
/// If the table cannot be read.
pub fn of_order(reader: &mut dyn TableReader, order: OrderId) -> Result<Option<Delivery>, StoreError> {
    store::of_order(reader, order)
}
