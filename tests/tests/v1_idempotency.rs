//! v1 and requests that come again: one key, one thing done, one answer, whoever asks how often, and after a kill, too.

use serde_json::{Value, json};
use tests::{Paths, Reply, Shop, at_once};

const SHOW: &str = "/api/v1/storefronts/show";
const COUPON: &str = "/api/v1/storefronts/coupon";
const CLIENTS: usize = 64;

fn won(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

#[track_caller]
fn post(at: &Paths, line: &str, body: &Value) -> Reply {
    at.http_with_body(&format!("POST {line}"), &body.to_string())
}

/// What must be the same in each answer: everything but who asked.
fn answer(reply: &Reply) -> (u16, String, [Option<String>; 3]) {
    let header = |name| reply.header(name).map(str::to_owned);
    (reply.status, reply.text.clone(), ["location", "etag", "content-type"].map(header))
}

/// Asks from all clients at once, after a kill, and once with another body. Gives the answer.
fn asked_again_and_again(shop: &mut Shop, line: &str, body: &Value, other: &Value) -> Reply {
    let line = format!("{line} Idempotency-Key:one-and-the-same");
    let at = shop.door();
    let replies = at_once(CLIENTS, |_| {
        let own = Paths::clone(&at);
        post(&own, &line, body)
    });
    let first = replies[0].clone().is(201);
    replies.iter().for_each(|reply| assert_eq!(answer(reply), answer(&first)));
    shop.kill();
    shop.start_again();
    assert_eq!(answer(&post(&shop.door(), &line, body)), answer(&first), "after a kill");
    let reused = post(&shop.door(), &line, other).is(422);
    assert_eq!((&reused["code"], &reused["errors"][0]["field"]), (&json!("key-reused"), &json!("Idempotency-Key")));
    assert_eq!(answer(&post(&shop.door(), &line, body)), answer(&first), "after the other one was refused");
    first
}

#[track_caller]
fn is_sound(mut shop: Shop) {
    shop.stop();
    shop.check().with_code(0);
}

/// Of the messages with this name.
fn many(shop: &Shop, message: &str) -> usize {
    shop.events(&[]).iter().filter(|line| line["message"] == message).count()
}

#[test]
fn an_order_is_placed_once_however_often_it_comes_with_its_key() {
    for storefront in [SHOW, COUPON] {
        let mut shop = Shop::open();
        let offering = json!({ "name": "A", "price": won(1_000), "stock": 100 });
        post(&shop.door(), &format!("{storefront}/offerings"), &offering).is(201);
        let order = |quantity: u32| json!({ "offering": "1", "quantity": quantity, "customer": "1" });
        let placed = asked_again_and_again(&mut shop, &format!("{storefront}/orders"), &order(2), &order(3));
        assert_eq!((&placed["state"], &placed["id"]), (&json!("confirmed"), &json!("000000000001")), "{storefront}");
        assert_eq!(shop.door().http(&format!("{storefront}/offerings/1"))["stock"]["sold"], 2, "{storefront}");
        assert_eq!((many(&shop, "OrderPlaced"), many(&shop, "StockSold")), (1, 1), "{storefront}");
        is_sound(shop);
    }
}

#[test]
fn a_refused_order_stays_refused_for_its_key() {
    let mut shop = Shop::open();
    let at = shop.door();
    post(&at, &format!("{SHOW}/offerings"), &json!({ "name": "A", "price": won(1), "stock": 1 })).is(201);
    let line = format!("{SHOW}/orders Idempotency-Key:k");
    let order = json!({ "offering": "1", "quantity": 2, "customer": "1" });
    let refused = post(&at, &line, &order).is(409);
    at.http_with_body(&format!("POST {SHOW}/offerings/1/stock"), "{\"add\":10}").is(200);
    shop.kill();
    shop.start_again();
    let again = post(&shop.door(), &line, &order).is(409);
    assert_eq!((&again["code"], &again["order"]), (&refused["code"], &refused["order"]));
    assert_eq!(many(&shop, "OrderPlaced"), 1);
    is_sound(shop);
}

#[test]
fn while_nothing_is_left_a_key_that_is_new_leaves_nothing_and_one_that_ordered_has_its_order() {
    let mut shop = Shop::open();
    let at = shop.door();
    post(&at, &format!("{SHOW}/offerings"), &json!({ "name": "A", "price": won(1), "stock": 1 })).is(201);
    let order = json!({ "offering": "1", "quantity": 1, "customer": "1" });
    let with = |at: &Paths, key: &str| post(at, &format!("{SHOW}/orders Idempotency-Key:{key}"), &order);
    let mine = answer(&with(&at, "mine").is(201));
    for life in ["the first life", "the second life"] {
        let at = shop.door();
        let entries = || many(&shop, "OrderPlaced");
        // The first one that comes too late has an entry; then it is known that nothing is left, for a second.
        let late: Vec<Reply> =
            (0..300).map(|turn| with(&at, &format!("late-{life}-{turn}").replace(' ', "-"))).collect();
        let left_nothing: Vec<usize> = (0..300).filter(|turn| late[*turn].clone().is(409)["order"].is_null()).collect();
        assert!(left_nothing.len() > 100, "{life}: {} of 300", left_nothing.len());
        assert_eq!(answer(&with(&at, "mine")), mine, "{life}: asked again while it is known that nothing is left");
        let before = entries();
        at.http_with_body(&format!("POST {SHOW}/offerings/1/stock"), "{\"add\":1}").is(200);
        let again = with(&at, &format!("late-{life}-{}", left_nothing[0]).replace(' ', "-")).is(201);
        assert_eq!((&again["state"], entries()), (&json!("confirmed"), before + 1), "{life}: after a restock");
        shop.kill();
        shop.start_again();
    }
    is_sound(shop);
}

#[test]
fn an_offering_is_put_on_sale_once_however_often_it_comes_with_its_key() {
    let mut shop = Shop::open();
    let offering =
        |stock: u32| json!({ "name": "A", "price": won(1), "stock": stock, "on_sale_from": "2001-01-01T00:00:00Z" });
    let line = format!("{SHOW}/offerings");
    let new = asked_again_and_again(&mut shop, &line, &offering(5), &offering(6));
    assert_eq!(shop.door().http(&line)["items"], json!([new.json()]));
    assert_eq!(many(&shop, "OfferingRegistered"), 1);
    // The answer stays the same, whatever becomes of the offering.
    let at = shop.door();
    let again = || answer(&post(&at, &format!("{line} Idempotency-Key:one-and-the-same"), &offering(5)));
    post(&at, &format!("{SHOW}/orders"), &json!({ "offering": "1", "quantity": 1, "customer": "1" })).is(201);
    assert_eq!(again(), answer(&new), "after one was sold");
    at.http(&format!("POST {SHOW}/orders/1/cancel")).is(200);
    at.http(&format!("DELETE {line}/1 If-Match:*")).is(204);
    assert_eq!(again(), answer(&new), "after it was withdrawn");
    at.http(&format!("{line}/1")).is(404);
    is_sound(shop);
}

#[test]
fn a_house_is_put_on_sale_once_and_its_first_answer_is_true() {
    let mut shop = Shop::open();
    let house = |price: i64| {
        let seat = |number: u32, price: i64| json!({ "row": "A", "number": number, "price": won(price) });
        json!({ "name": "A", "seats": [seat(1, 7), seat(2, price), seat(3, 9)] })
    };
    let line = "/api/v1/storefronts/musical/offerings";
    let new = asked_again_and_again(&mut shop, line, &house(5), &house(6));
    let read = shop.door().http(&format!("{line}/1")).is(200);
    assert_eq!((read.json(), read.header("etag")), (new.json(), new.header("etag")));
    is_sound(shop);
}

#[test]
fn a_key_does_not_bind_what_could_not_be_meant() {
    let shop = Shop::open();
    let at = shop.door();
    let line = format!("{SHOW}/orders Idempotency-Key:k");
    let order = json!({ "offering": "1", "quantity": 1, "customer": "1" });
    post(&at, &line, &order).is(404);
    post(&at, &format!("{SHOW}/offerings"), &json!({ "name": "A", "price": won(1), "stock": 1 })).is(201);
    assert_eq!(post(&at, &line, &order).is(201)["id"], "000000000001");
    is_sound(shop);
}
