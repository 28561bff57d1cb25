//! What buyers do over v1, and what of it was acknowledged: each answer is marked in the log before the buyer goes on.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use contracts::states::OrderState;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::power_loss::log::{Log, Mark, OrderEvent};
use crate::{Client, Paths, Reply};

/// The storefronts that are bought in: free, by count, paid and refused at once, paid and delivered.
pub(crate) const STOREFRONTS: [&str; 4] = ["show", "movie", "coupon", "shop"];
/// More than is ever bought.
const STOCK: u64 = 100_000_000;
/// One order of so many is taken back at once.
const CANCEL_EVERY: u64 = 6;
/// One answered order of so many is asked for again in the next life.
const ASK_AGAIN_EVERY: u64 = 40;
/// One card of so many is declined.
const DECLINE_EVERY: u64 = 5;

/// What is on sale, and what was bought, over all lives of a shop.
#[derive(Debug)]
pub(super) struct Sale {
    /// The id of what each storefront sells.
    offerings: Vec<String>,
    chance: Chance,
    keys: AtomicU64,
    /// Orders under keys, to be asked for again: with their numbers, where they were answered.
    asked: Mutex<Vec<(Order, Option<u64>)>>,
    gone: AtomicBool,
    /// How many orders were answered in this life.
    answered: AtomicU64,
}

#[derive(Debug, Clone)]
struct Order {
    storefront: usize,
    key: String,
    body: Value,
}

impl Sale {
    /// Puts something on sale in each storefront.
    pub(super) fn open(door: &Paths, seed: u64) -> Self {
        let offering = |storefront| {
            let body = json!({ "name": "A", "price": { "amount": 1_000, "currency": "KRW" }, "stock": STOCK });
            let line = format!("POST /api/v1/storefronts/{storefront}/offerings");
            door.http_with_body(&line, &body.to_string()).is(201)["id"].as_str().expect("an id is text").to_owned()
        };
        Self {
            offerings: STOREFRONTS.map(offering).to_vec(),
            chance: Chance::of(seed),
            keys: AtomicU64::new(0),
            asked: Mutex::default(),
            gone: AtomicBool::new(false),
            answered: AtomicU64::new(0),
        }
    }

    /// In the next life: what was answered is asked for again, and has the same number; what was not is answered now.
    pub(super) fn goes_on(&self, door: &Paths, log: &Log) {
        self.gone.store(false, Ordering::Relaxed);
        self.answered.store(0, Ordering::Relaxed);
        for (order, number) in std::mem::take(&mut *self.asked.lock().expect("no buyer panicked")) {
            let reply = self.post(door, &order).unwrap_or_else(|why| panic!("no answer: {why}"));
            let again = heard(&reply, STOREFRONTS[order.storefront], log);
            assert!(number.is_none() || again == number, "order {number:?} was acknowledged before, now {reply}");
        }
    }

    /// How many orders were answered in this life.
    pub(super) fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// One turn of a buyer; `None` when the shop is gone.
    pub(super) fn turn(&self, door: &Paths, log: &Log, buyer: usize) -> Option<()> {
        if self.gone.load(Ordering::Relaxed) {
            return None;
        }
        let done = self.buy(door, log, buyer);
        self.gone.fetch_or(done.is_none(), Ordering::Relaxed);
        done
    }

    fn buy(&self, door: &Paths, log: &Log, buyer: usize) -> Option<()> {
        let order = self.order(buyer);
        let storefront = STOREFRONTS[order.storefront];
        let answer = self.post(door, &order);
        let number = answer.as_ref().ok().and_then(|reply| heard(reply, storefront, log));
        let status = answer.as_ref().map_or(u16::MAX, |reply| reply.status);
        if status >= 500 || status < 300 && self.chance.one_in(ASK_AGAIN_EVERY) {
            self.asked.lock().expect("no buyer panicked").push((order, number));
        }
        let reply = answer.ok()?;
        self.answered.fetch_add(1, Ordering::Relaxed);
        let Some(number) = number.filter(|_| reply.status == 201 && self.chance.one_in(CANCEL_EVERY)) else {
            return Some(());
        };
        log.mark(Mark::Order { event: OrderEvent::Cancelling, storefront, number });
        let line = format!("POST /api/v1/storefronts/{storefront}/orders/{}/cancel", reply["id"].as_str()?);
        let cancelled = door.try_http(&line).ok()?;
        if cancelled.status == 200 {
            heard(&cancelled, storefront, log);
        }
        Some(())
    }

    fn order(&self, buyer: usize) -> Order {
        let storefront = usize::try_from(self.chance.below(STOREFRONTS.len() as u64)).expect("there are few");
        let mut body = json!({
            "offering": self.offerings[storefront],
            "quantity": 1 + self.chance.below(3),
            "customer": buyer.to_string(),
        });
        if self.chance.one_in(DECLINE_EVERY) && storefront >= 2 {
            body["card"] = "decline".into();
        }
        Order { storefront, key: format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed)), body }
    }

    fn post(&self, door: &Paths, order: &Order) -> Result<Reply, String> {
        let url = door.url(None, &format!("/api/v1/storefronts/{}/orders", STOREFRONTS[order.storefront]));
        let key = ("Idempotency-Key".to_owned(), order.key.clone());
        CLIENT.with(|client| client.call("POST", &url, &[key], Some(&order.body)))
    }
}

thread_local! {
    static CLIENT: Client = Client::default();
}

/// Marks what a shop said of an order, and gives the number of the order if it said one.
fn heard(reply: &Reply, storefront: &str, log: &Log) -> Option<u64> {
    let (id, event) = match reply.status {
        200..300 => {
            let event = match reply["state"].as_str()?.parse() {
                Ok(OrderState::Confirmed) => OrderEvent::Confirmed,
                Ok(OrderState::Rejected) => OrderEvent::Rejected,
                Ok(OrderState::Cancelled) => OrderEvent::Cancelled,
                _ => OrderEvent::Taken,
            };
            (reply["id"].as_str()?, event)
        }
        400..500 => {
            assert_ne!(reply.status, 404, "what was put on sale is gone: {reply}");
            (reply["order"].as_str()?.rsplit('/').next()?, OrderEvent::Rejected)
        }
        _ => return None,
    };
    let number = id.parse().unwrap_or_else(|_| panic!("no number in {reply}"));
    log.mark(Mark::Order { event, storefront, number });
    Some(number)
}
