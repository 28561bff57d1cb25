//! Which offering is meant by a seller's own reference: the oldest one that has it.

use contracts::commands::Target;
use contracts::{Answer, Message, OfferingId, StorefrontNo};
use engine::{Context, Stop};
use typed::Text;

typed::row! {
    /// The offerings that have one reference.
    pub struct Reference in 21 "offering_references" {
        /// The storefront and the reference.
        0 reference: Text,
        /// Their ids, separated by commas, in the order in which they got it.
        1 offerings: Text,
    }
}

/// The key of `reference` in `storefront`.
pub(crate) fn key(storefront: StorefrontNo, reference: &str) -> Text {
    Text::from(format!("{}:{reference}", storefront.0))
}

/// The offerings that have it, the oldest first.
pub(crate) fn ids(row: &Reference) -> impl Iterator<Item = u64> + '_ {
    row.offerings.split(',').filter_map(|id| id.parse().ok())
}

/// The offering that `target` means in `storefront`.
pub(crate) fn resolve(
    target: &Target,
    storefront: StorefrontNo,
    context: &mut Context<'_, Message, Answer>,
) -> Result<Option<OfferingId>, Stop> {
    match target {
        Target::Id(id) => Ok(Some(*id)),
        Target::Reference(reference) => {
            let row = context.get::<Reference>(&key(storefront, reference))?;
            Ok(row.and_then(|row| ids(&row).next()).map(OfferingId))
        }
    }
}

/// Notes that `offering` got the reference `new` in place of `old`.
pub(crate) fn note(
    offering: OfferingId,
    storefront: StorefrontNo,
    old: Option<&Text>,
    new: Option<&Text>,
    context: &mut Context<'_, Message, Answer>,
) -> Result<(), Stop> {
    if old == new {
        return Ok(());
    }
    if let Some(old) = old {
        let key = key(storefront, old);
        let left: Vec<String> = match context.get::<Reference>(&key)? {
            Some(row) => ids(&row).filter(|id| *id != offering.0).map(|id| id.to_string()).collect(),
            None => Vec::new(),
        };
        if left.is_empty() {
            context.delete::<Reference>(&key);
        } else {
            context.put(Reference { reference: key, offerings: left.join(",").into() });
        }
    }
    if let Some(new) = new {
        let key = key(storefront, new);
        let before = context.get::<Reference>(&key)?.map(|row| format!("{},", row.offerings)).unwrap_or_default();
        context.put(Reference { reference: key, offerings: format!("{before}{}", offering.0).into() });
    }
    Ok(())
}
