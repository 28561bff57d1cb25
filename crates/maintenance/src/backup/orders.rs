//! How many orders each storefront has.

use serde::Serialize;
use store::{StoreError, TableReader};

use crate::offline_store::orders_by_storefront;
use contracts::display::StorefrontNames;

/// The orders of one storefront.
#[derive(Debug, Serialize)]
pub struct OrdersOf {
    /// Its name; its number where nobody here knows it.
    pub storefront: String,
    /// How many there are.
    pub orders: u64,
}

impl OrdersOf {
    /// All storefronts in which something was ordered.
    pub fn all(reader: &mut dyn TableReader, names: &StorefrontNames) -> Result<Vec<Self>, StoreError> {
        let orders = orders_by_storefront(reader)?.into_iter();
        Ok(orders.map(|(number, orders)| Self { storefront: names.name(number), orders }).collect())
    }
}
