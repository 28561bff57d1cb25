//! What can happen to a payment, and that each order ends right for it: also when the shop dies in the middle.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{FAIR_PAY_S, Home, Paths, Shop, Start, at_once, eventually, eventually_is, fair_in, pause};

const PRICE: i64 = 15_000;

/// A shop that gives up on one call to the provider soon, so that asking again is part of every story.
fn impatient() -> Start {
    Start::open().env("MAEJIN_PAYMENT__TIMEOUT_MS", "300")
}

fn coupons(shop: &Shop) -> Paths {
    let at = shop.paths("coupon");
    at.http(&format!("POST /coupons couponId=1 couponName=A amt={PRICE} stock=10")).is(201);
    at
}

fn order(at: &Paths, card: &str) -> u64 {
    at.http(&format!("POST /orders couponId=1 customerId=1 qty=2 card={card}")).is(201).number()
}

fn stock(at: &Paths) -> Value {
    at.http("/coupons/1").is(200)["stock"].clone()
}

#[track_caller]
fn becomes(at: &Paths, number: u64, status: &str) {
    eventually_is("the order's status", json!(status), || {
        at.http(&format!("/orders/{number}")).is(200)["status"].clone()
    });
}

/// That the order's messages have `expected` among them, in this order.
#[track_caller]
fn says(shop: &Shop, storefront: &str, order: u64, expected: &[&str]) {
    let lines = shop.timeline(storefront, order);
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    let mut rest = messages.iter();
    for message in expected {
        assert!(rest.any(|seen| seen == message), "{message} is not said, or not in its place: {messages:?}");
    }
}

/// How often the order's messages have `message` among them.
fn times(shop: &Shop, storefront: &str, order: u64, message: &str) -> usize {
    shop.timeline(storefront, order).iter().filter(|line| line["message"] == message).count()
}

const PAID: [&str; 6] = ["OrderPlaced", "StockHeld", "PaymentRequested", "PaymentTaken", "StockSold", "OrderConfirmed"];
const DECLINED: [&str; 5] = ["OrderPlaced", "StockHeld", "PaymentDeclined", "StockReleased", "OrderRejected"];

/// The order was paid for, once, and stands.
#[track_caller]
fn was_paid_once(shop: &Shop, number: u64) {
    let at = shop.paths("coupon");
    becomes(&at, number, "PayCompleted");
    assert_eq!(stock(&at), 8);
    assert_eq!((shop.ledger().charged(), shop.ledger().refunded()), ((1, 2 * PRICE), (0, 0)));
    let payment = at.http(&format!("/payments/search/findByOrderId?orderId={number}")).is(200);
    assert_eq!((&payment["status"], &payment["payAmt"]), (&json!("PayCompleted"), &json!(2 * PRICE)));
    says(shop, "coupon", number, &PAID);
    assert_eq!(times(shop, "coupon", number, "PaymentTaken"), 1);
}

#[track_caller]
fn was_declined(shop: &Shop, number: u64) {
    let at = shop.paths("coupon");
    becomes(&at, number, "OrderCancelled");
    assert_eq!(stock(&at), 10);
    assert_eq!((shop.ledger().charged(), shop.ledger().refunded()), ((0, 0), (0, 0)));
    says(shop, "coupon", number, &DECLINED);
    assert_eq!(times(shop, "coupon", number, "OrderConfirmed"), 0);
}

fn after_a_crash(shop: &mut Shop) {
    shop.kill();
    shop.check().with_code(0);
    shop.start_again();
}

#[test]
fn declined_is_rejected_and_the_stock_is_back() {
    let shop = impatient().run();
    let number = order(&coupons(&shop), "decline");
    was_declined(&shop, number);
}

#[test]
fn declined_is_rejected_also_over_a_crash() {
    let mut shop = impatient().run();
    let number = order(&coupons(&shop), "decline");
    after_a_crash(&mut shop);
    was_declined(&shop, number);
}

#[test]
fn a_declined_order_of_a_seat_or_of_goods_frees_them_too() {
    let shop = impatient().run();
    let (musical, mall) = (shop.paths("musical"), shop.paths("shop"));
    musical.http("POST /items name=A").is(201);
    musical.http("POST /seats musicalId=1 grade=R seatRow=1 seatCol=1 price=1000").is(201);
    let reserve = "POST /reservations userId=1 musicalId=1 seatId=1 card=decline";
    let number = musical.http(reserve).is(201).number();
    eventually_is("the reservation", json!("ReservationImpossible"), || {
        musical.http(&format!("/reservations/{number}")).is(200)["status"].clone()
    });
    assert_eq!(musical.http("/seats/1").is(200)["isSold"], false);

    mall.http("POST /inventories id=1 stock=10 price=1000").is(201);
    let number = mall.http("POST /orders productId=1 customerId=1 qty=3 card=decline").is(201).number();
    eventually_is("the order", json!("OrderRejected"), || {
        mall.http(&format!("/orders/{number}")).is(200)["status"].clone()
    });
    assert_eq!(mall.http("/inventories/1").is(200)["stock"], 10);
    assert_eq!(mall.rows("/deliveries").len(), 0);
    assert_eq!(shop.ledger().charged(), (0, 0));
}

#[test]
fn answered_late_is_paid_once() {
    let shop = impatient().run();
    let number = order(&coupons(&shop), "late:1000");
    was_paid_once(&shop, number);
}

#[test]
fn answered_late_is_paid_once_also_over_a_crash() {
    let mut shop = impatient().run();
    let number = order(&coupons(&shop), "late:1000");
    eventually_is("the charge is under way", 1, || shop.ledger().charged().0);
    after_a_crash(&mut shop);
    was_paid_once(&shop, number);
}

#[test]
fn charged_but_timed_out_is_found_again_with_the_same_key() {
    let shop = impatient().run();
    let number = order(&coupons(&shop), "charge-then-timeout");
    was_paid_once(&shop, number);
    let keys = shop.ledger().0["keys"].as_object().map(|keys| keys.len());
    assert_eq!(keys, Some(1), "{:?}", shop.ledger());
}

#[test]
fn charged_but_timed_out_is_found_again_also_over_a_crash() {
    let mut shop = Start::open().env("MAEJIN_PAYMENT__TIMEOUT_MS", "1500").run();
    let number = order(&coupons(&shop), "charge-then-timeout");
    eventually_is("the charge is under way", 1, || shop.ledger().charged().0);
    assert_eq!(shop.paths("coupon").http(&format!("/orders/{number}")).is(200)["status"], "Ordered");
    after_a_crash(&mut shop);
    was_paid_once(&shop, number);
}

#[test]
fn a_shop_stops_in_the_middle_of_a_payment_and_goes_on_with_it() {
    let mut shop = impatient().run();
    let (late, silent) = (order(&coupons(&shop), "late:3000"), order(&shop.paths("coupon"), "silent"));
    eventually_is("the charge is under way", 1, || shop.ledger().charged().0);
    shop.stop();
    shop.check().with_code(0);
    shop.start_again();
    let at = shop.paths("coupon");
    becomes(&at, late, "PayCompleted");
    becomes(&at, silent, "Ordered");
    at.http(&format!("DELETE /orders/{silent}")).is(204);
    becomes(&at, silent, "OrderCancelled");
    eventually_is("the stock", json!(8), || stock(&at));
    assert_eq!((shop.ledger().charged(), shop.ledger().refunded()), ((1, 2 * PRICE), (0, 0)));
}

#[test]
fn cancels_that_race_with_payments_leave_nothing_behind() {
    const CLIENTS: usize = 16;
    const EACH: usize = 10;
    let mut shop = impatient().run();
    let at = shop.paths("coupon");
    at.http(&format!("POST /coupons couponId=1 couponName=A amt={PRICE} stock=1000")).is(201);
    let cards = ["approve", "late:5", "decline", "late:400"];
    at_once(CLIENTS, |client| {
        for turn in 0..EACH {
            let card = cards[(client + turn) % cards.len()];
            let cancelled = at.http(&format!("DELETE /orders/{}", order(&at, card)));
            // What was declined already has nothing to cancel.
            let is_too_late = card == "decline" && cancelled["code"] == "wrong-state";
            cancelled.is(if is_too_late { 409 } else { 204 });
        }
    });
    let cancelled = || at.all_rows("/orders").iter().filter(|(_, row)| row["status"] == "OrderCancelled").count();
    eventually_is("what was cancelled", CLIENTS * EACH, cancelled);
    eventually_is("what the customers paid", 0, || shop.ledger().net());
    eventually_is("the stock", json!(1000), || stock(&at));
    shop.stop();
    shop.check().with_code(0);
    assert_eq!(shop.log().matches("ERROR").count(), 0);
}

fn fair() -> Shop {
    let home = Home::default();
    let folder = fair_in(home.path());
    let shop = impatient().storefronts(&folder).run_in(home);
    shop.paths("fair").http("POST /stalls id=1 name=A price=1000 left=10").is(201);
    shop
}

#[track_caller]
fn stall_order_becomes(shop: &Shop, number: u64, state: &str) {
    let at = shop.paths("fair");
    eventually_is("the order's state", json!(state), || at.http(&format!("/orders/{number}")).is(200)["state"].clone());
}

/// The order was undone at its deadline: nothing is held, nobody was charged.
#[track_caller]
fn was_undone(shop: &Shop, number: u64) {
    stall_order_becomes(shop, number, "rejected");
    eventually_is("what is left", json!(10), || shop.paths("fair").http("/stalls/1").is(200)["left"].clone());
    assert_eq!((shop.ledger().charged(), shop.ledger().net()), ((0, 0), 0));
    says(shop, "fair", number, &["OrderPlaced", "StockHeld", "PaymentRequested", "StockReleased", "OrderRejected"]);
    assert_eq!(times(shop, "fair", number, "PaymentTaken"), 0);
}

#[test]
fn never_answered_is_undone_at_the_deadline() {
    let shop = fair();
    let number = shop.paths("fair").http("POST /orders stall=1 who=kim count=3 card=silent").is(201).number();
    assert_eq!(shop.paths("fair").http("/stalls/1").is(200)["left"], 7);
    was_undone(&shop, number);
}

#[test]
fn never_answered_is_undone_at_the_deadline_also_over_a_crash() {
    let mut shop = fair();
    let number = shop.paths("fair").http("POST /orders stall=1 who=kim count=3 card=silent").is(201).number();
    pause(Duration::from_millis(500));
    after_a_crash(&mut shop);
    was_undone(&shop, number);
}

#[test]
fn a_deadline_that_passed_while_the_shop_was_down_still_counts() {
    let mut shop = fair();
    let number = shop.paths("fair").http("POST /orders stall=1 who=kim count=3 card=silent").is(201).number();
    shop.kill();
    pause(Duration::from_millis(FAIR_PAY_S * 1000 + 200));
    shop.check().with_code(0);
    shop.start_again();
    was_undone(&shop, number);
}

#[test]
fn charged_and_answered_after_the_deadline_is_either_a_sale_or_given_back() {
    let mut shop = fair();
    let at = shop.paths("fair");
    let number = at.http("POST /orders stall=1 who=kim count=3 card=late:4000").is(201).number();
    let state = eventually("the order is decided", || {
        let state = at.http(&format!("/orders/{number}")).is(200)["state"].clone();
        (state == "confirmed" || state == "rejected").then_some(state)
    });
    let (left, net) = if state == "confirmed" { (7, 3_000) } else { (10, 0) };
    eventually_is("what the customer paid", net, || shop.ledger().net());
    eventually_is("what is left", json!(left), || at.http("/stalls/1").is(200)["left"].clone());
    assert_eq!(shop.ledger().charged(), (1, 3_000), "charged once, whatever became of it");
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn a_sixth_storefront_sells_as_the_five_do() {
    let mut shop = fair();
    let at = shop.paths("fair");
    let number = at.http("POST /orders stall=1 who=kim count=3").is(201).number();
    stall_order_becomes(&shop, number, "confirmed");
    assert_eq!(at.http("/stalls/1").is(200)["left"], 7);
    assert_eq!(shop.ledger().charged(), (1, 3_000));
    let mine = at.rows("/mine");
    assert_eq!((mine.len(), &mine[0]["who"], &mine[0]["state"]), (1, &json!("kim"), &json!("confirmed")));
    at.http(&format!("PATCH /orders/{number} state=cancelled")).is(200);
    stall_order_becomes(&shop, number, "cancelled");
    eventually_is("the refund", 0, || shop.ledger().net());
    assert_eq!(at.http("/stalls/1").is(200)["left"], 10);
    assert_eq!(shop.paths("show").rows("/tickets").len(), 0, "the five are there as well");
    shop.stop();
    shop.check().with_code(0);
    assert_eq!(times(&shop, "fair", number, "PaymentRefunded"), 1);
}
