//! Killed under load, again and again: what was acknowledged is there, and nothing is half done.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tests::crash::{Plan, rounds};
use tests::{Shop, pause, while_running};

const BUYERS: usize = 12;
const CAPACITY: i64 = 1_000_000;
const TICKET: i64 = 1_000;

#[test]
fn killed_twenty_times_under_load_it_forgets_nothing_and_does_nothing_by_half() {
    let all = rounds(Plan { rounds: 20, seed: 20, orders: 100 }, |round| println!("{round:?}"));
    assert!(all.iter().any(|round| round.backup), "a backup was under way in some round");
    assert!(all.iter().any(|round| round.cancelled > 0), "something was taken back");
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
