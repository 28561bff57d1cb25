//! What is on sale, by storefront and number, and how much of it is left.

use contracts::display::{StorefrontNames, moment};
use contracts::queries::{Catalogue, OfferingFilter, OfferingView, OneOffering};
use contracts::{Numbered, OfferingId, StorefrontNo};
use serde_json::{Value, json};

use super::{LIMIT, LIMIT_MAX, Reader, storefronts_of};
use crate::OperatorError;
use crate::request::Filters;

impl Reader<'_> {
    /// In the order of their numbers; those withdrawn only if asked for.
    pub(super) async fn offerings(self, filters: &mut Filters<'_>) -> Result<Value, OperatorError> {
        let limit = filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT);
        let after = match filters.text("after") {
            None => OfferingId(0),
            Some(place) => cursor(&place)?,
        };
        let withdrawn = filters.yes("withdrawn")?;
        let storefronts = storefronts_of(self.names, filters)?;
        let only = OfferingFilter {
            on_sale: filters.truth("on_sale")?.map(|yes| (self.now_ms, yes)),
            min_left: filters.count("min_left")?,
            max_left: filters.count("max_left")?,
            min_price: filters.count("min_price")?,
            max_price: filters.count("max_price")?,
        };
        let mut found = self.backend.ask(Catalogue { storefronts, withdrawn, after, limit: limit + 1, only }).await?;
        let more = found.len() as u64 > limit;
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = found.last().filter(|_| more).map(|last| last.offering);
        let next = last.map(|last| format!("{}.{}", last.storefront().0, last.number()));
        let items: Vec<Value> = found.iter().map(|found| offering(found, self.names)).collect();
        Ok(json!({ "items": items, "next": next }))
    }

    pub(super) async fn one_offering(self, id: OfferingId) -> Result<Value, OperatorError> {
        let found = self.backend.ask(OneOffering { id }).await?;
        found.map(|found| offering(&found, self.names)).ok_or_else(|| {
            let name = self.names.name(id.storefront());
            OperatorError::not_found(format!("there is no offering {name}/{}", id.number()))
        })
    }
}

fn cursor(text: &str) -> Result<OfferingId, OperatorError> {
    let place = text.split_once('.').and_then(|(storefront, number)| {
        let number = number.parse().ok().filter(|number| *number <= contracts::NUMBER_MAX)?;
        Some(OfferingId::of(StorefrontNo(storefront.parse().ok()?), number))
    });
    place.ok_or_else(|| OperatorError::filter("after", "after is what the list before said as next"))
}

/// An offering as an operator sees it.
pub fn offering(of: &OfferingView, names: &StorefrontNames) -> Value {
    let (now, says) = (&of.now, of.details.as_deref().cloned().unwrap_or_default());
    json!({
        "storefront": names.name(of.offering.storefront()),
        "offering": of.offering.number(),
        "reference": now.reference.as_deref(),
        "name": now.name.as_deref(),
        "price": now.price,
        "stock": { "capacity": now.capacity, "left": of.left(), "held": now.held, "sold": now.sold },
        "seated": now.seated,
        "withdrawn": now.withdrawn,
        "on_sale_from": now.on_sale_from.map(moment),
        "on_sale_until": now.on_sale_until.map(moment),
        "limit_per_customer": now.limit_per_customer,
        "starts_at": says.starts_at.map(moment),
        "ends_at": says.ends_at.map(moment),
        "venue": says.venue.as_deref(),
        "description": says.description.as_deref(),
        "image": says.image.as_deref(),
        "extra": says.extra(),
        "registered_at": moment(of.registered_at),
        "version": now.version,
    })
}
