//! Which events a listener wants.

use std::collections::HashMap;

use contracts::display::{StorefrontNames, order_of, storefront_of};
use contracts::queries::OrderView;
use contracts::{Kind, Message, Numbered, OfferingId, OrderId, Recorded, StorefrontNo, Text};
use edge::query::{Query, wrong};
use edge::{Problem, Wrongs, ids};

use crate::shapes;

/// Of so many orders it is remembered whether they are wanted.
const REMEMBERED: usize = 65_536;

/// What was asked for. Everything that is named must hold.
#[derive(Debug, Default)]
pub struct EventFilter {
    storefront: Option<StorefrontNo>,
    order: Option<OrderId>,
    /// A bit for each kind of message; none if all are wanted.
    kinds: u128,
    customer: Option<OrderCriterion<Text>>,
    offering: Option<OrderCriterion<OfferingId>>,
}

/// Who an order is by, or what it is for: not every event about it says so.
#[derive(Debug)]
struct OrderCriterion<T> {
    value: T,
    /// Orders of which it is known whether they are.
    known: HashMap<OrderId, bool>,
}

impl<T: PartialEq> OrderCriterion<T> {
    fn new(value: T) -> Self {
        Self { value, known: HashMap::new() }
    }

    fn learn(&mut self, order: Option<OrderId>, value: Option<&T>) {
        if let (Some(order), Some(value)) = (order, value) {
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            self.known.insert(order, *value == self.value);
        }
    }

    /// Whether an event about `order` that says `value` of it is wanted; `None` if that is not known.
    fn takes(&self, order: Option<OrderId>, value: Option<&T>) -> Option<bool> {
        match (value, order) {
            (Some(value), _) => Some(*value == self.value),
            (None, Some(order)) => self.known.get(&order).copied(),
            (None, None) => Some(false),
        }
    }
}

impl EventFilter {
    /// What the query of a request asks for.
    ///
    /// # Errors
    /// Which part of it is wrong, and why.
    pub fn of(query: &Query<'_>, names: &StorefrontNames) -> Result<Self, Problem> {
        let mut wrongs = Wrongs::default();
        let storefront = query.text("storefront").and_then(|name| {
            let unknown = || wrong("storefront", format!("there is no such storefront; there are {}", names.all()));
            wrongs.take(names.number(name).ok_or_else(unknown))
        });
        let customer = query.text("customer").and_then(|name| wrongs.take(shapes::customer(name)));
        // Where the storefront is wrong, it is named.
        let is_named = query.text("storefront").is_some();
        let offering = wrongs.take(within(query, "offering", storefront, is_named)).flatten();
        let order = wrongs.take(within(query, "order", storefront, is_named)).flatten();
        let kinds = query.text("kinds").and_then(|text| wrongs.take(kinds(text)));
        wrongs.end()?;
        Ok(Self {
            storefront,
            order: order.map(|(storefront, number)| OrderId::of(storefront, number)),
            kinds: kinds.unwrap_or(0),
            customer: customer.map(|name| OrderCriterion::new(name.as_str().into())),
            offering: offering.map(|(storefront, number)| OrderCriterion::new(OfferingId::of(storefront, number))),
        })
    }

    /// Whether `event` may be wanted, as far as storefront, order and kind go.
    fn may_take(&self, event: &Recorded) -> bool {
        let kind = 1 << (event.message.kind() as u8);
        (self.kinds == 0 || self.kinds & kind != 0)
            && self.order.is_none_or(|order| order_of(event.subject) == Some(order))
            && self.storefront.is_none_or(|storefront| storefront_of(event.subject) == Some(storefront))
    }

    /// Whether `event` is wanted; `None` if that depends on its order, of which nothing is known.
    pub fn takes(&self, event: &Recorded) -> Option<bool> {
        if !self.may_take(event) {
            return Some(false);
        }
        let (order, message) = (order_of(event.subject), &event.message);
        let by = self.customer.as_ref().map_or(Some(true), |criterion| criterion.takes(order, customer(message)));
        let of =
            self.offering.as_ref().map_or(Some(true), |criterion| criterion.takes(order, offering(message).as_ref()));
        match (by, of) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// Remembers what `event` says of its order.
    pub fn learn(&mut self, event: &Recorded) {
        let order = order_of(event.subject);
        if let Some(criterion) = &mut self.customer {
            criterion.learn(order, customer(&event.message));
        }
        if let Some(criterion) = &mut self.offering {
            criterion.learn(order, offering(&event.message).as_ref());
        }
    }

    /// Remembers what is so of an order.
    pub fn learn_order(&mut self, order: &OrderView) {
        if let Some(criterion) = &mut self.customer {
            criterion.learn(Some(order.order), Some(&order.now.customer));
        }
        if let Some(criterion) = &mut self.offering {
            criterion.learn(Some(order.order), order.now.offering.as_ref());
        }
    }
}

/// The id that the parameter `name` says, of something in `storefront`.
fn within(
    query: &Query<'_>,
    name: &str,
    storefront: Option<StorefrontNo>,
    is_named: bool,
) -> Result<Option<(StorefrontNo, u64)>, Problem> {
    let Some(text) = query.text(name) else { return Ok(None) };
    let number = ids::number(text).ok_or_else(|| wrong(name, format!("nothing can have the id {text:?}")))?;
    match storefront {
        Some(storefront) => Ok(Some((storefront, number))),
        None if is_named => Ok(None),
        None => Err(wrong(name, "say in which storefront, too")),
    }
}

fn kinds(text: &str) -> Result<u128, Problem> {
    text.split(',').try_fold(0, |kinds, name| {
        let known = Kind::NAMES.iter().find(|(known, kind)| *known == name && kind.is_event());
        let (_, kind) = known.ok_or_else(|| wrong("kinds", format!("there is no event {name:?}")))?;
        Ok(kinds | 1 << (*kind as u8))
    })
}

/// The customer whom an event names.
fn customer(message: &Message) -> Option<&Text> {
    match message {
        Message::OrderPlaced(event) => Some(&event.customer),
        Message::OrderHeld(event) => Some(&event.customer),
        Message::OrderConfirmed(event) => Some(&event.customer),
        Message::OrderRejected(event) => Some(&event.customer),
        Message::OrderCancelled(event) => Some(&event.customer),
        Message::PointsEarned(event) => Some(&event.customer),
        Message::PointsRevoked(event) => Some(&event.customer),
        Message::BalanceSet(event) => Some(&event.customer),
        Message::NotificationSent(event) => Some(&event.customer),
        Message::NotificationFailed(event) => Some(&event.customer),
        _ => None,
    }
}

/// The offering that an event names.
fn offering(message: &Message) -> Option<OfferingId> {
    match message {
        Message::OfferingRegistered(event) => Some(event.offering),
        Message::OfferingChanged(event) => Some(event.offering),
        Message::OfferingWithdrawn(event) => Some(event.offering),
        Message::OfferingReopened(event) => Some(event.offering),
        Message::StockAdded(event) => Some(event.offering),
        Message::SeatChanged(event) => Some(event.offering),
        Message::StockHeld(event) => Some(event.offering),
        Message::StockRefused(event) => event.offering,
        Message::StockSold(event) => Some(event.offering),
        Message::StockTakenBack(event) => Some(event.offering),
        Message::StockReleased(event) => event.offering,
        Message::OrderHeld(event) => Some(event.offering),
        Message::OrderConfirmed(event) => Some(event.offering),
        Message::OrderRejected(event) => event.offering,
        Message::OrderCancelled(event) => event.offering,
        Message::PaymentTaken(event) => Some(event.offering),
        Message::PaymentRefunded(event) => event.offering,
        _ => None,
    }
}
