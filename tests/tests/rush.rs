//! Everybody comes at once: never one too many, never one too few.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tests::{Client, Shop, at_once, eventually_is};

#[test]
fn twenty_thousand_attempts_on_a_thousand_tickets_confirm_exactly_a_thousand() {
    const BUYERS: usize = 64;
    const ATTEMPTS: usize = 20_000;
    let mut shop = Shop::open();
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=A stock=1000 amount=150000").is(201);
    let taken = AtomicUsize::new(0);
    let answers = at_once(BUYERS, |buyer| {
        let order = format!("POST /reservations userId={buyer} showId=1 qty=1");
        let (mut confirmed, mut refused) = (0, 0);
        while taken.fetch_add(1, Ordering::Relaxed) < ATTEMPTS {
            match at.http(&order).is(201)["status"].as_str() {
                Some("Reservation Completed") => confirmed += 1,
                Some("Reservation Failed") => refused += 1,
                other => panic!("an attempt came to {other:?}"),
            }
        }
        (confirmed, refused)
    });
    let sum = answers.iter().fold((0, 0), |sum, answer| (sum.0 + answer.0, sum.1 + answer.1));
    assert_eq!(sum, (1_000, 19_000));
    assert_eq!(at.http("/tickets/1").is(200)["stock"], 0);
    assert_eq!(at.http("/mypages?size=1").is(200)["page"]["totalElements"], ATTEMPTS);
    let points: i64 = at.all_rows("/points").iter().filter_map(|(_, row)| row["point"].as_i64()).sum();
    assert_eq!(points, 1_000 * 7_500);
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn a_thousand_buyers_of_one_seat_are_one_owner() {
    const CONNECTIONS: usize = 50;
    const EACH: usize = 20;
    let mut shop = Shop::open();
    let at = shop.paths("musical");
    at.http("POST /items name=A").is(201);
    at.http("POST /seats musicalId=1 grade=R seatRow=1 seatCol=1 price=100000").is(201);
    at_once(CONNECTIONS, |connection| {
        for turn in 0..EACH {
            let buyer = connection * EACH + turn;
            at.http(&format!("POST /reservations userId={buyer} musicalId=1 seatId=1")).is(201);
        }
    });
    let counted = || {
        let rows = at.all_rows("/reservations");
        let with = |status: &str| rows.iter().filter(|(_, row)| row["status"] == status).count();
        (with("ReservationCompleted"), with("ReservationImpossible"))
    };
    eventually_is("one has it, the others do not", (1, 999), counted);
    assert_eq!(shop.ledger().charged(), (1, 100_000));
    let told =
        |status: &str| at.all_rows("/notifications").iter().filter(|(_, row)| row["reserveStatus"] == status).count();
    eventually_is("who was told that it is done", 1, || told("ReservationCompleted"));
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn a_ticket_that_is_given_back_goes_to_exactly_one_of_a_hundred_who_wait() {
    const WAITING: usize = 100;
    let shop = Shop::open();
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=A stock=1 amount=1000").is(201);
    let owner = at.http("POST /reservations userId=1 showId=1 qty=1").is(201);
    assert_eq!(owner["status"], "Reservation Completed");
    let (sold, tried) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let got = at_once(WAITING + 1, |buyer| {
        if buyer == WAITING {
            tests::eventually("everybody has tried", || (tried.load(Ordering::Relaxed) >= WAITING).then_some(()));
            at.http(&format!("DELETE /reservations/{}", owner.number())).is(204);
            return 0;
        }
        let order = format!("POST /reservations userId={buyer} showId=1 qty=1");
        for turn in 0.. {
            let status = at.http(&order).is(201)["status"].clone();
            if status == json!("Reservation Completed") {
                sold.fetch_add(1, Ordering::Relaxed);
                return 1;
            }
            if turn == 0 {
                tried.fetch_add(1, Ordering::Relaxed);
            } else if sold.load(Ordering::Relaxed) > 0 {
                return 0;
            }
        }
        0
    });
    assert_eq!(got.iter().sum::<usize>(), 1);
    assert_eq!(at.http("/tickets/1").is(200)["stock"], 0);
    let completed =
        at.all_rows("/reservations").iter().filter(|(_, row)| row["status"] == "Reservation Completed").count();
    assert_eq!(completed, 1);
}

#[test]
fn buyers_each_with_a_connection_of_their_own_are_counted_the_same() {
    let shop = Shop::open();
    let at = shop.paths("coupon");
    at.http("POST /coupons couponId=1 couponName=A amt=0 stock=100").is(201);
    let url = at.url(None, "/orders");
    let order = json!({"couponId": 1, "customerId": 1, "qty": 1});
    let answers = at_once(150, |_| Client::default().call("POST", &url, &[], Some(&order)).expect("an answer").status);
    let with = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!((with(201), with(409)), (100, 50));
    assert_eq!(at.http("/coupons/1").is(200)["stock"], 0);
}
