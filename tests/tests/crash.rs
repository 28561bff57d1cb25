//! Killed under load, again and again: what was acknowledged is there, and nothing is half done.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tests::{Paths, Shop, at_once, eventually_is, pause, while_running};
use world::{Random, SeededRandom};

const KILLS: usize = 20;
const BUYERS: usize = 12;
const CAPACITY: i64 = 1_000_000;
const TICKET: i64 = 1_000;
const COUPON: i64 = 15_000;
const GOODS: i64 = 2_000;

/// What the shop said it did.
#[derive(Debug, Clone, Copy)]
enum Acknowledged {
    Reserved(u64),
    Cancelled(u64),
    Bought(u64),
    Ordered(u64),
}

#[test]
fn killed_twenty_times_under_load_it_forgets_nothing_and_does_nothing_by_half() {
    let moments = SeededRandom::new(20);
    let mut shop = Shop::open();
    shop.paths("show")
        .http(&format!("POST /tickets id=1 showId=1 showName=A stock={CAPACITY} amount={TICKET}"))
        .is(201);
    shop.paths("coupon").http(&format!("POST /coupons couponId=1 couponName=A amt={COUPON} stock={CAPACITY}")).is(201);
    shop.paths("shop").http(&format!("POST /inventories id=1 price={GOODS} stock={CAPACITY}")).is(201);
    let mut all = Vec::new();
    for _ in 0..KILLS {
        let acknowledged = killed_under_load(&mut shop, Duration::from_millis(50 + moments.next_u64() % 351));
        shop.check().with_code(0);
        shop.start_again();
        is_all_there(&shop, &acknowledged);
        all.extend(acknowledged);
    }
    assert!(all.len() > KILLS * BUYERS, "there was hardly any load: {} acknowledged", all.len());
    is_all_there(&shop, &all);
    nothing_is_half_done(&shop);
    shop.stop();
    shop.check().with_code(0);
}

fn killed_under_load(shop: &mut Shop, after: Duration) -> Vec<Acknowledged> {
    let (show, coupon, mall) = (shop.paths("show"), shop.paths("coupon"), shop.paths("shop"));
    let buy = |buyer: usize| match buyer % 4 {
        0 => bought(&coupon, buyer),
        1 => ordered(&mall, buyer),
        _ => reserved(&show, buyer),
    };
    let (acknowledged, ()) = while_running(BUYERS, buy, || {
        pause(after);
        shop.kill();
    });
    acknowledged.into_iter().flatten().collect()
}

/// One reservation; some buyers take it back at once. `None` when the shop is gone.
fn reserved(at: &Paths, buyer: usize) -> Option<Vec<Acknowledged>> {
    let reply = at.try_http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).ok()?.is(201);
    assert_eq!(reply["status"], "Reservation Completed");
    let number = reply.number();
    if buyer % 8 != 2 {
        return Some(vec![Acknowledged::Reserved(number)]);
    }
    let cancelled = at.try_http(&format!("DELETE /reservations/{number}")).ok();
    Some(cancelled.map(|reply| reply.is(204)).iter().map(|_| Acknowledged::Cancelled(number)).collect())
}

fn bought(at: &Paths, buyer: usize) -> Option<Vec<Acknowledged>> {
    let reply = at.try_http(&format!("POST /orders couponId=1 customerId={buyer} qty=2")).ok()?;
    Some(vec![Acknowledged::Bought(reply.is(201).number())])
}

fn ordered(at: &Paths, buyer: usize) -> Option<Vec<Acknowledged>> {
    let reply = at.try_http(&format!("POST /orders productId=1 customerId={buyer} qty=3")).ok()?;
    Some(vec![Acknowledged::Ordered(reply.is(201).number())])
}

fn is_all_there(shop: &Shop, acknowledged: &[Acknowledged]) {
    let (show, coupon, mall) = (shop.paths("show"), shop.paths("coupon"), shop.paths("shop"));
    let is_there = |done: &Acknowledged| match *done {
        Acknowledged::Reserved(n) => {
            assert_eq!(show.http(&format!("/reservations/{n}")).is(200)["status"], "Reservation Completed", "{n}");
        }
        Acknowledged::Cancelled(n) => {
            assert_eq!(show.http(&format!("/reservations/{n}")).is(200)["status"], "Reservation Cancelled", "{n}");
        }
        Acknowledged::Bought(n) => assert_eq!(coupon.http(&format!("/orders/{n}")).is(200)["qty"], 2, "{n}"),
        Acknowledged::Ordered(n) => assert_eq!(mall.http(&format!("/orders/{n}")).is(200)["qty"], 3, "{n}"),
    };
    at_once(8, |client| acknowledged.iter().skip(client).step_by(8).for_each(is_there));
}

/// Every order has come to its end, and all figures follow from the orders.
fn nothing_is_half_done(shop: &Shop) {
    let bought = purchases_are_whole(&shop.paths("coupon"));
    let ordered = deliveries_are_whole(&shop.paths("shop"));
    reservations_are_whole(&shop.paths("show"));
    let (ledger, sum) = (shop.ledger(), bought * 2 * COUPON + ordered * 3 * GOODS);
    assert_eq!((ledger.charged(), ledger.net()), ((bought + ordered, sum), sum));
    assert_eq!(ledger.charged_twice(), Vec::<String>::new());
}

/// How many items of a list have this status.
fn with(at: &Paths, list: &str, status: &str) -> i64 {
    let rows = at.all_rows(list);
    i64::try_from(rows.iter().filter(|(_, row)| row["status"] == status).count()).expect("not that many")
}

fn how_many(at: &Paths, list: &str) -> i64 {
    at.http(&format!("{list}?size=1")).is(200)["page"]["totalElements"].as_i64().expect("a list is counted")
}

fn purchases_are_whole(at: &Paths) -> i64 {
    eventually_is("purchases that wait", 0, || with(at, "/orders", "Ordered"));
    let bought = with(at, "/orders", "PayCompleted");
    assert_eq!(how_many(at, "/orders"), bought);
    assert_eq!(with(at, "/payments", "PayCompleted"), bought);
    assert_eq!(at.http("/coupons/1").is(200)["stock"], CAPACITY - 2 * bought);
    bought
}

fn deliveries_are_whole(at: &Paths) -> i64 {
    let ordered = how_many(at, "/orders");
    eventually_is("deliveries", ordered, || with(at, "/deliveries", "DeliveryStarted"));
    assert_eq!((how_many(at, "/deliveries"), how_many(at, "/paymentHistories")), (ordered, ordered));
    assert_eq!(with(at, "/paymentHistories", "PaymentApproved"), ordered);
    assert_eq!(at.http("/inventories/1").is(200)["stock"], CAPACITY - 3 * ordered);
    ordered
}

fn reservations_are_whole(at: &Paths) {
    let reserved = with(at, "/reservations", "Reservation Completed");
    let cancelled = with(at, "/reservations", "Reservation Cancelled");
    assert_eq!(how_many(at, "/reservations"), reserved + cancelled, "a reservation is done or undone");
    assert!(cancelled > 0, "some were cancelled");
    assert_eq!(at.http("/tickets/1").is(200)["stock"], CAPACITY - reserved);
    let points: i64 = at.all_rows("/points").iter().filter_map(|(_, row)| row["point"].as_i64()).sum();
    assert_eq!(points, reserved * TICKET / 20);
    assert_eq!(how_many(at, "/mypages"), reserved + cancelled);
}

#[test]
fn a_client_that_got_no_answer_asks_again_with_its_key_and_has_one_order() {
    const ROUNDS: usize = 5;
    let mut shop = Shop::open();
    shop.paths("show")
        .http(&format!("POST /tickets id=1 showId=1 showName=A stock={CAPACITY} amount={TICKET}"))
        .is(201);
    let (mut orders, mut unanswered) = (0, 0);
    for round in 0..ROUNDS {
        let lost = without_an_answer(&mut shop, round, &mut orders);
        shop.start_again();
        let at = shop.paths("show");
        for asked in &lost {
            let number = at.http(asked).is(201).number();
            assert_eq!(at.http(asked).is(201).number(), number, "{asked}");
        }
        unanswered += lost.len();
        orders += i64::try_from(lost.len()).expect("not that many");
        assert_eq!(at.http("/tickets/1").is(200)["stock"], CAPACITY - orders);
        assert_eq!(at.http("/reservations?size=1").is(200)["page"]["totalElements"], orders);
    }
    assert!(unanswered >= ROUNDS, "no request was cut off: {unanswered}");
}

/// Loads the shop, each order under a key of its own, and kills it; counts the orders that were answered to `orders`, and
/// gives the requests that were not.
fn without_an_answer(shop: &mut Shop, round: usize, orders: &mut i64) -> Vec<String> {
    let at = shop.paths("show");
    let turn = AtomicUsize::new(0);
    let gone = AtomicBool::new(false);
    let order = |buyer: usize| {
        if gone.load(Ordering::Relaxed) {
            return None;
        }
        let key = format!("{round}-{}", turn.fetch_add(1, Ordering::Relaxed));
        let asked = format!("POST /reservations userId={buyer} showId=1 qty=1 Idempotency-Key:{key}");
        let answered = at.try_http(&asked).map(|reply| drop(reply.is(201)));
        gone.fetch_or(answered.is_err(), Ordering::Relaxed);
        Some(answered.map_err(|_| asked))
    };
    let (all, ()) = while_running(BUYERS, order, || {
        pause(Duration::from_millis(150));
        shop.kill();
    });
    let lost: Vec<String> = all.iter().filter_map(|answered| answered.clone().err()).collect();
    *orders += i64::try_from(all.len() - lost.len()).expect("not that many");
    lost
}

#[test]
fn killed_while_it_starts_it_starts_the_next_time() {
    const KILLS_AT_START: u64 = 15;
    let mut shop = Shop::open();
    let at = shop.paths("show");
    at.http(&format!("POST /tickets id=1 showId=1 showName=A stock={CAPACITY} amount={TICKET}")).is(201);
    let order = |buyer| {
        at.try_http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).ok().map(|reply| reply.number())
    };
    let (acknowledged, ()) = while_running(BUYERS, order, || {
        pause(Duration::from_millis(300));
        shop.kill();
    });
    for after in 0..KILLS_AT_START {
        shop.start_and_kill(Duration::from_millis(after * 3));
    }
    shop.check().with_code(0);
    shop.start_again();
    let at = shop.paths("show");
    let kept = at.http("/reservations?size=1").is(200)["page"]["totalElements"].as_i64().expect("a number");
    assert!(kept >= i64::try_from(acknowledged.len()).expect("not that many"), "{kept} of {}", acknowledged.len());
    assert_eq!(at.http("/tickets/1").is(200)["stock"], CAPACITY - kept);
}
