//! How many orders each storefront has.

use contracts::StorefrontNo;
use serde::Serialize;
use store::{StoreError, TableReader};

use contracts::display::StorefrontNames;

/// The orders of one storefront.
#[derive(Debug, Serialize)]
pub struct OrdersOf {
    /// Its name; its number where nobody here knows it.
    pub storefront: String,
    /// How many there are.
    pub orders: i64,
}

impl OrdersOf {
    /// All storefronts in which something was ordered.
    pub fn all(reader: &mut dyn TableReader, names: &StorefrontNames) -> Result<Vec<Self>, StoreError> {
        let numbers = reader.integers("SELECT DISTINCT storefront FROM orders ORDER BY 1", &[])?;
        let counted = reader.integers("SELECT count(*) FROM orders GROUP BY storefront ORDER BY storefront", &[])?;
        let name = |number: i64| match u32::try_from(number) {
            Ok(number) => names.name(StorefrontNo(number)),
            Err(_) => number.to_string(),
        };
        Ok(numbers.into_iter().zip(counted).map(|(n, orders)| Self { storefront: name(n), orders }).collect())
    }
}
