//! A small shop for tests alone: all services on a store of its own, without threads and without a provider; every message a batch.
#![expect(clippy::unwrap_used, reason = "it is for tests alone, which end where something is missing")]

use contracts::commands::*;
use contracts::{Answer, Message, Money, Numbered, OfferingId, OrderId, Recipes, SeatId, Seats, StorefrontNo, Text};
use engine::{Command, Core};
use store::Journal;
use store::sqlite::{SqliteJournal, SqliteStore};
use tempfile::TempDir;

pub const SHOW: StorefrontNo = StorefrontNo(1);
pub const MUSICAL: StorefrontNo = StorefrontNo(2);
pub const MOVIE: StorefrontNo = StorefrontNo(3);
pub const COUPON: StorefrontNo = StorefrontNo(4);
pub const SHOP: StorefrontNo = StorefrontNo(5);

/// 2026-11-21T07:47:27Z.
const START: u64 = 1_795_247_247_000;

/// A shop whose services are called one message at a time, at a clock of its own.
pub struct Sample {
    core: Core<Message, Answer>,
    journal: SqliteJournal,
    now: u64,
    _store: SqliteStore,
}

/// The recipes of the storefronts that are part of the program.
pub fn shipped() -> Recipes {
    storefronts::recipes(&storefronts::shipped().unwrap())
}

impl Sample {
    pub fn open(dir: &TempDir) -> Self {
        let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
        let journal = store.journal().unwrap();
        let reader = Box::new(store.reader().unwrap());
        let core = Core::open(host::services(store.identity(), &shipped(), None), reader, 0, 0).unwrap();
        Self { core, journal, now: START, _store: store }
    }

    /// Has `message` handled, a second after the one before.
    pub fn tell(&mut self, message: impl Into<Message>) -> Answer {
        self.now += 1_000;
        self.core.begin(self.now);
        let command = Command { message: message.into(), correlation: self.now, cause: 0, key: None };
        let answer = self.core.command(command).unwrap();
        if let Some(record) = self.core.finish().record {
            self.journal.append(&record).unwrap();
        }
        answer
    }

    pub fn offering(&mut self, at: StorefrontNo, reference: Option<&str>, name: &str, price: i64, stock: u64) {
        self.registered(at, reference, name, price, stock, None);
    }

    pub fn registered(
        &mut self,
        at: StorefrontNo,
        reference: Option<&str>,
        name: &str,
        price: i64,
        stock: u64,
        fields: Option<&str>,
    ) {
        let (reference, fields) = (reference.map(Text::from), fields.map(Text::from));
        let (name, seated) = (Some(Text::from(name)), at == MUSICAL);
        let plain = RegisterOffering::of(at, Money::krw(price));
        self.tell(RegisterOffering { reference, name, stock, fields, seated, ..plain });
    }

    pub fn seat(&mut self, column: i64, price: i64) {
        let (offering, row) = (OfferingId::of(MUSICAL, 1), Some(Text::from("1")));
        let (price, grade) = (Money::krw(price), Some(Text::from("R")));
        let column = Some(column);
        let (storefront, number, withheld) = (MUSICAL, None, false);
        self.tell(RegisterSeat { storefront, number, offering, grade, row, column, price, withheld });
    }

    pub fn order(&mut self, at: StorefrontNo, target: Target, quantity: u32, seats: &[u64], customer: &str) -> Answer {
        self.ordered(at, target, quantity, seats, customer, None)
    }

    pub fn ordered(
        &mut self,
        at: StorefrontNo,
        target: Target,
        quantity: u32,
        seats: &[u64],
        customer: &str,
        fields: Option<&str>,
    ) -> Answer {
        let seats = Seats(seats.iter().map(|seat| SeatId::of(at, *seat)).collect());
        let (customer, fields) = (Text::from(customer), fields.map(Text::from));
        self.tell(PlaceOrder {
            storefront: at,
            number: None,
            target,
            quantity,
            seats,
            customer,
            expected_price: None,
            card: None,
            fields,
        })
    }

    /// The provider took the money of an order.
    pub fn approve(&mut self, at: StorefrontNo, number: u64) {
        let order = OrderId::of(at, number);
        self.tell(RecordOutcome { order, outcome: ProviderOutcome::Approved(format!("ch_{number}").into()) });
    }

    /// The provider said no.
    pub fn decline(&mut self, at: StorefrontNo, number: u64) {
        let order = OrderId::of(at, number);
        self.tell(RecordOutcome { order, outcome: ProviderOutcome::Declined("no funds".into()) });
    }

    /// Takes an order back; `refund` is what the provider gives back then.
    pub fn cancel(&mut self, at: StorefrontNo, number: u64, refund: Option<i64>) {
        let order = OrderId::of(at, number);
        self.tell(CancelOrder::of(order));
        if let Some(amount) = refund {
            self.tell(RecordOutcome { order, outcome: ProviderOutcome::Refunded(amount) });
        }
    }

    /// Every storefront's walk-through in small: sold, sold out, declined, cancelled, under way.
    pub fn walk_through(&mut self) {
        self.walk_show();
        self.walk_musical();
        self.walk_movie();
        self.walk_coupon();
        self.walk_shop();
    }

    pub fn walk_show(&mut self) {
        self.offering(SHOW, Some("1"), "지킬앤하이드", 150_000, 10);
        self.tell(OpenAccount { customer: "1".into(), balance: 0 });
        self.tell(OpenAccount { customer: "9".into(), balance: 500 });
        self.tell(CloseAccount { customer: "9".into(), expected_version: None });
        self.order(SHOW, Target::Reference("1".into()), 2, &[], "1");
        self.order(SHOW, Target::Reference("1".into()), 9, &[], "1");
        self.order(SHOW, Target::Reference("1".into()), 1, &[], "2");
        self.cancel(SHOW, 3, None);
    }

    pub fn walk_musical(&mut self) {
        let dates = r#"{"startDate":1798761600000,"endDate":1803859200000}"#;
        self.registered(MUSICAL, None, "레미제라블", 0, 0, Some(dates));
        (1..=3).for_each(|column| self.seat(column, 140_000));
        let musical = || Target::Id(OfferingId::of(MUSICAL, 1));
        self.order(MUSICAL, musical(), 1, &[1], "1");
        self.approve(MUSICAL, 1);
        self.order(MUSICAL, musical(), 1, &[1], "2");
        self.order(MUSICAL, musical(), 1, &[2], "2");
        self.approve(MUSICAL, 3);
        self.cancel(MUSICAL, 3, Some(140_000));
        self.order(MUSICAL, musical(), 1, &[3], "3");
        self.decline(MUSICAL, 4);
    }

    pub fn walk_movie(&mut self) {
        self.registered(MOVIE, None, "LALALand", 14_000, 100, Some(r#"{"description":"musical"}"#));
        let movie = || Target::Id(OfferingId::of(MOVIE, 1));
        self.ordered(MOVIE, movie(), 45, &[], "1", Some(r#"{"userName":"kim","date":1732240000000}"#));
        self.ordered(MOVIE, movie(), 57, &[], "2", Some(r#"{"userName":"lee"}"#));
        self.cancel(MOVIE, 1, None);
    }

    pub fn walk_coupon(&mut self) {
        self.offering(COUPON, Some("1"), "치킨", 15_000, 1_000);
        let coupon = || Target::Reference("1".into());
        self.order(COUPON, coupon(), 2, &[], "1");
        self.approve(COUPON, 1);
        self.cancel(COUPON, 1, Some(30_000));
        self.order(COUPON, coupon(), 1, &[], "2");
    }

    pub fn walk_shop(&mut self) {
        self.offering(SHOP, None, "티셔츠", 25_000, 10);
        let shirt = || Target::Id(OfferingId::of(SHOP, 1));
        self.order(SHOP, shirt(), 3, &[], "1");
        self.approve(SHOP, 1);
        self.order(SHOP, shirt(), 2, &[], "1");
        self.approve(SHOP, 2);
        self.cancel(SHOP, 2, Some(50_000));
        self.order(SHOP, Target::Id(OfferingId::of(SHOP, 99)), 1, &[], "1");
    }
}

/// A stopped store after all walk-throughs.
pub fn walked() -> TempDir {
    let dir = TempDir::new().unwrap();
    Sample::open(&dir).walk_through();
    dir
}
