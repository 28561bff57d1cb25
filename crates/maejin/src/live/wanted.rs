//! Which events a listener wants.

use std::collections::HashMap;

use contracts::{Kind, Message, NUMBER_MAX, Numbered, OfferingId, OrderId, StorefrontNo, Text};
use engine::Envelope;
use order::Order;

use super::problem::Problem;
use crate::written::{StorefrontNames, order_of, storefront_of};

/// Of so many orders it is remembered whether they are wanted.
const REMEMBERED: usize = 65_536;

/// What was asked for. Everything that is named must hold.
#[derive(Debug, Default)]
pub struct Wanted {
    storefront: Option<StorefrontNo>,
    order: Option<OrderId>,
    /// A bit for each kind of message; none if all are wanted.
    kinds: u128,
    customer: Option<Asked<Text>>,
    offering: Option<Asked<OfferingId>>,
    /// From where on, unless the request says so itself.
    pub after: Option<String>,
}

/// Who an order is by, or what it is for: not every event about it says so.
#[derive(Debug)]
struct Asked<T> {
    value: T,
    /// Orders of which it is known whether they are.
    known: HashMap<OrderId, bool>,
}

impl<T: PartialEq> Asked<T> {
    fn new(value: T) -> Self {
        Self { value, known: HashMap::new() }
    }

    fn learn(&mut self, order: Option<OrderId>, said: Option<&T>) {
        if let (Some(order), Some(said)) = (order, said) {
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            self.known.insert(order, *said == self.value);
        }
    }

    /// Whether an event about `order` that says `said` of it is wanted; `None` if that is not known.
    fn takes(&self, order: Option<OrderId>, said: Option<&T>) -> Option<bool> {
        match (said, order) {
            (Some(said), _) => Some(*said == self.value),
            (None, Some(order)) => self.known.get(&order).copied(),
            (None, None) => Some(false),
        }
    }
}

impl Wanted {
    /// What the query of a request asks for.
    ///
    /// # Errors
    /// Which part of it is wrong, and why.
    pub fn of(query: &[(String, String)], names: &StorefrontNames) -> Result<Self, Problem> {
        let mut wanted = Self::default();
        let (mut order, mut offering) = (None, None);
        for (at, (name, value)) in query.iter().enumerate() {
            if query[..at].iter().any(|(before, _)| before == name) {
                return Err(Problem::Field("query", format!("{name} is said twice")));
            }
            match name.as_str() {
                "storefront" => {
                    let found = names.number(value);
                    let unknown = || format!("there is no storefront {value}; there are {}", names.all());
                    wanted.storefront = Some(found.ok_or_else(|| Problem::Field("storefront", unknown()))?);
                }
                "order" => order = Some(number("order", value)?),
                "offering" => offering = Some(number("offering", value)?),
                "customer" if value.is_empty() => {
                    return Err(Problem::Field("customer", "it is empty".to_owned()));
                }
                "customer" => wanted.customer = Some(Asked::new(value.as_str().into())),
                "kinds" => wanted.kinds = kinds(value)?,
                "after" => wanted.after = Some(value.clone()),
                _ => return Err(Problem::Field("query", format!("{name} is not known here"))),
            }
        }
        let within = |field, number: Option<u64>| match (number, wanted.storefront) {
            (Some(_), None) => Err(Problem::Field(field, "say in which storefront, too".to_owned())),
            (Some(number), Some(storefront)) => Ok(Some((storefront, number))),
            (None, _) => Ok(None),
        };
        wanted.order = within("order", order)?.map(|(storefront, number)| OrderId::of(storefront, number));
        let offering = within("offering", offering)?;
        wanted.offering = offering.map(|(storefront, number)| Asked::new(OfferingId::of(storefront, number)));
        Ok(wanted)
    }

    /// Whether `envelope` may be wanted, as far as storefront, order and kind go.
    fn may_take(&self, envelope: &Envelope<Message>) -> bool {
        let kind = 1 << (envelope.message.kind() as u8);
        (self.kinds == 0 || self.kinds & kind != 0)
            && self.order.is_none_or(|order| order_of(envelope.subject) == Some(order))
            && self.storefront.is_none_or(|storefront| storefront_of(envelope.subject) == Some(storefront))
    }

    /// Whether `envelope` is wanted; `None` if that depends on its order, of which nothing is known.
    pub fn takes(&self, envelope: &Envelope<Message>) -> Option<bool> {
        if !self.may_take(envelope) {
            return Some(false);
        }
        let (order, message) = (order_of(envelope.subject), &envelope.message);
        let by = self.customer.as_ref().map_or(Some(true), |asked| asked.takes(order, customer(message)));
        let of = self.offering.as_ref().map_or(Some(true), |asked| asked.takes(order, offering(message).as_ref()));
        match (by, of) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// Remembers what `envelope` says of its order.
    pub fn learn(&mut self, envelope: &Envelope<Message>) {
        let order = order_of(envelope.subject);
        if let Some(asked) = &mut self.customer {
            asked.learn(order, customer(&envelope.message));
        }
        if let Some(asked) = &mut self.offering {
            asked.learn(order, offering(&envelope.message).as_ref());
        }
    }

    /// Remembers what the row of an order says of it.
    pub fn learn_row(&mut self, order: &Order) {
        if let Some(asked) = &mut self.customer {
            asked.learn(Some(order.id), Some(&order.customer));
        }
        if let Some(asked) = &mut self.offering {
            asked.learn(Some(order.id), order.offering.as_ref());
        }
    }
}

fn number(field: &'static str, text: &str) -> Result<u64, Problem> {
    let number = text.parse().ok().filter(|number| (1..=NUMBER_MAX).contains(number));
    number.ok_or_else(|| Problem::Field(field, format!("{text} is no id")))
}

fn kinds(text: &str) -> Result<u128, Problem> {
    text.split(',').try_fold(0, |kinds, name| {
        let known = Kind::NAMES.iter().find(|(known, kind)| *known == name && kind.is_event());
        let (_, kind) = known.ok_or_else(|| Problem::Field("kinds", format!("there is no event {name}")))?;
        Ok(kinds | 1 << (*kind as u8))
    })
}

/// The customer whom an event names.
fn customer(message: &Message) -> Option<&Text> {
    match message {
        Message::OrderPlaced(said) => Some(&said.customer),
        Message::OrderHeld(said) => Some(&said.customer),
        Message::OrderConfirmed(said) => Some(&said.customer),
        Message::OrderRejected(said) => Some(&said.customer),
        Message::OrderCancelled(said) => Some(&said.customer),
        Message::PointsEarned(said) => Some(&said.customer),
        Message::PointsRevoked(said) => Some(&said.customer),
        Message::BalanceSet(said) => Some(&said.customer),
        Message::NotificationSent(said) => Some(&said.customer),
        Message::NotificationFailed(said) => Some(&said.customer),
        _ => None,
    }
}

/// The offering that an event names.
fn offering(message: &Message) -> Option<OfferingId> {
    match message {
        Message::OfferingRegistered(said) => Some(said.offering),
        Message::OfferingChanged(said) => Some(said.offering),
        Message::OfferingWithdrawn(said) => Some(said.offering),
        Message::StockAdded(said) => Some(said.offering),
        Message::SeatChanged(said) => Some(said.offering),
        Message::StockHeld(said) => Some(said.offering),
        Message::StockRefused(said) => said.offering,
        Message::StockSold(said) => Some(said.offering),
        Message::StockTakenBack(said) => Some(said.offering),
        Message::StockReleased(said) => said.offering,
        Message::OrderHeld(said) => Some(said.offering),
        Message::OrderConfirmed(said) => Some(said.offering),
        Message::OrderRejected(said) => said.offering,
        Message::OrderCancelled(said) => said.offering,
        Message::PaymentTaken(said) => Some(said.offering),
        Message::PaymentRefunded(said) => said.offering,
        _ => None,
    }
}
