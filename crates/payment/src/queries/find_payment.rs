//! One payment.

use ::store::{StoreError, TableReader};
use contracts::{OrderId, StorefrontNo};

use crate::payment::Payment;
use crate::store;

/// The payment with `number` in `storefront`, if there is one.
///
/// # Errors
/// If the table cannot be read.
pub fn numbered(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    number: u64,
) -> Result<Option<Payment>, StoreError> {
    store::numbered(reader, storefront, number)
}

/// The payment of `order`, if there is one.
///
/// # Errors
/// If the table cannot be read.
pub fn of_order(reader: &mut dyn TableReader, order: OrderId) -> Result<Option<Payment>, StoreError> {
    store::of_order(reader, order)
}
