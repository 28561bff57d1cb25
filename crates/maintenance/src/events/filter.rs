//! Which messages are wanted.

use contracts::{Message, NUMBER_MAX, Numbered, OrderId, StorefrontNo};
use engine::Envelope;

use super::Request;
use contracts::display::{StorefrontNames, order_of, storefront_of};

/// Takes the messages of one storefront, or of one order, or all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    storefront: Option<StorefrontNo>,
    order: Option<OrderId>,
}

impl Filter {
    /// What `events` asks for.
    ///
    /// # Errors
    /// If there is no such storefront, or no order can have such a number.
    pub fn of(events: &Request, names: &StorefrontNames) -> Result<Self, String> {
        let Some(name) = &events.storefront else { return Ok(Self { storefront: None, order: None }) };
        let storefront =
            names.number(name).ok_or_else(|| format!("there is no storefront {name}; there are {}", names.all()))?;
        if events.order.is_some_and(|number| !(1..=NUMBER_MAX).contains(&number)) {
            return Err(format!("the number of an order is between 1 and {NUMBER_MAX}"));
        }
        let order = events.order.map(|number| OrderId::of(storefront, number));
        Ok(Self { storefront: Some(storefront), order })
    }

    /// The one order, if only that one is wanted.
    pub fn order(&self) -> Option<OrderId> {
        self.order
    }

    /// Whether `envelope` is wanted.
    pub fn takes(&self, envelope: &Envelope<Message>) -> bool {
        match (self.order, self.storefront) {
            (Some(order), _) => order_of(envelope.subject) == Some(order),
            (None, Some(storefront)) => storefront_of(envelope.subject) == Some(storefront),
            (None, None) => true,
        }
    }
}
