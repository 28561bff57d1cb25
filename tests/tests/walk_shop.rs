//! The walk-through of the shopping mall: goods that are paid for and delivered, and a cancel that undoes all of it.

use serde_json::{Value, json};
use tests::{Paths, Shop, eventually_is};

#[test]
fn alone_on_the_ports_of_its_services() {
    let shop = Shop::alone("shop");
    story(&shop, &shop.paths("shop"));
}

#[test]
fn together_with_the_others_below_its_prefix() {
    let shop = Shop::open();
    story(&shop, &shop.paths("shop"));
}

fn story(shop: &Shop, at: &Paths) {
    at.http("POST :8083/inventories id=1 stock=10 price=25000").is(201);
    three_are_ordered(shop, at);
    a_cancel_undoes_all(shop, at);
    the_clerk_sets_what_is_left(shop, at);
    one_more_than_there_is_is_refused(shop, at);
}

fn stock(at: &Paths) -> Value {
    at.http(":8083/inventories/1").is(200)["stock"].clone()
}

fn payments(at: &Paths) -> Vec<Value> {
    let payment = |row: &Value| json!([row["orderId"], row["customerId"], row["status"]]);
    at.rows(":8084/paymentHistories").iter().map(payment).collect()
}

fn deliveries(at: &Paths) -> Vec<Value> {
    let delivery = |row: &Value| json!([row["orderId"], row["productId"], row["status"]]);
    at.rows(":8085/deliveries").iter().map(delivery).collect()
}

fn three_are_ordered(shop: &Shop, at: &Paths) {
    at.http("POST :8082/orders productId=1 qty=3 customerId=1").is(201);
    assert_eq!(stock(at), 7);
    eventually_is("the delivery", vec![json!(["1", "1", "DeliveryStarted"])], || deliveries(at));
    assert_eq!(payments(at), [json!(["1", "1", "PaymentApproved"])]);
    assert_eq!(shop.ledger().charged(), (1, 75_000));
    let order = at.http(":8082/orders/1").is(200);
    assert_eq!([&order["productId"], &order["qty"], &order["customerId"]], [&json!("1"), &json!(3), &json!("1")]);
}

fn a_cancel_undoes_all(shop: &Shop, at: &Paths) {
    at.http("DELETE :8082/orders/1").is(204);
    eventually_is("the payment", vec![json!(["1", "1", "PaymentCanceled"])], || payments(at));
    eventually_is("the delivery", vec![json!(["1", "1", "DeliveryCanceled"])], || deliveries(at));
    eventually_is("the stock", json!(10), || stock(at));
    at.http("DELETE :8082/orders/1").is(204);
    assert_eq!(stock(at), 10, "once, not twice");
    assert_eq!((shop.ledger().refunded(), shop.ledger().net()), ((1, 75_000), 0));
    assert_eq!(at.http(":8082/orders/1").is(200)["status"], "OrderCanceled");
}

fn the_clerk_sets_what_is_left(shop: &Shop, at: &Paths) {
    at.http("PATCH :8083/inventories/1 stock=25").is(200);
    assert_eq!(stock(at), 25);
    let messages = shop.events(&["--storefront", "shop"]);
    let added: Vec<&Value> = messages.iter().filter(|line| line["message"] == "StockAdded").collect();
    assert_eq!((added.len(), &added[0]["data"]["by"], &added[0]["data"]["left"]), (1, &json!(15), &json!(25)));
}

fn one_more_than_there_is_is_refused(shop: &Shop, at: &Paths) {
    let refused = at.http("POST :8082/orders productId=1 qty=26 customerId=1").is(409);
    assert_eq!(refused["code"], "sold-out");
    assert_eq!(stock(at), 25);
    assert_eq!((payments(at).len(), deliveries(at).len()), (1, 1));
    assert_eq!(shop.ledger().charged(), (1, 75_000));
    at.http("POST :8082/orders productId=1 qty=25 customerId=1").is(201);
    assert_eq!(stock(at), 0);
}

#[test]
fn an_order_whose_goods_have_arrived_cannot_be_cancelled() {
    let shop = Shop::alone("shop");
    let at = shop.paths("shop");
    at.http("POST :8083/inventories id=1 stock=2 price=100").is(201);
    at.http("POST :8082/orders productId=1 qty=1 customerId=1").is(201);
    eventually_is("the delivery", vec![json!(["1", "1", "DeliveryStarted"])], || deliveries(&at));

    at.http("POST :8088/operator/deliveries/shop/1/dispatch").is(200);
    at.http("POST :8088/operator/deliveries/shop/1/complete").is(200);

    assert_eq!(at.http("DELETE :8082/orders/1").is(409)["code"], "already-delivered");
    assert_eq!(deliveries(&at), [json!(["1", "1", "DeliveryCompleted"])]);
    assert_eq!((stock(&at), shop.ledger().net()), (json!(1), 100));
    assert_eq!(at.http(":8088/operator/parked").is(200).json(), &json!({ "messages": [], "orders": [] }));
}

#[test]
fn what_costs_nothing_is_paid_without_asking_the_provider() {
    let shop = Shop::alone("shop");
    let at = shop.paths("shop");
    at.http("POST :8083/inventories id=1 stock=10").is(201);

    at.http("POST :8082/orders productId=1 qty=3 customerId=1").is(201);
    assert_eq!(stock(&at), 7);
    assert_eq!(payments(&at), [json!(["1", "1", "PaymentApproved"])]);
    assert_eq!(deliveries(&at), [json!(["1", "1", "DeliveryStarted"])]);

    at.http("DELETE :8082/orders/1").is(204);
    assert_eq!(payments(&at), [json!(["1", "1", "PaymentCanceled"])]);
    assert_eq!((stock(&at), shop.ledger().charged()), (json!(10), (0, 0)));
}
