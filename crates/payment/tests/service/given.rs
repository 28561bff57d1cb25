//! A payment service on an engine of its own, and the messages that tests hand to it.

use contracts::commands::{GiveUpPayment, ProviderOutcome, RecordOutcome, RefundPayment, TakePayment};
use contracts::events::PaymentChanged;
use contracts::{Answer, Message, Money, Numbered, OfferingId, OrderId, StorefrontNo};
use engine::{Command, Core};
use payment::{MIGRATIONS, Payment, PaymentService};
use store::Incarnation;
use store::sqlite::SqliteStore;
use tempfile::TempDir;

pub const STOREFRONT: StorefrontNo = StorefrontNo(4);
pub const PRICE: Money = Money { amount: 30_000, currency: contracts::Currency::Krw };

/// The engine's tables and the service's.
pub fn open_store(dir: &TempDir) -> SqliteStore {
    let migrations: Vec<_> = engine::MIGRATIONS.into_iter().chain(MIGRATIONS.iter().copied()).collect();
    SqliteStore::open(dir.path(), &migrations).unwrap()
}

pub fn order(number: u64) -> OrderId {
    OrderId::of(STOREFRONT, number)
}

pub fn take(order: OrderId) -> Message {
    let offering = OfferingId::of(STOREFRONT, 1);
    TakePayment {
        order,
        customer: "7".into(),
        amount: PRICE,
        card: Some("visa".into()),
        offering,
        product: "1".into(),
        provider_key: None,
        asked_before: false,
        asked_in: None,
    }
    .into()
}

/// Whose payments they are.
pub const STORE: &str = "a-store";
/// In which life of the store they are asked for.
pub const LIFE: Incarnation = Incarnation(0xa11e);

/// The key by which the provider knows the charge of `order`.
pub fn key(order: OrderId) -> String {
    format!("{STORE}.000000000000a11e.order-{}", order.0)
}

/// `message` as an effect: with the life in which it was first asked for.
pub fn effect(message: Message) -> Message {
    match message {
        Message::TakePayment(take) => TakePayment { asked_in: Some(LIFE.0), ..take }.into(),
        Message::RefundPayment(refund) => RefundPayment { asked_in: Some(LIFE.0), ..refund }.into(),
        other => other,
    }
}

pub fn refund(order: OrderId) -> Message {
    RefundPayment { order, provider_key: None, asked_in: None }.into()
}

pub fn outcome(order: OrderId, outcome: ProviderOutcome) -> Message {
    RecordOutcome { order, outcome }.into()
}

pub fn approved(order: OrderId) -> Message {
    outcome(order, ProviderOutcome::Approved("ch_1".into()))
}

pub fn charge_refused(order: OrderId) -> Message {
    outcome(order, ProviderOutcome::ChargeRefused(WHY.into()))
}

pub fn refund_refused(order: OrderId) -> Message {
    outcome(order, ProviderOutcome::RefundRefused(WHY.into()))
}

pub fn give_up(order: OrderId) -> Message {
    GiveUpPayment { order }.into()
}

/// What is said of a change that has no event of its own.
pub fn changed(order: OrderId) -> Message {
    PaymentChanged { order, now: None }.into()
}

pub fn declined(order: OrderId, reason: &str) -> Message {
    outcome(order, ProviderOutcome::Declined(reason.into()))
}

/// Why a provider refuses a call.
pub const WHY: &str = "refused by the provider: this key came before with another body";

/// What came of one message.
#[derive(Debug, PartialEq)]
pub struct Came {
    /// What the service said.
    pub outbox: Vec<Message>,
    /// The effects it intends, or `None` for one that is settled.
    pub intents: Vec<Option<Message>>,
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
        let core = Core::open(vec![Box::new(PaymentService::new(LIFE))], Box::new(reader), 0, 0).unwrap();
        Self { core, now: 1_000, _dir: dir }
    }

    /// Has `message` handled in a batch of its own.
    pub fn hear(&mut self, message: Message) -> Came {
        self.try_hear(message).unwrap()
    }

    pub fn try_hear(&mut self, message: Message) -> Result<Came, String> {
        self.now += 1;
        self.core.begin(self.now);
        self.core.command(Command { message, correlation: 1, cause: 0, key: None })?;
        let batch = self.core.finish();
        let outbox = batch.messages.into_iter().skip(1).map(|envelope| bare(envelope.message)).collect();
        let effect = |intent: engine::Intent| minicbor::decode(&intent.effect).unwrap();
        let intents = batch.intents.into_iter().map(|(_, intent)| intent.map(effect)).collect();
        Ok(Came { outbox, intents })
    }

    /// Has all of `messages` handled, and gives what came of the last.
    pub fn hear_all(&mut self, messages: impl IntoIterator<Item = Message>) -> Came {
        messages.into_iter().map(|message| self.hear(message)).last().unwrap()
    }

    /// Has `message` handled again: that must change nothing and intend nothing. Gives what is said then.
    pub fn hear_again(&mut self, message: Message, order: OrderId) -> Vec<Message> {
        let before = self.payment(order);
        let came = self.hear(message);
        assert_eq!(self.payment(order), before);
        assert_eq!(came.intents, []);
        came.outbox
    }

    pub fn payment(&mut self, order: OrderId) -> Option<Payment> {
        self.core.view().get::<Payment>(&order).flatten()
    }
}
