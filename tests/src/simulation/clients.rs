//! Those who ask. Each request has a key, and is asked again with it where its answer got lost, whoever owns the shard by then.

use std::collections::BTreeMap;

use contracts::{Answer, Message, OrderId};
use engine::{Command, Core, IdempotencyKey};

use super::guards::Guard;

/// A request, by the number of all that were made.
#[derive(Debug, Clone)]
pub(super) struct Request {
    number: u64,
    pub message: Message,
}

/// What they asked for, and were answered.
#[derive(Debug, Default)]
pub(super) struct Clients {
    count: u64,
    orders: BTreeMap<u64, OrderId>,
    /// Those who do not know what became of their request.
    again: Vec<Request>,
}

impl Clients {
    /// Somebody asks for something new.
    pub(super) fn ask(&mut self, message: Message) -> Request {
        self.count += 1;
        Request { number: self.count, message }
    }

    /// The answer to `request` got lost, or nobody gave one.
    pub(super) fn heard_nothing(&mut self, request: Request) {
        self.again.push(request);
    }

    /// Those who ask again now.
    pub(super) fn asking_again(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.again)
    }

    /// `request` was answered. Whatever it was answered before, it is the same order. Gives the order, if it is a new one.
    pub(super) fn heard(&mut self, request: &Request, answer: &Answer) -> Option<OrderId> {
        let Answer::Order(order) = answer else { return None };
        let known = self.orders.values().any(|known| known == order);
        let before = self.orders.insert(request.number, *order);
        assert!(before.is_none_or(|before| before == *order), "{request:?} was answered {before:?}, and now {order:?}");
        (!known).then_some(*order)
    }
}

impl Request {
    /// Hands it to an engine.
    pub(super) fn hand(self, core: &mut Core<Message, Answer>, without: Option<Guard>) -> Option<Answer> {
        let Self { number, message } = self;
        let key = (without != Some(Guard::Keys)).then(|| IdempotencyKey::new(format!("{number}"), 1));
        core.command(Command { message, correlation: number, cause: 0, key }).ok()
    }
}
