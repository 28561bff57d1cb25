//! Which shards there are, and for which of them a message is. Nothing but the message decides that (ADR 0026).

use std::num::NonZeroU32;

use contracts::{Message, Numbered, ServiceName, Shard, ShardKey, Slots, StorefrontNo, Subject, Text};

use crate::core_shop::{recipes, services};

/// A shard: some services of a part of the storefronts, or of the customers.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// The services.
    pub services: Vec<ServiceName>,
    /// Which part, counted from 0.
    number: u32,
}

/// All shards of a shop.
#[derive(Debug)]
pub(super) struct Layout {
    pub shards: Vec<Part>,
    parts: NonZeroU32,
    /// By the number of a service, and the kind of an event: whether the service listens to it.
    listens: Vec<Vec<bool>>,
}

impl Layout {
    /// As many shards for each of the groups as there are parts.
    pub(super) fn new(groups: &[&[ServiceName]], parts: NonZeroU32) -> Self {
        let of = |group: &&[ServiceName]| {
            let services = group.to_vec();
            (0..parts.get()).map(move |number| Part { services: services.clone(), number })
        };
        let mut listens = vec![vec![false; 256]; ServiceName::ALL.len()];
        for service in services(&recipes()) {
            for kind in service.listens() {
                listens[usize::from(service.number())][usize::from(*kind)] = true;
            }
        }
        Self { shards: groups.iter().flat_map(of).collect(), parts, listens }
    }

    /// The shard that a command from outside is for.
    pub(super) fn handles(&self, command: &Message) -> usize {
        let found = (0..self.shards.len()).find(|shard| self.is_for(*shard, command));
        found.expect("every command is for a shard")
    }

    /// The shard on which `service` has what belongs to `storefront`.
    pub(super) fn of_storefront(&self, service: ServiceName, storefront: StorefrontNo) -> usize {
        let number = storefront.0 % self.parts;
        let found = self.shards.iter().position(|shard| shard.services.contains(&service) && shard.number == number);
        found.expect("every service has a shard for each storefront")
    }

    /// Whether `message` is for `shard`: a command for a service there, or an event that one there listens to. One that does not tell where
    /// it belongs is for all shards of the service, which know whether it is theirs.
    pub(super) fn is_for(&self, shard: usize, message: &Message) -> bool {
        let Part { services, number } = &self.shards[shard];
        let concerns = |service: &ServiceName| match message.to() {
            Some(to) => to == *service,
            None => self.listens[*service as usize][message.kind() as usize],
        };
        services
            .iter()
            .any(|service| concerns(service) && self.part(*service, message).is_none_or(|part| part == *number))
    }

    fn part(&self, service: ServiceName, message: &Message) -> Option<u32> {
        if service.is_by_customer() {
            let key = ShardKey::Customer(customer(message)?);
            return match key.among(Slots::new(self.parts, 0)) {
                Shard::Customers { slot } => Some(slot),
                Shard::Storefront { .. } => None,
            };
        }
        storefront(message).map(|storefront| storefront.0 % self.parts)
    }
}

fn storefront(message: &Message) -> Option<StorefrontNo> {
    match (message.shard_key(), message.subject()) {
        (Some(ShardKey::Number(storefront, _) | ShardKey::Storefront(storefront)), _) => Some(storefront),
        (_, Some(Subject::Order(order))) => Some(order.storefront()),
        _ => None,
    }
}

fn customer(message: &Message) -> Option<&Text> {
    use Message::*;
    let now = match message {
        OrderPlaced(m) => return Some(&m.customer),
        OrderHeld(m) => &m.now,
        OrderChanged(m) => &m.now,
        OrderConfirmed(m) => &m.now,
        OrderRejected(m) => &m.now,
        OrderCancelling(m) => &m.now,
        OrderCancelRefused(m) => &m.now,
        OrderCancelled(m) => &m.now,
        OrderParked(m) => &m.now,
        _ => match message.shard_key() {
            Some(ShardKey::Customer(customer)) => return Some(customer),
            _ => return None,
        },
    };
    now.as_ref().map(|now| &now.customer)
}
