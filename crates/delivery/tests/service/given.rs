//! A delivery service on an engine of its own, and the messages that tests hand to it.

use contracts::commands::{CancelDelivery, CompleteDelivery, DispatchDelivery, StartDelivery};
use contracts::{Answer, Message, Numbered, OfferingId, OrderId, StorefrontNo};
use delivery::{Delivery, DeliveryService, MIGRATIONS};
use engine::{Command, Core};
use store::sqlite::SqliteStore;
use tempfile::TempDir;

pub const STOREFRONT: StorefrontNo = StorefrontNo(5);

/// The engine's tables and the service's.
pub fn open_store(dir: &TempDir) -> SqliteStore {
    let migrations: Vec<_> = engine::MIGRATIONS.into_iter().chain(MIGRATIONS.iter().copied()).collect();
    SqliteStore::open(dir.path(), &migrations).unwrap()
}

pub fn order(number: u64) -> OrderId {
    OrderId::of(STOREFRONT, number)
}

pub fn start(order: OrderId) -> Message {
    let offering = OfferingId::of(STOREFRONT, 1);
    StartDelivery { order, customer: "7".into(), offering, quantity: 2, product: "A-100".into() }.into()
}

pub fn dispatch(order: OrderId) -> Message {
    DispatchDelivery { order }.into()
}

pub fn complete(order: OrderId) -> Message {
    CompleteDelivery { order }.into()
}

pub fn cancel(order: OrderId) -> Message {
    CancelDelivery { order }.into()
}

/// `message` without how things are then, which follows from the row.
fn bare(message: Message) -> Message {
    let mut form = serde_json::to_value(message).unwrap();
    form["data"].as_object_mut().unwrap().remove("now");
    serde_json::from_value(form).unwrap()
}

/// The service, at a moment that each message moves on by one millisecond.
pub struct Service {
    core: Core<Message, Answer>,
    pub now: u64,
    _dir: TempDir,
}

impl Service {
    pub fn open() -> Self {
        let dir = TempDir::new().unwrap();
        let reader = open_store(&dir).reader().unwrap();
        let core = Core::open(vec![Box::new(DeliveryService::new())], Box::new(reader), 0, 0).unwrap();
        Self { core, now: 1_000, _dir: dir }
    }

    /// Has `message` handled in a batch of its own; gives its answer and what was said.
    pub fn hear(&mut self, message: Message) -> (Answer, Vec<Message>) {
        self.now += 1;
        self.core.begin(self.now);
        let answer = self.core.command(Command { message, correlation: 1, cause: 0, key: None }).unwrap();
        let outbox = self.core.finish().messages.into_iter().skip(1).map(|envelope| bare(envelope.message)).collect();
        (answer, outbox)
    }

    /// Has all of `messages` handled, and gives what was said upon the last.
    pub fn hear_all(&mut self, messages: impl IntoIterator<Item = Message>) -> Vec<Message> {
        messages.into_iter().map(|message| self.hear(message).1).last().unwrap()
    }

    /// Has `message` handled again: that must change nothing. Gives what is said then.
    pub fn hear_again(&mut self, message: Message, order: OrderId) -> Vec<Message> {
        let before = self.delivery(order);
        let (_, outbox) = self.hear(message);
        assert_eq!(self.delivery(order), before);
        outbox
    }

    pub fn delivery(&mut self, order: OrderId) -> Option<Delivery> {
        self.core.view().get::<Delivery>(&order).flatten()
    }
}
