//! What is on sale, by storefront and number, and how much of it is left.

use contracts::{Numbered, OfferingId, StorefrontNo};
use serde_json::{Value, json};
use stock::Offering;
use store::{TableReader, select};

use super::{LIMIT, LIMIT_MAX, int, row, storefronts_of};
use crate::OperatorError;
use crate::request::Filters;
use contracts::display::{StorefrontNames, moment};

/// In the order of their numbers; those withdrawn only if asked for.
pub(super) fn list(
    reader: &mut dyn TableReader,
    names: &StorefrontNames,
    filters: &mut Filters<'_>,
) -> Result<Value, OperatorError> {
    let limit = filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT);
    let after = match filters.text("after") {
        None => OfferingId(0),
        Some(place) => cursor(&place)?,
    };
    let withdrawn = if filters.yes("withdrawn")? { "" } else { " AND withdrawn = 0" };
    let mut found = Vec::new();
    for storefront in storefronts_of(names, filters)? {
        let first = after.max(OfferingId::of(storefront, 0));
        let last = OfferingId::of(storefront, contracts::NUMBER_MAX);
        let room = (limit + 1).saturating_sub(found.len() as u64);
        let tail = format!("WHERE id > ?1 AND id <= ?2{withdrawn} ORDER BY id LIMIT ?3");
        found.extend(select::<Offering>(reader, &tail, &[int(first.0), int(last.0), int(room)])?);
    }
    let more = found.len() as u64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.storefront.0, last.id.number()));
    let items: Vec<Value> = found.iter().map(|row| offering(row, names)).collect();
    Ok(json!({ "items": items, "next": next }))
}

fn cursor(text: &str) -> Result<OfferingId, OperatorError> {
    let place = text.split_once('.').and_then(|(storefront, number)| {
        let number = number.parse().ok().filter(|number| *number <= contracts::NUMBER_MAX)?;
        Some(OfferingId::of(StorefrontNo(storefront.parse().ok()?), number))
    });
    place.ok_or_else(|| OperatorError::filter("after", "after is what the list before said as next"))
}

pub(super) fn one(
    reader: &mut dyn TableReader,
    names: &StorefrontNames,
    id: OfferingId,
) -> Result<Value, OperatorError> {
    let found = row::<Offering>(reader, id.0)?;
    found.map(|found| offering(&found, names)).ok_or_else(|| {
        OperatorError::not_found(format!("there is no offering {}/{}", names.name(id.storefront()), id.number()))
    })
}

/// An offering as an operator sees it.
pub fn offering(of: &Offering, names: &StorefrontNames) -> Value {
    json!({
        "storefront": names.name(of.storefront),
        "offering": of.id.number(),
        "reference": of.reference.as_deref(),
        "name": of.name.as_deref(),
        "price": of.price,
        "stock": { "capacity": of.capacity, "left": of.left(), "held": of.held, "sold": of.sold },
        "seated": of.seated,
        "withdrawn": of.withdrawn,
        "registered_at": moment(of.registered_at),
        "version": of.version,
    })
}
