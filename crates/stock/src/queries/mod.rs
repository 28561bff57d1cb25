//! What others may read of stock.

use ::store::{StoreError, TableReader, select};
use contracts::StorefrontNo;
use typed::Sql;

use crate::offering::Offering;
use crate::reference::Reference;

/// The SQL condition for the offerings of `storefront` that have the reference `?1`.
pub fn with_reference(storefront: StorefrontNo) -> String {
    format!(
        "id IN (SELECT value FROM offering_references, json_each('[' || offerings || ']') WHERE reference = '{}:' || ?1)",
        storefront.0
    )
}

/// The offering that clients of `storefront` mean by `reference`.
///
/// # Errors
/// If the table cannot be read.
pub fn by_reference(
    reader: &mut dyn TableReader,
    storefront: StorefrontNo,
    reference: &str,
) -> Result<Option<Offering>, StoreError> {
    let key = crate::reference::key(storefront, reference);
    let found = select::<Reference>(reader, "WHERE reference = ?1", &[Sql::Text(key.as_str().into())])?;
    let Some(id) = found.first().and_then(|row| row.offerings.split(',').next()?.parse::<i64>().ok()) else {
        return Ok(None);
    };
    Ok(select::<Offering>(reader, "WHERE id = ?1", &[Sql::Int(id)])?.pop())
}
