//! A shop at a provider that others use, too: its customers, and what its payments say.

use std::collections::BTreeMap;

use contracts::states::OrderState;
use engine::Intent;
use order::Order;
use payment::{Payment, PaymentState};
use store::Find;

use super::start;
use crate::{Home, Shop, at_once, eventually_is};

const PRICE: i64 = 15_000;
/// How many customers buy at once.
const CLIENTS: usize = 16;
/// How they pay: some are declined, some are answered late or not at all.
const CARDS: [&str; 8] =
    ["approve", "late:20", "decline", "approve", "late:400", "approve", "charge-then-timeout", "late:5"];
/// Of so many orders one is cancelled at once.
const CANCELLED: usize = 3;

/// A shop at the provider `url`.
pub fn at_provider(url: &str, home: Home) -> Shop {
    start(url).run_in(home)
}

/// Two shops sell the same thing at the same price, so that their numbers are the same, too.
pub fn put_on_sale(shop: &Shop) {
    let line = format!("POST /coupons couponId=1 couponName=A amt={PRICE} stock=1000000");
    shop.paths("coupon").http(&line).is(201);
}

/// `orders` are placed, of one to three pieces each, and some are cancelled while they are being paid.
pub fn buy(shop: &Shop, orders: usize) {
    let at = shop.paths("coupon");
    at_once(CLIENTS, |client| {
        for turn in (client..orders).step_by(CLIENTS) {
            let (card, pieces) = (CARDS[turn % CARDS.len()], 1 + turn % 3);
            let line = format!("POST /orders couponId=1 customerId={client} qty={pieces} card={card}");
            let number = at.http(&line).is(201).number();
            if turn.is_multiple_of(CANCELLED) {
                let cancelled = at.http(&format!("DELETE /orders/{number}"));
                let is_too_late = card == "decline" && cancelled["code"] == "wrong-state";
                cancelled.is(if is_too_late { 409 } else { 204 });
            }
        }
    });
}

/// Waits until every order has ended, and nothing is asked of the provider any more.
pub fn settled(shop: &Shop) {
    let open = || {
        // A list is read from tables that hold all that was acknowledged; until then they may lack whole orders, which look like ended ones.
        shop.paths("coupon").http("/orders?size=1").is(200);
        let reader = &mut store::sqlite::reader(&shop.home().data()).expect("tables");
        let state = || Order::COLUMNS.state;
        let under_way = OrderState::ALL.iter().copied().filter(|state| !state.has_ended());
        let under_way = Find::all().with(state().one_of(under_way).or(Order::COLUMNS.parked.is_some()));
        let intents = Find::<Intent>::all().count(reader).expect("a count");
        under_way.count(reader).expect("a count") + intents
    };
    eventually_is("orders that are open", 0, open);
}

/// The payments of a stopped shop, by their keys at the provider.
pub struct Charges(BTreeMap<String, Payment>);

impl Charges {
    pub fn of(shop: &Shop) -> Self {
        let mut reader = store::sqlite::reader(&shop.home().data()).expect("tables");
        let payments = Find::<Payment>::all().rows(&mut reader).expect("payments");
        let whose = store::sqlite::read_identity(&shop.home().data()).expect("a store").expect("its identity");
        Self(payments.into_iter().map(|payment| (payment.key_of_charge(&whose.store), payment)).collect())
    }

    /// What is kept, and by which keys.
    pub fn kept(&self) -> impl Iterator<Item = (&String, i64)> {
        self.0.iter().filter(|(_, payment)| payment.state == PaymentState::Paid).map(|(key, p)| (key, p.amount.amount))
    }

    /// What is kept in all.
    pub fn paid(&self) -> i64 {
        self.kept().map(|(_, amount)| amount).sum()
    }

    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// How many keys are here and not in `other`.
    pub fn new_keys(&self, other: &Self) -> usize {
        self.0.keys().filter(|key| !other.has(key)).count()
    }
}
