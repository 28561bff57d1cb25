//! A payment provider that has other customers, remembers what a shop forgot, or refuses a call: nobody's money is taken for another's,
//! kept for nothing, or given back in doubt.

use serde_json::{Value, json};
use tests::{Client, Ledger, Shop, Start, books, eventually_is, maejin};

#[test]
fn the_books_of_two_shops_and_a_restored_one_agree_with_their_provider_to_the_won() {
    let books = books::agree(1_000);
    println!("{books:?}");
    assert!(books.lost.0 > 100 && books.net.0 == books.net.1 + books.lost.1, "{books:?}");
}

/// A shop at the provider of another one, and an order for which the provider has a charge of somebody else by the same key.
fn parked_order(provider: &Shop) -> (Shop, u64, String) {
    let url = provider.provider_url();
    let shop = Start::open().env("MAEJIN_PAYMENT__URL", &url).run();
    let at = shop.paths("coupon");
    at.http("POST /coupons couponId=1 couponName=A amt=15000 stock=10").is(201);
    let data = shop.home().data();
    let config = maejin(["config", "--json", "--data", &data.to_string_lossy()]).with_code(0);
    let config: Value = serde_json::from_str(&config.out).expect("settings as JSON");
    let store = |field: &str| config["store"][field].as_str().expect("the store has an identity").to_owned();
    let first = (4_u64 << 40) + 1;
    let key = format!("{}.{}.order-{first}", store("id"), store("incarnation"));
    let body = json!({ "amount": 777, "currency": "KRW", "card": "approve", "description": "somebody else's" });
    let header = [("Idempotency-Key".to_owned(), key.clone())];
    Client::default().call("POST", &format!("{url}/charges"), &header, Some(&body)).expect("an answer").is(200);
    let number = at.http("POST /orders couponId=1 customerId=1 qty=2").is(201).number();
    (shop, number, key)
}

fn in_v1(shop: &Shop, number: u64) -> Value {
    shop.door().http(&format!("/api/v1/storefronts/coupon/orders/{number}")).is(200).json().clone()
}

fn parked(shop: &Shop) -> Value {
    let url = shop.door().url(None, "");
    let listed = maejin(["parked", "list", "--json", "--url", url.trim_end_matches('/')]).with_code(0);
    serde_json::from_str(&listed.out).expect("JSON")
}

fn act(shop: &Shop, verb: &str, number: u64) -> tests::Ended {
    let url = shop.door().url(None, "");
    maejin(["parked", verb, &format!("coupon/{number}"), "--url", url.trim_end_matches('/')])
}

#[test]
fn a_call_that_the_provider_refuses_waits_for_an_operator_and_nobody_is_refunded_or_declined() {
    let provider = Shop::open();
    let (mut shop, number, key) = parked_order(&provider);
    let url = provider.provider_url();
    let why = "refused by the provider: this Idempotency-Key came before with another body";
    let is_parked = |shop: &Shop| {
        eventually_is("whether the order is parked", json!(true), || in_v1(shop, number)["parked"].clone());
        let listed = parked(shop);
        assert_eq!((&listed["orders"][0]["order"], &listed["orders"][0]["reason"]), (&json!(number), &json!(why)));
    };
    is_parked(&shop);
    assert_eq!(in_v1(&shop, number)["state"], "held");
    let at = shop.paths("coupon");
    assert_eq!(at.http("/coupons/1").is(200)["stock"], 8, "what is held for it stays held");
    assert_eq!(at.http(&format!("DELETE /orders/{number}")).is(409)["code"], "wrong-state");
    eventually_is("the orders parked, as metered", true, || {
        let metrics = shop.door().http("/metrics").is(200).text;
        metrics.lines().any(|line| line.starts_with("maejin_parked_orders ") && line.ends_with(" 1.0"))
    });

    shop.kill();
    shop.check().with_code(0);
    shop.start_again();
    is_parked(&shop);
    act(&shop, "retry", number).with_code(0);
    eventually_is("how often the provider refused", 2, || {
        shop.timeline("coupon", number).iter().filter(|line| line["message"] == "PaymentParked").count()
    });
    is_parked(&shop);

    act(&shop, "give-up", number).with_code(0);
    eventually_is("the order's state", json!("rejected"), || in_v1(&shop, number)["state"].clone());
    assert_eq!(in_v1(&shop, number)["payment"]["state"], "given_up");
    assert_eq!(shop.paths("coupon").http("/coupons/1").is(200)["stock"], 10);
    assert_eq!(
        (Ledger::at(&url).charged(), Ledger::at(&url).refunded()),
        ((1, 777), (0, 0)),
        "nothing was undone in doubt"
    );
    shop.stop();
    shop.check().with_code(0);
    let checked = shop.check_provider(&url).with_code(1);
    assert!(checked.out.contains("coupon/order 1") && checked.out.contains("777"), "{}", checked.out);

    let header = [("Idempotency-Key".to_owned(), "by-hand".to_owned())];
    let body = json!({ "charge_key": key });
    Client::default().call("POST", &format!("{url}/refunds"), &header, Some(&body)).expect("an answer").is(200);
    shop.check_provider(&url).with_code(0);
}

#[test]
fn without_an_address_the_book_of_the_sandbox_beside_the_shop_is_compared() {
    let mut shop = Shop::open();
    let at = shop.paths("coupon");
    at.http("POST /coupons couponId=1 couponName=A amt=15000 stock=10").is(201);
    let number = at.http("POST /orders couponId=1 customerId=1 qty=2").is(201).number();
    eventually_is("the order's state", json!("confirmed"), || in_v1(&shop, number)["state"].clone());
    shop.stop();
    let data = shop.home().data();
    let checked = maejin(["check", "--data", &data.to_string_lossy(), "--provider"]).with_code(0);
    assert!(checked.out.contains("of 1 charges listed, 1 are payments of this store"), "{}", checked.out);
    assert!(checked.out.contains("so the provider keeps 30000"), "{}", checked.out);
    let book = data.join("sandbox").join("sandbox-provider.jsonl");
    let text = std::fs::read_to_string(&book).expect("a book");
    std::fs::write(&book, text.replace("30000", "29999")).expect("a planted difference");
    let checked = maejin(["check", "--data", &data.to_string_lossy(), "--provider"]).with_code(1);
    assert!(checked.out.contains("29999"), "{}", checked.out);
}
