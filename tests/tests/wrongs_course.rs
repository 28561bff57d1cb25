//! What the systems before this one got wrong about the course of an order, each shown to be right here.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::{FAIR_PAY_S, Home, Paths, Shop, Start, at_once, eventually, eventually_is, fair_in, pause, while_running};

#[test]
fn w03_a_crash_leaves_no_state_without_its_message_and_no_message_without_its_state() {
    let mut shop = Shop::open();
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=A stock=100000 amount=1000").is(201);
    let order = |_| at.try_http("POST /reservations userId=1 showId=1 qty=1").ok().map(|reply| reply.is(201).number());
    let (acknowledged, ()) = while_running(8, order, || {
        pause(Duration::from_millis(300));
        shop.kill();
    });
    shop.check().with_code(0);
    shop.start_again();
    let at = shop.paths("show");
    let orders = at.all_rows("/reservations");
    assert!(!acknowledged.is_empty() && orders.len() >= acknowledged.len());
    assert!(orders.iter().all(|(_, order)| order["status"] == "Reservation Completed"));
    let sold = i64::try_from(orders.len()).expect("not that many");
    assert_eq!(at.http("/tickets/1").is(200)["stock"], 100_000 - sold);
    assert_eq!(at.http("/points/1").is(200)["point"], 50 * sold);
    assert_eq!(at.http("/mypages?size=1").is(200)["page"]["totalElements"], sold);
}

#[test]
fn w04_a_repeated_request_makes_no_second_order_payment_row_or_points() {
    let shop = Shop::open();
    let (show, coupon) = (shop.paths("show"), shop.paths("coupon"));
    show.http("POST /tickets id=1 showId=1 showName=A stock=10 amount=1000").is(201);
    coupon.http("POST /coupons couponId=1 couponName=A amt=15000 stock=10").is(201);

    let reserve = "POST /reservations userId=1 showId=1 qty=2 Idempotency-Key:reserve-1";
    let numbers = at_once(8, |_| show.http(reserve).is(201).number());
    assert_eq!(numbers, [numbers[0]; 8]);
    assert_eq!(show.http("/tickets/1").is(200)["stock"], 8);
    assert_eq!(show.http("/points/1").is(200)["point"], 100);
    assert_eq!((show.rows("/reservations").len(), show.rows("/mypages").len()), (1, 1));

    let buy = "POST /orders couponId=1 customerId=1 qty=2 Idempotency-Key:buy-1";
    let numbers = at_once(8, |_| coupon.http(buy).is(201).number());
    assert_eq!(numbers, [1; 8]);
    eventually_is("the order", json!("PayCompleted"), || coupon.http("/orders/1").is(200)["status"].clone());
    assert_eq!(coupon.rows("/payments").len(), 1);
    assert_eq!(shop.ledger().charged(), (1, 30_000));
    assert_eq!(coupon.http("/coupons/1").is(200)["stock"], 8);
}

#[test]
fn w05_one_bad_order_does_not_hold_up_the_others() {
    let shop = Shop::open();
    let at = shop.paths("coupon");
    at.http("POST /coupons couponId=1 couponName=A amt=15000 stock=1000").is(201);
    for bad in ["card=silent", "card=late:60000", "card=charge-then-timeout", "amt=1", "couponId=77"] {
        let _ = at.http(&format!("POST /orders couponId=1 customerId=9 qty=1 {bad}"));
    }
    at.http_with_body("POST /orders", "{\"couponId\":").is(400);
    at.http_with_body("POST /orders", "[[[[").is(400);

    let start = Instant::now();
    let numbers =
        at_once(20, |buyer| at.http(&format!("POST /orders couponId=1 customerId={buyer} qty=1")).is(201).number());
    for number in numbers {
        eventually_is("a good order", json!("PayCompleted"), || {
            at.http(&format!("/orders/{number}")).is(200)["status"].clone()
        });
    }
    assert!(start.elapsed() < Duration::from_secs(10), "the others waited {:?}", start.elapsed());
}

#[test]
fn w06_a_cancel_that_overtakes_the_payment_is_not_lost() {
    let shop = Shop::open();
    let at = shop.paths("coupon");
    at.http("POST /coupons couponId=1 couponName=A amt=15000 stock=10").is(201);
    let number = at.http("POST /orders couponId=1 customerId=1 qty=2 card=late:1200").is(201).number();
    assert_eq!(at.http(&format!("/orders/{number}")).is(200)["status"], "Ordered");
    at.http(&format!("DELETE /orders/{number}")).is(204);
    eventually_is("the stock", json!(10), || at.http("/coupons/1").is(200)["stock"].clone());
    eventually_is("what the customer paid", ((1, 30_000), 0), || (shop.ledger().charged(), shop.ledger().net()));
    assert_eq!(at.http(&format!("/orders/{number}")).is(200)["status"], "OrderCancelled");
    assert_eq!(shop.ledger().refunded(), (1, 30_000));
}

fn notices(at: &Paths) -> Vec<Value> {
    at.rows("/notifications?size=1000")
}

#[test]
fn w11_a_notice_names_the_reservation() {
    let shop = Shop::open();
    let at = shop.paths("movie");
    for name in ["A", "B", "C"] {
        at.http(&format!("POST /movies movieName={name} qty=100")).is(201);
    }
    for movie in [3, 3, 2, 3] {
        at.http(&format!("POST /reservations userId=1 movieId={movie} count=1")).is(201);
    }
    eventually_is("the notices", 4, || notices(&at).len());
    let named: Vec<Value> = notices(&at).iter().map(|row| json!([row["reserveId"], row["movieId"]])).collect();
    assert_eq!(named, [json!([1, 3]), json!([2, 3]), json!([3, 2]), json!([4, 3])]);
    let listed: Vec<Value> = at.rows("/reservationLists").iter().map(|row| row["reserveId"].clone()).collect();
    assert_eq!(listed, [1, 2, 3, 4]);
}

#[test]
fn w12_no_completion_is_announced_before_the_seat_is_checked() {
    let shop = Shop::open();
    let at = shop.paths("musical");
    at.http("POST /items name=A").is(201);
    at.http("POST /seats musicalId=1 grade=R seatRow=1 seatCol=1 price=1000").is(201);
    at_once(24, |buyer| at.http(&format!("POST /reservations userId={buyer} musicalId=1 seatId=1")).is(201).number());

    let with = |status: &str| at.rows("/reservations?size=100").iter().filter(|row| row["status"] == status).count();
    eventually_is("the reservations", (1, 23), || (with("ReservationCompleted"), with("ReservationImpossible")));
    let announced = || notices(&at).iter().filter(|row| row["reserveStatus"] == "ReservationCompleted").count();
    eventually_is("completions announced", 1, announced);
    let completed = at.rows("/myPages?size=100").iter().filter(|row| row["status"] == "ReservationCompleted").count();
    assert_eq!(completed, 1);
    assert_eq!(shop.ledger().charged(), (1, 1000));
    for row in at.all_rows("/reservations").iter().filter(|(_, row)| row["status"] == "ReservationImpossible") {
        let messages = shop.timeline("musical", row.0);
        assert!(!messages.iter().any(|line| line["message"] == "OrderConfirmed"), "{messages:?}");
    }
}

#[test]
fn w20_an_unanswered_payment_times_out() {
    let home = Home::default();
    let folder = fair_in(home.path());
    let shop = Start::open().storefronts(&folder).env("MAEJIN_PAYMENT__TIMEOUT_MS", "300").run_in(home);
    let at = shop.paths("fair");
    at.http("POST /stalls id=1 name=A price=1000 left=10").is(201);
    let number = at.http("POST /orders stall=1 who=kim count=3 card=silent").is(201).number();
    assert_eq!(at.http("/stalls/1").is(200)["left"], 7);
    let start = Instant::now();
    eventually("the order is rejected", || {
        (at.http(&format!("/orders/{number}")).is(200)["state"] == "rejected").then_some(())
    });
    assert!(start.elapsed() >= Duration::from_millis(FAIR_PAY_S * 1000 - 500), "after {:?}", start.elapsed());
    eventually_is("the stock", json!(10), || at.http("/stalls/1").is(200)["left"].clone());
    assert_eq!(shop.ledger().net(), 0);
}
