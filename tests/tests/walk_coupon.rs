//! The walk-through of the coupons: stock in the answer, payment after it, a cancel that undoes both once.

use serde_json::{Value, json};
use tests::{Paths, Shop, eventually_is};

#[test]
fn alone_on_the_ports_of_its_services() {
    let shop = Shop::alone("coupon");
    let at = shop.paths("coupon");
    story(&shop, &at);
    the_stock_check_is_on_the_services_own_port_only(&at);
}

#[test]
fn together_with_the_others_below_its_prefix() {
    let shop = Shop::open();
    let at = shop.paths("coupon");
    story(&shop, &at);
    at.http("/chkAndModifyStock?couponId=1&qty=1").is(404);
}

fn story(shop: &Shop, at: &Paths) {
    at.http("POST :8081/coupons couponId=1 couponName='치킨' amt=15000 stock=1000").is(201);
    assert_eq!(at.http(":8081/coupons/search/findByCouponId?couponId=1").is(200)["couponName"], "치킨");
    two_are_bought(shop, at);
    a_cancel_undoes_it(shop, at, "20211231235959");
    a_second_cancel_does_nothing_more(shop, at);
    a_wrong_price_and_too_many_are_refused(shop, at);
}

fn stock(at: &Paths) -> Value {
    at.http(":8081/coupons/1").is(200)["stock"].clone()
}

fn order_becomes(at: &Paths, status: &str) {
    eventually_is("the order's status", json!(status), || at.http(":8082/orders/1").is(200)["status"].clone());
}

fn payment(at: &Paths) -> Value {
    at.http(":8083/payments/search/findByOrderId?orderId=1").is(200).json().clone()
}

fn my_page(at: &Paths) -> Value {
    let mut rows = at.rows(":8084/mypages");
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows.remove(0)
}

/// Whether it is a moment as this storefront writes it: `yyyyMMddHHmmss`, and of this century.
fn is_stamp(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.len() == 14 && text.starts_with("20") && text.bytes().all(|b| b.is_ascii_digit()))
}

fn two_are_bought(shop: &Shop, at: &Paths) {
    let placed = at.http("POST :8082/orders couponId=1 customerId=1 qty=2 orderDate=19991231235959").is(201);
    assert_eq!(stock(at), 998);
    order_becomes(at, "PayCompleted");
    let order = at.http(":8082/orders/1").is(200);
    assert!(is_stamp(&order["orderDate"]), "the server's time stands, not the client's: {placed}");
    let paid = payment(at);
    assert_eq!((&paid["payAmt"], &paid["status"]), (&json!(30_000), &json!("PayCompleted")));
    assert_eq!(shop.ledger().charged(), (1, 30_000));
    let row = my_page(at);
    assert_eq!((&row["qty"], &row["status"], &row["payAmt"]), (&json!(2), &json!("PayCompleted"), &json!(30_000)));
    assert!(is_stamp(&row["payDate"]) && is_stamp(&row["orderDate"]), "{row}");
    assert_eq!((&row["orderCancelDate"], &row["payCancelDate"]), (&json!(null), &json!(null)));
}

fn a_cancel_undoes_it(shop: &Shop, at: &Paths, date: &str) {
    at.http(&format!("PATCH :8082/orders/1 orderCancelDate={date}")).is(200);
    order_becomes(at, "OrderCancelled");
    eventually_is("the payment's status", json!("PayCancelled"), || payment(at)["status"].clone());
    eventually_is("the stock", json!(1000), || stock(at));
    eventually_is("my page", json!("PayCancelled"), || my_page(at)["status"].clone());
    let row = my_page(at);
    assert!(is_stamp(&row["orderCancelDate"]) && is_stamp(&row["payCancelDate"]), "{row}");
    assert_ne!(row["orderCancelDate"], date, "the server's time stands, not the client's");
    assert_eq!((shop.ledger().refunded(), shop.ledger().net()), ((1, 30_000), 0));
}

fn a_second_cancel_does_nothing_more(shop: &Shop, at: &Paths) {
    let before = (my_page(at), payment(at));
    at.http("PATCH :8082/orders/1 orderCancelDate=20220101000000").is(200);
    at.http("DELETE :8082/orders/1").is(204);
    assert_eq!((my_page(at), payment(at)), before);
    assert_eq!(stock(at), 1000);
    assert_eq!((shop.ledger().charged(), shop.ledger().refunded()), ((1, 30_000), (1, 30_000)));
}

fn a_wrong_price_and_too_many_are_refused(shop: &Shop, at: &Paths) {
    let cheap = at.http("POST :8082/orders couponId=1 customerId=1 qty=1 amt=1").is(409);
    assert_eq!(cheap["code"], "price-changed");
    let many = at.http("POST :8082/orders couponId=1 customerId=1 qty=1001").is(409);
    assert_eq!(many["code"], "sold-out");
    assert_eq!(stock(at), 1000);
    assert_eq!(shop.ledger().charged(), (1, 30_000));
}

fn the_stock_check_is_on_the_services_own_port_only(at: &Paths) {
    let left = stock(at);
    assert_eq!(at.http(":8081/chkAndModifyStock?couponId=1&qty=1000").is(200).json(), &json!(true));
    assert_eq!(at.http(":8081/chkAndModifyStock?couponId=1&qty=1001").is(200).json(), &json!(false));
    at.http(":8081/chkAndModifyStock?couponId=1&qty=0").is(400);
    at.http(":8081/chkAndModifyStock?couponId=1&qty=-5").is(400);
    at.http(":8088/chkAndModifyStock?couponId=1&qty=1").is(404);
    at.http(":8082/chkAndModifyStock?couponId=1&qty=1").is(404);
    assert_eq!(stock(at), left, "asking changes nothing");
}
