//! All that there is, by storefront and number.

use ::store::{Find, StoreError, TableReader};
use contracts::queries::{Catalogue, OfferingView};
use contracts::{NUMBER_MAX, Numbered, OfferingId};

use super::offerings::described;
use crate::offering::Offering;

/// A page of it.
pub(super) fn page(of: &Catalogue, reader: &mut dyn TableReader) -> Result<Vec<OfferingView>, StoreError> {
    let mut found = Vec::new();
    for storefront in &of.storefronts {
        let first = of.after.max(OfferingId::of(*storefront, 0));
        let last = OfferingId::of(*storefront, NUMBER_MAX);
        let room = of.limit.saturating_sub(found.len() as u64);
        let mut find =
            Find::<Offering>::all().with(Offering::COLUMNS.id.above(first)).with(Offering::COLUMNS.id.at_most(last));
        if !of.withdrawn {
            find = find.with(Offering::COLUMNS.withdrawn.is(false));
        }
        let find = super::filter::only(find, &of.only);
        let rows = find.by(Offering::COLUMNS.id.asc()).limit(room).rows(reader)?;
        found.extend(described(&rows, reader)?);
    }
    Ok(found)
}
