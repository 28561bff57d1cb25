//! A seller's day: who bought what, orders taken back for a reason, a whole show called off, points put right. By v1 and the command line.

use serde_json::{Value, json};
use tests::{Ended, Paths, Reply, Shop, eventually_is, maejin};

const SHOW: &str = "/api/v1/storefronts/show";

/// A verb against a running shop; words with spaces in them stand in a list of their own.
fn at(shop: &Shop, words: &str, more: &[&str]) -> Ended {
    let url = shop.door().url(None, "");
    maejin(words.split(' ').chain(more.iter().copied()).chain(["--url", url.trim_end_matches('/')]))
}

fn asked(shop: &Shop, words: &str, more: &[&str]) -> Value {
    let ended = at(shop, words, &[more, &["--json"]].concat()).with_code(0);
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error} in {}", ended.out))
}

fn won(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

#[track_caller]
fn post(at: &Paths, path: &str, body: &Value) -> Reply {
    at.http_with_body(&format!("POST {path}"), &body.to_string())
}

#[track_caller]
fn offering(at: &Paths, storefront: &str, body: &Value) {
    post(at, &format!("/api/v1/storefronts/{storefront}/offerings"), body).is(201);
}

#[track_caller]
fn buy(at: &Paths, storefront: &str, offering: &str, customer: &str, quantity: u64) -> Reply {
    let order = json!({ "offering": offering, "customer": customer, "quantity": quantity });
    post(at, &format!("/api/v1/storefronts/{storefront}/orders"), &order)
}

/// The ids of a list of v1, without the zeros in front, `limit` at a time.
#[track_caller]
fn ids(at: &Paths, list: &str, limit: usize) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = at.http(&format!("{list}limit={limit}{after}")).is(200);
        let items = page["items"].as_array().expect("a list").clone();
        all.extend(items.iter().map(|item| item["id"].as_str().expect("a text").trim_start_matches('0').to_owned()));
        let Some(next) = page["next"].as_str() else { return all };
        assert_eq!(items.len(), limit, "only the last page is short: {list}");
        after = format!("&after={next}");
    }
}

#[test]
fn a_seller_reads_who_bought_what_narrowed_and_page_by_page() {
    let shop = Shop::open();
    let door = shop.door();
    offering(&door, "show", &json!({ "name": "A", "price": won(1_000), "stock": 4 }));
    offering(&door, "show", &json!({ "name": "B", "price": won(1_000), "stock": 10 }));
    offering(&door, "coupon", &json!({ "name": "C", "price": won(1_000), "stock": 10 }));
    for (offering, customer, quantity) in [("1", "7", 1), ("2", "8", 1), ("1", "8", 2), ("2", "7", 1), ("1", "7", 4)] {
        let status = buy(&door, "show", offering, customer, quantity).status;
        assert_eq!(status, if quantity == 4 { 409 } else { 201 });
    }
    buy(&door, "coupon", "1", "7", 1).is(201);
    post(&door, &format!("{SHOW}/orders/2/cancel"), &json!({ "reason": "ill" })).is(200);
    let list = |query: &str| {
        let list = format!("{SHOW}/orders?{query}");
        let whole = ids(&door, &list, 200);
        for limit in 1..=5 {
            assert_eq!(ids(&door, &list, limit), whole, "{query}, {limit} at a time");
        }
        whole
    };
    assert_eq!(list(""), ["5", "4", "3", "2", "1"]);
    assert_eq!(list("state=confirmed&"), ["4", "3", "1"]);
    assert_eq!(list("state=cancelled&"), ["2"]);
    assert_eq!(list("state=rejected&offering=1&"), ["5"]);
    assert_eq!(list("offering=2&"), ["4", "2"]);
    assert_eq!(list("customer=7&"), ["5", "4", "1"]);
    assert_eq!(list("customer=7&offering=000000000001&state=confirmed&"), ["1"]);
    assert!(list("customer=nobody&").is_empty() && list("offering=99&").is_empty());
    let third = door.http(&format!("{SHOW}/orders/3")).is(200)["placed_at"].as_str().expect("a text").to_owned();
    let since = list(&format!("placed_from={third}&"));
    let before = list(&format!("placed_until={third}&"));
    assert!(since.contains(&"3".to_owned()) && !before.contains(&"3".to_owned()), "{since:?} {before:?}");
    assert_eq!([since, before].concat(), ["5", "4", "3", "2", "1"], "each is on one side");
    let shown = door.http(&format!("{SHOW}/orders?limit=1&state=cancelled")).is(200);
    assert_eq!(shown["items"][0], *door.http(&format!("{SHOW}/orders/2")).is(200).json());
    for (query, field) in [
        ("state=lost", "state"),
        ("offering=x", "offering"),
        ("customer=", "customer"),
        ("placed_from=yesterday", "placed_from"),
        ("placed_until=1969-12-31T00:00:00Z", "placed_until"),
        ("after=x", "after"),
        ("limit=0", "limit"),
        ("seat=1", "seat"),
    ] {
        assert_eq!(door.http(&format!("{SHOW}/orders?{query}")).is(400)["errors"][0]["field"], field, "{query}");
    }
    let found = asked(&shop, "orders list --storefront show --placed-from", &[&third]);
    assert_eq!(found["items"].as_array().expect("a list").last().expect("one")["order"], 3);
}

#[test]
fn an_order_is_taken_back_for_a_reason_that_everybody_is_told() {
    let shop = Shop::open();
    let door = shop.door();
    offering(&door, "show", &json!({ "name": "라라랜드", "price": won(1_000), "stock": 10 }));
    for customer in ["1", "2"] {
        assert_eq!(buy(&door, "show", "1", customer, 1).is(201)["points"], 50);
    }
    let said = at(&shop, "orders cancel show/1 --reason", &["the singer is ill"]).with_code(0);
    assert_eq!(said.out.trim(), "show/1 is cancelled");
    at(&shop, "orders cancel show/1 --yes --reason", &["another one"]).with_code(0);
    let order = door.http(&format!("{SHOW}/orders/1")).is(200);
    assert_eq!((&order["reason"], &order["cancel_reason"]), (&json!("cancelled"), &json!("the singer is ill")));
    assert_eq!(order["points"], 0, "they were taken back");
    let shown = asked(&shop, "orders show show/1", &[]);
    assert_eq!((&shown["explanation"], &shown["points"]), (&json!("the singer is ill"), &json!(0)));
    offering(&door, "movie", &json!({ "name": "라라랜드", "price": won(1_000), "stock": 10 }));
    buy(&door, "movie", "1", "1", 1).is(201);
    at(&shop, "orders cancel movie/1 --reason", &["the projector is broken."]).with_code(0);
    let told = door.http("/api/v1/customers/1/notifications").is(200);
    let text = told["items"][0]["text"].as_str().expect("a text");
    assert_eq!(text, "Your order 1 of 1 x 라라랜드 is cancelled: the projector is broken.");
    let course = door.http(&format!("{SHOW}/orders/1/timeline")).is(200);
    let ends = course["items"].as_array().expect("a list").iter().find(|entry| entry["message"] == "OrderCancelled");
    let ends = ends.expect("it was cancelled");
    assert_eq!(ends["summary"], "1 of 라라랜드 taken back: the singer is ill");
    assert_eq!(ends["data"]["now"]["cancel_reason"], "the singer is ill");

    // v1 takes a reason, and needs none.
    let path = format!("{SHOW}/orders/2/cancel");
    for (body, field) in [(json!({ "reason": " " }), "reason"), (json!({ "why": "x" }), "why"), (json!([]), "body")] {
        assert_eq!(post(&door, &path, &body).is(422)["errors"][0]["field"], field, "{body}");
    }
    let with_key = |body: &Value| door.http_with_body(&format!("POST {path} Idempotency-Key:a"), &body.to_string());
    let cancelled = with_key(&json!({ "reason": " 취소 " })).is(200);
    assert_eq!(cancelled["cancel_reason"], "취소");
    assert_eq!(with_key(&json!({ "reason": "취소" })).is(200)["version"], cancelled["version"]);
    assert_eq!(with_key(&json!({})).is(422)["code"], "key-reused");
    assert_eq!(door.http(&format!("POST {path}")).is(200)["cancel_reason"], "취소", "a second cancel changes nothing");
}

#[test]
fn a_whole_show_is_called_off_over_a_kill_in_the_middle_and_none_is_taken_back_twice() {
    let mut shop = Shop::open();
    let door = shop.door();
    for name in ["called off", "goes on"] {
        offering(&door, "coupon", &json!({ "name": name, "price": won(1_000), "stock": 1_000 }));
    }
    for customer in 0..450 {
        buy(&door, "coupon", "1", &customer.to_string(), 1).is(201);
    }
    buy(&door, "coupon", "2", "1", 1).is(201);
    post(&door, "/api/v1/storefronts/coupon/orders/450/cancel", &json!({})).is(200);
    let first = post(&door, "/operator/offerings/coupon/1/cancel-orders", &json!({ "reason": "rain" })).is(200);
    assert_eq!((&first["cancelled"], &first["already_cancelled"]), (&json!(199), &json!(1)));
    assert!(first["next"].is_string() && first["still_on_sale"] == true, "{first}");
    shop.kill();
    shop.start_again();

    let done = at(&shop, "offerings cancel-orders coupon/1 --yes --reason", &["rain"]).with_code(0);
    assert!(done.out.starts_with("coupon/1: 250 cancelled, 200 cancelled before"), "{}", done.out);
    assert!(done.out.contains("0 failed") && done.out.contains("maejin offerings withdraw coupon/1"), "{}", done.out);
    let counts = |found: &Value| ["cancelled", "already_cancelled"].map(|name| found[name].as_u64());
    let again = asked(&shop, "offerings cancel-orders coupon/1", &[]);
    assert_eq!((counts(&again), &again["failed"]), ([Some(0), Some(450)], &json!([])));
    let door = shop.door();
    eventually_is("everything is given back", json!([1_000, 0, 0]), || {
        let stock = door.http("/api/v1/storefronts/coupon/offerings/1").is(200)["stock"].clone();
        json!([stock["left"], stock["held"], stock["sold"]])
    });
    let other = door.http("/api/v1/storefronts/coupon/orders/451").is(200);
    assert_eq!(other["state"], "confirmed", "it is another show's");
    let cancels = shop.timeline("coupon", 1);
    let cancels = cancels.iter().filter(|said| said["message"] == "OrderCancelling").count();
    assert_eq!(cancels, 1);
    let none = at(&shop, "offerings cancel-orders coupon/9", &[]).with_code(1);
    assert!(none.err.contains("there is no offering coupon/9"), "{}", none.err);
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn an_order_that_has_arrived_is_told_as_one_that_could_not_be_taken_back() {
    let shop = Shop::open();
    let door = shop.door();
    offering(&door, "shop", &json!({ "name": "a", "price": won(1_000), "stock": 3 }));
    for customer in ["1", "2", "3"] {
        buy(&door, "shop", "1", customer, 1).is(201);
    }
    assert_eq!(buy(&door, "shop", "1", "4", 1).status, 409);
    post(&door, "/operator/deliveries/shop/2/complete", &json!({})).is(200);
    let ended = at(&shop, "offerings cancel-orders shop/1 --json", &[]).with_code(1);
    let found: Value = serde_json::from_str(&ended.out).expect("a document");
    assert_eq!((&found["cancelled"], &found["failed"][0]["order"]), (&json!(2), &json!(2)));
    assert_eq!(found["failed"][0]["code"], "already-delivered");
    let shown = at(&shop, "offerings cancel-orders shop/1", &[]).with_code(1).out;
    assert!(shown.contains("0 cancelled, 2 cancelled before") && shown.contains("shop/2: the delivery"), "{shown}");
    assert_eq!(door.http("/api/v1/storefronts/shop/orders/2").is(200)["state"], "confirmed");
}

#[test]
fn points_are_put_right_with_a_reason_once_for_a_key_and_not_below_zero_by_mistake() {
    let mut shop = Shop::open();
    let given = |more: &[&str]| at(&shop, "points add 7 500 --reason sorry", more);
    for _ in 0..2 {
        assert_eq!(given(&["--key", "a"]).with_code(0).out.trim(), "customer 7 has 500 points");
    }
    assert_eq!(given(&[]).with_code(0).out.trim(), "customer 7 has 1000 points", "without a key it is done again");
    let other = at(&shop, "points add 7 600 --reason sorry --key a", &[]).with_code(1);
    assert!(other.err.contains("key-reused"), "{}", other.err);
    let owed = at(&shop, "points add 7 -1200 --reason mistake", &[]).with_code(1);
    assert!(owed.err.contains("customer 7 has 1000 points, so 1200 fewer is 200 below zero"), "{}", owed.err);
    assert!(at(&shop, "points add 7 0 --reason mistake", &[]).with_code(1).err.contains("nothing to add"));
    at(&shop, "points add 7 -1200 --below-zero --reason", &["=1+1, \"twice\""]).with_code(0);
    let shown = asked(&shop, "points show 7", &[]);
    assert_eq!((&shown["balance"], &shown["entries"][0]["reason"]), (&json!(-200), &json!("=1+1, \"twice\"")));
    let ledger = shop.door().http("/api/v1/customers/7/points").is(200);
    assert_eq!((&ledger["items"][0]["points"], &ledger["items"][1]["reason"]), (&json!(-1_200), &json!("sorry")));
    let csv = at(&shop, "points show 7 --csv --all", &[]).with_code(0).out;
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(lines[0], "customer,at,points,balance,storefront,order,reason");
    assert!(lines[1].ends_with(",-1200,-200,,,\"'=1+1, \"\"twice\"\"\"") && lines.len() == 5, "{csv}");
    let first = asked(&shop, "points show 7 --limit 2", &[]);
    let next = first["next"].as_str().expect("there are more").to_owned();
    assert_eq!(asked(&shop, "points show 7 --limit 2 --after", &[&next])["entries"].as_array().map(Vec::len), Some(1));
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn lists_come_as_comma_separated_values_whole_and_without_formulas() {
    let shop = Shop::open();
    let door = shop.door();
    offering(&door, "show", &json!({ "name": "=A, \"B\"", "price": won(1_000), "stock": 10 }));
    for customer in ["+82", "김", "@b"] {
        buy(&door, "show", "1", customer, 1).is(201);
    }
    let rows = |words: &str| -> Vec<String> {
        at(&shop, words, &[]).with_code(0).out.trim_end().split("\r\n").map(str::to_owned).collect()
    };
    let orders = rows("orders list --csv --all");
    assert!(
        orders[0].starts_with("storefront,order,offering,offering_name,customer,quantity,seats,total,currency,state")
    );
    let begin =
        |order: u64, customer: &str| format!("show,{order},1,\"'=A, \"\"B\"\"\",{customer},1,,1000,KRW,confirmed,");
    let expected = [begin(3, "'@b"), begin(2, "김"), begin(1, "'+82")];
    assert!(orders[1..].iter().zip(&expected).all(|(row, begin)| row.starts_with(begin)), "{orders:?}");
    assert_eq!(orders.len(), 4);
    let part = at(&shop, "orders list --csv --limit 2", &[]).with_code(0);
    assert_eq!(part.out.matches("\r\n").count(), 3);
    assert!(part.err.contains("there are more: --after"), "{}", part.err);
    let all = asked(&shop, "orders list --all", &[]);
    assert_eq!((all["items"].as_array().map(Vec::len), &all["next"]), (Some(3), &Value::Null));
    assert!(rows("offerings list --csv")[1].starts_with("show,1,,\"'=A, \"\"B\"\"\",1000,KRW,7,0,3,10,false,false,"));
    assert_eq!(rows("parked list --csv").len(), 1);
    let both = maejin(["orders", "list", "--csv", "--json"]).with_code(2);
    assert!(both.err.contains("cannot be used with"), "{}", both.err);
}

#[test]
fn offerings_are_found_by_whether_they_are_on_sale_how_many_are_left_and_what_they_cost() {
    let shop = Shop::open();
    let door = shop.door();
    for (stock, price, more) in [
        (1, 100, json!({})),
        (5, 300, json!({ "on_sale_until": "2001-01-01T00:00:00Z" })),
        (9, 200, json!({ "on_sale_from": "2001-01-01T00:00:00Z", "on_sale_until": "9000-01-01T00:00:00Z" })),
        (9, 900, json!({ "on_sale_from": "9000-01-01T00:00:00Z" })),
    ] {
        let mut new = json!({ "name": "A", "price": won(price), "stock": stock });
        new.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        offering(&door, "show", &new);
    }
    buy(&door, "show", "1", "7", 1).is(201);
    let list = |query: &str| {
        let list = format!("{SHOW}/offerings?{query}&");
        let whole = ids(&door, &list, 200);
        assert_eq!(ids(&door, &list, 1), whole, "{query}, one at a time");
        whole
    };
    assert_eq!(list("on_sale=true"), ["1", "3"]);
    assert_eq!(list("on_sale=false"), ["2", "4"]);
    assert_eq!(list("min_left=1"), ["2", "3", "4"]);
    assert_eq!(list("max_left=0"), ["1"]);
    assert_eq!(list("min_price=200&max_price=300&sort=-price"), ["2", "3"]);
    assert_eq!(list("on_sale=true&min_left=1"), ["3"]);
    for field in ["on_sale", "min_left", "max_left", "min_price", "max_price"] {
        assert_eq!(door.http(&format!("{SHOW}/offerings?{field}=x")).is(400)["errors"][0]["field"], field);
    }
    let numbers = |words: &str| -> Vec<Value> {
        let found = asked(&shop, words, &[]);
        found["items"].as_array().expect("a list").iter().map(|item| item["offering"].clone()).collect()
    };
    assert_eq!(numbers("offerings list --on-sale --min-left 1"), [json!(3)]);
    assert_eq!(numbers("offerings list --on-sale false --max-price 300"), [json!(2)]);
}
