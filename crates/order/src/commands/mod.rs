//! What an order can be asked, a file for each command.

pub(crate) mod cancel_order;
pub(crate) mod fill_in_order;
pub(crate) mod give_up_order;
pub(crate) mod place_order;

use contracts::commands::Target;
use contracts::{Numbered, OfferingId};

use crate::order::Order;

/// How an offering that was named by its id stands in an order: by its number.
pub(crate) fn wanted(target: &Target) -> contracts::Text {
    match target {
        Target::Id(id) => id.number().to_string().into(),
        Target::Reference(reference) => by_reference(reference),
    }
}

/// How an offering stands in an order that has a reference, whatever the client named it by.
pub(crate) fn by_reference(reference: &contracts::Text) -> contracts::Text {
    format!("{REFERENCE}{reference}").into()
}

/// Marks an offering that was named by the seller's reference, so that it is not taken for a number.
pub(crate) const REFERENCE: char = '#';

/// The offering that an order names.
pub(crate) fn target(order: &Order) -> Target {
    match order.wanted.strip_prefix(REFERENCE) {
        Some(reference) => Target::Reference(reference.into()),
        None => Target::Id(OfferingId::of(order.storefront, order.wanted.parse().unwrap_or(0))),
    }
}

impl Order {
    /// The offering as the client named it: its number, or the seller's reference.
    pub fn wanted_as_named(&self) -> &str {
        self.wanted.strip_prefix(REFERENCE).unwrap_or(&self.wanted)
    }
}
