//! A notification service on an engine of its own, and the events that it hears from an order service that says what it is told to.

use std::sync::{Arc, Mutex};

use contracts::commands::{RecordDelivery, RetryOrder};
use contracts::events::{OrderCancelled, OrderConfirmed, OrderRejected};
use contracts::{
    Answer, Code, Message, Money, NoticeId, Numbered, OfferingId, OrderId, Recipe, Recipes, Refusals, ServiceName,
    Step, StorefrontNo, Text,
};
use engine::{Command, Context, Core, OpenCache, Service as _, Stop};
use notification::{Addresses, MIGRATIONS, Notice, NotificationService};
use store::sqlite::SqliteStore;
use tempfile::TempDir;

/// Notifies, and shows refusals in the order's row.
pub const MOVIE: StorefrontNo = StorefrontNo(3);
/// Notifies, and sells numbered seats.
pub const MUSICAL: StorefrontNo = StorefrontNo(2);
/// Notifies, and refuses the request itself.
pub const GALLERY: StorefrontNo = StorefrontNo(6);
/// Does not notify.
pub const SHOP: StorefrontNo = StorefrontNo(5);

pub fn recipes() -> Recipes {
    let recipe = |number, notify, seated, refusals| Recipe {
        name: format!("storefront-{number}"),
        number: StorefrontNo(number),
        title: String::new(),
        steps: vec![Step::Hold, Step::Sell],
        seated,
        points_percent: 0,
        notify,
        refusals,
        hold_s: 600,
        pay_s: 300,
        extra: Vec::new(),
    };
    let all = [
        recipe(MOVIE.0, true, false, Refusals::Row),
        recipe(MUSICAL.0, true, true, Refusals::Row),
        recipe(GALLERY.0, true, false, Refusals::Answer),
        recipe(SHOP.0, false, false, Refusals::Row),
    ];
    Arc::new(all.into_iter().map(|recipe| (recipe.number, recipe)).collect())
}

/// The engine's tables and the service's.
pub fn open_store(dir: &TempDir) -> SqliteStore {
    let migrations: Vec<_> = engine::MIGRATIONS.into_iter().chain(MIGRATIONS.iter().copied()).collect();
    SqliteStore::open(dir.path(), &migrations).unwrap()
}

pub fn order(storefront: StorefrontNo, number: u64) -> OrderId {
    OrderId::of(storefront, number)
}

pub fn confirmed(order: OrderId, customer: &str) -> Message {
    OrderConfirmed {
        order,
        customer: customer.into(),
        offering: OfferingId::of(order.storefront(), 1),
        name: Some("라라랜드".into()),
        quantity: 45,
        total: Money::krw(0),
        seats: contracts::Seats::default(),
        fields: Some(r#"{"userName":"김철수","date":null}"#.into()),
        points: 0,
        now: None,
    }
    .into()
}

pub fn rejected(order: OrderId, kept: bool) -> Message {
    OrderRejected {
        order,
        customer: "7".into(),
        offering: None,
        name: None,
        quantity: 57,
        code: Code::SoldOut,
        message: "only 55 are left".into(),
        fields: None,
        kept,
        seats: contracts::Seats::default(),
        now: None,
    }
    .into()
}

pub fn cancelled(order: OrderId) -> Message {
    OrderCancelled {
        order,
        customer: "7".into(),
        offering: Some(OfferingId::of(order.storefront(), 1)),
        name: Some("라라랜드".into()),
        quantity: 45,
        seats: contracts::Seats::default(),
        fields: Some("not JSON".into()),
        now: None,
    }
    .into()
}

pub fn delivered(notice: u64, failure: Option<&str>) -> Message {
    RecordDelivery { notice: NoticeId(notice), failure: failure.map(Text::from) }.into()
}

/// Says, upon any command to the order service, the event that it was given.
struct Orders(Arc<Mutex<Option<Message>>>);

impl engine::Service<Message, Answer> for Orders {
    fn number(&self) -> u8 {
        ServiceName::Order as u8
    }
    fn name(&self) -> &'static str {
        ServiceName::Order.as_str()
    }
    fn listens(&self) -> &'static [u8] {
        &[]
    }
    fn tables(&self) -> Vec<OpenCache> {
        Vec::new()
    }
    fn handle(&self, _: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        self.0.lock().unwrap().take().into_iter().for_each(|event| context.say(event));
        Ok(())
    }
}

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
    event: Arc<Mutex<Option<Message>>>,
    pub now: u64,
    _dir: TempDir,
}

impl Service {
    pub fn open(mail: Option<Addresses>) -> Self {
        let dir = TempDir::new().unwrap();
        let reader = open_store(&dir).reader().unwrap();
        let event = Arc::new(Mutex::new(None));
        let service = NotificationService::new(recipes(), mail);
        assert_eq!(service.number(), 5);
        let core = Core::open(vec![Box::new(Orders(event.clone())), Box::new(service)], Box::new(reader), 0, 0);
        Self { core: core.unwrap(), event, now: 1_000, _dir: dir }
    }

    /// Has `message`, a command to the service or an event from an order, handled in a batch of its own.
    pub fn hear(&mut self, message: Message) -> Came {
        let by_orders = message.to().is_none();
        let command = if by_orders {
            *self.event.lock().unwrap() = Some(message);
            RetryOrder { order: order(MOVIE, 1) }.into()
        } else {
            message
        };
        self.now += 1;
        self.core.begin(self.now);
        self.core.command(Command { message: command, correlation: 1, cause: 0, key: None }).unwrap();
        let batch = self.core.finish();
        let heard = if by_orders { 2 } else { 1 };
        let outbox = batch.messages.into_iter().skip(heard).map(|envelope| bare(envelope.message)).collect();
        let effect = |intent: engine::Intent| minicbor::decode(&intent.effect).unwrap();
        let intents = batch.intents.into_iter().map(|(_, intent)| intent.map(effect)).collect();
        Came { outbox, intents }
    }

    /// The notice that tells of `order` what the kind with this number tells.
    pub fn notice(&mut self, order: OrderId, kind: u64) -> Option<Notice> {
        self.core.view().get::<Notice>(&(order.0 * 4 + kind)).flatten()
    }
}

/// Whose mail it is.
pub fn store() -> store::Identity {
    store::Identity { store: "a-store".to_owned(), incarnation: store::Incarnation(7) }
}
