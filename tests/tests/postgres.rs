//! The shop on PostgreSQL: what was acknowledged is there once, whether the shop is killed, connections end, or another process takes over.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cluster::postgres::{Server, shared};
use tests::{Ended, Shop, Start, eventually, maejin, pause, while_running};

/// How many buy at once.
const BUYERS: usize = 64;
/// The customers' numbers begin here.
const FIRST: usize = 1_000;
/// How often connections are ended under load.
const ENDED: u64 = 50;
/// The orders as the tables have them: number and customer.
const ORDERS: &str = "SELECT (id & ((1::bigint << 40) - 1)) || ' ' || customer FROM orders WHERE state = 'confirmed'";

struct Sale {
    server: &'static Server,
    address: String,
    turn: AtomicUsize,
}

impl Sale {
    fn new() -> Self {
        Self { server: shared(), address: shared().database(), turn: AtomicUsize::new(0) }
    }

    fn start(&self) -> Start {
        Start::open().env("MAEJIN_STORE", &self.address)
    }

    fn opened(&self) -> Shop {
        let shop = self.start().run();
        shop.paths("show").http("POST /tickets id=1 showId=1 showName=A stock=1000000 amount=1000").is(201);
        shop
    }

    /// An order of a customer who orders once; `None` if there was no answer, or none that acknowledges it.
    fn order(&self, shop: &Shop) -> Option<(u64, String)> {
        let customer = (FIRST + self.turn.fetch_add(1, Ordering::Relaxed)).to_string();
        let asked = format!("POST /reservations userId={customer} showId=1 qty=1");
        let reply = shop.paths("show").try_http(&asked).ok()?;
        (reply.status == 201).then(|| (reply.is(201).number(), customer))
    }

    fn check(&self, shop: &Shop) -> Ended {
        let data = shop.home().data();
        maejin(["check", "--store", &self.address, "--data", &data.to_string_lossy()])
    }

    /// Looks, with the shop stopped, whether each of `acknowledged` is there once, and no customer has more than one order.
    fn is_all_there(&self, shop: &Shop, acknowledged: &[(u64, String)]) {
        self.check(shop).with_code(0);
        let told = self.server.ask(&self.address, ORDERS).unwrap();
        let mut orders: BTreeMap<&str, u64> = BTreeMap::new();
        for line in told.lines() {
            let (number, customer) = line.split_once(' ').unwrap();
            assert_eq!(orders.insert(customer, number.parse().unwrap()), None, "{customer} ordered once");
        }
        for (number, customer) in acknowledged {
            assert_eq!(orders.get(customer.as_str()), Some(number), "the order of {customer}");
        }
        assert!(acknowledged.len() > BUYERS, "there was hardly any load: {}", acknowledged.len());
    }
}

#[test]
fn killed_under_load_it_has_everything_that_it_acknowledged_and_nothing_twice() {
    let sale = Sale::new();
    let mut shop = sale.opened();
    let mut acknowledged = Vec::new();
    for _ in 0..2 {
        let (done, ()) = while_running(
            BUYERS,
            |_| sale.order(&shop),
            || {
                let enough = turns_of(&sale) + 3 * BUYERS as u64;
                eventually("some were sold", || (turns_of(&sale) >= enough).then_some(()));
                shop.signal("KILL");
            },
        );
        acknowledged.extend(done);
        assert!(!shop.ended().success());
        sale.check(&shop).with_code(0);
        shop.start_again();
    }
    shop.stop();
    sale.is_all_there(&shop, &acknowledged);
}

/// How many turns buyers have had.
fn turns_of(sale: &Sale) -> u64 {
    sale.turn.load(Ordering::Relaxed) as u64
}

#[test]
fn connections_that_end_under_load_lose_and_double_nothing_and_nobody_notices() {
    let sale = Sale::new();
    let mut shop = sale.opened();
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'maejin'";
    let (done, ()) = while_running(
        BUYERS,
        |_| Some(sale.order(&shop)),
        || {
            let mut ended = 0;
            while ended < ENDED {
                ended += sale.server.ask(&sale.address, end).unwrap().parse::<u64>().unwrap();
                pause(Duration::from_millis(50));
            }
        },
    );
    let acknowledged: Vec<_> = done.iter().flatten().cloned().collect();
    assert_eq!(acknowledged.len(), done.len(), "each was answered with an order");
    shop.stop();
    sale.is_all_there(&shop, &acknowledged);
}

#[test]
fn who_starts_on_the_same_store_takes_it_over_and_the_first_one_acknowledges_nothing_any_more() {
    let sale = Sale::new();
    let mut first = sale.opened();
    let (mut done, mut second) = while_running(
        BUYERS,
        |_| sale.order(&first),
        || {
            eventually("some were sold", || (turns_of(&sale) > 3 * BUYERS as u64).then_some(()));
            sale.start().run()
        },
    );
    assert!(!first.ended().success(), "who was taken over from ends, and says so");
    assert!(first.log().contains("taken"), "{}", first.log());
    for _ in 0..3 {
        done.push(sale.order(&second).expect("the second one sells on"));
    }
    second.stop();
    sale.is_all_there(&second, &done);
}
