//! v1, as new clients call it: offerings, orders, refusals, customers.

use std::time::Duration;

use serde_json::{Value, json};
use tests::{Paths, Reply, Shop, at_once, eventually_is, pause};

const SHOW: &str = "/api/v1/storefronts/show";
const COUPON: &str = "/api/v1/storefronts/coupon";
const MUSICAL: &str = "/api/v1/storefronts/musical";

#[track_caller]
fn post(at: &Paths, line: &str, body: &Value) -> Reply {
    at.http_with_body(&format!("POST {line}"), &body.to_string())
}

fn won(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

/// An offering of `stock` for 1,000 won, and its id.
#[track_caller]
fn offering(at: &Paths, storefront: &str, stock: u64) -> String {
    let body = json!({ "name": "지킬앤하이드", "price": won(1_000), "stock": stock });
    let reply = post(at, &format!("{storefront}/offerings"), &body).is(201);
    reply["id"].as_str().expect("an id is text").to_owned()
}

#[track_caller]
fn order(at: &Paths, storefront: &str, offering: &str, quantity: u32) -> Reply {
    let body = json!({ "offering": offering, "quantity": quantity, "customer": "1" });
    post(at, &format!("{storefront}/orders"), &body)
}

/// The refusal of a request: its code, and the fields that it names.
#[track_caller]
fn refusal(reply: &Reply) -> (u16, String, Vec<String>) {
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{reply}");
    assert_eq!(reply["status"], reply.status, "{reply}");
    assert_eq!(reply["correlation_id"].as_str(), reply.header("x-correlation-id"), "{reply}");
    let fields = reply["errors"].as_array().expect("errors are a list").iter();
    let fields = fields.map(|error| error["field"].as_str().expect("a field is text").to_owned()).collect();
    (reply.status, reply["code"].as_str().expect("a code is text").to_owned(), fields)
}

fn expected(status: u16, code: &str, fields: &[&str]) -> (u16, String, Vec<String>) {
    (status, code.to_owned(), fields.iter().map(|field| (*field).to_owned()).collect())
}

#[test]
fn an_order_is_placed_read_and_cancelled() {
    let shop = Shop::open();
    let at = shop.door();
    let id = offering(&at, SHOW, 10);
    let placed = order(&at, SHOW, &id, 2).is(201);
    assert_eq!(
        (&placed["state"], &placed["quantity"], &placed["total"]),
        (&json!("confirmed"), &json!(2), &won(2_000))
    );
    assert_eq!(
        (&placed["storefront"], &placed["offering"], &placed["points"]),
        (&json!("show"), &json!(id), &json!(100))
    );
    let path = placed.header("location").expect("where to read it").to_owned();
    assert_eq!(path, format!("{SHOW}/orders/{}", placed["id"].as_str().expect("an id is text")));
    let read = at.http(&path).is(200);
    assert_eq!((read.json(), read.header("etag")), (placed.json(), placed.header("etag")));
    let stock = at.http(&format!("{SHOW}/offerings/{id}")).is(200)["stock"].clone();
    assert_eq!(stock, json!({ "capacity": 10, "left": 8, "held": 0, "sold": 2 }));
    let cancelled = at.http(&format!("POST {path}/cancel")).is(200);
    assert_eq!((&cancelled["state"], &cancelled["points"]), (&json!("cancelled"), &json!(0)));
    assert!(cancelled["cancelled_at"].as_str().is_some_and(|moment| moment.ends_with('Z')));
    assert_eq!(at.http(&format!("POST {path}/cancel")).is(200).json(), cancelled.json(), "a second one does nothing");
    assert_eq!(at.http(&format!("{SHOW}/offerings/{id}")).is(200)["stock"]["left"], 10);
}

#[test]
fn exactly_the_last_one_can_be_had_and_a_refused_order_is_still_there_to_read() {
    let shop = Shop::open();
    let at = shop.door();
    for storefront in [SHOW, COUPON] {
        let id = offering(&at, storefront, 2);
        order(&at, storefront, &id, 2).is(201);
        let refused = order(&at, storefront, &id, 1);
        assert_eq!(refusal(&refused), expected(409, "sold-out", &[]));
        let kept = at.http(refused["order"].as_str().expect("where to read it")).is(200);
        assert_eq!((&kept["state"], &kept["reason"]), (&json!("rejected"), &json!("sold-out")), "{storefront}");
    }
}

#[test]
fn while_nothing_is_left_it_is_said_at_once_and_what_comes_back_can_be_had_at_once() {
    let shop = Shop::open();
    let at = shop.door();
    let id = offering(&at, SHOW, 1);
    let mut without_entry = 0;
    for _ in 0..30 {
        let sold = order(&at, SHOW, &id, 1).is(201);
        for _ in 0..3 {
            let refused = order(&at, SHOW, &id, 1);
            assert_eq!(refusal(&refused), expected(409, "sold-out", &[]));
            without_entry += u32::from(refused["order"].is_null());
        }
        let line = format!("{SHOW}/orders Idempotency-Key:{}", sold["id"].as_str().expect("an id is text"));
        let keyed = post(&at, &line, &json!({ "offering": id, "quantity": 1, "customer": "1" }));
        assert_eq!(refusal(&keyed), expected(409, "sold-out", &[]));
        without_entry += u32::from(keyed["order"].is_null());
        at.http(&format!("POST {}/cancel", sold.header("location").expect("where it is"))).is(200);
    }
    // The first of each four has an entry, and one each second: on a slow machine many.
    assert!((20..=90).contains(&without_entry), "{without_entry} of 120");
    let metrics = at.http("/metrics").text;
    let counted = metrics.lines().find_map(|line| line.strip_prefix("maejin_sold_out_answers_total "));
    assert_eq!(counted.and_then(|count| count.parse().ok()), Some(f64::from(without_entry)), "{metrics}");
}

#[test]
fn a_price_that_the_catalogue_does_not_have_is_refused() {
    let shop = Shop::open();
    let at = shop.door();
    let id = offering(&at, SHOW, 2);
    let with = |price: i64| {
        let body = json!({ "offering": id, "quantity": 1, "customer": "1", "price": won(price) });
        post(&at, &format!("{SHOW}/orders"), &body)
    };
    assert_eq!(refusal(&with(999)), expected(409, "price-changed", &["price"]));
    with(1_000).is(201);
}

#[test]
fn seats_are_sold_once_each_at_their_own_price() {
    let shop = Shop::open();
    let at = shop.door();
    let seat =
        |row: &str, number: u32, price: i64| json!({ "row": row, "number": number, "grade": "R", "price": won(price) });
    let house = json!({ "name": "레미제라블", "seats": [seat("A", 1, 100), seat("A", 2, 200), seat("1층 나", 1, 50)] });
    let new = post(&at, &format!("{MUSICAL}/offerings"), &house).is(201);
    assert_eq!((&new["seated"], &new["stock"]["left"], &new["price"]), (&json!(true), &json!(3), &won(50)));
    let id = new["id"].as_str().expect("an id is text");
    let map = format!("{MUSICAL}/offerings/{id}/seats");
    let states = |map: Reply| -> Vec<String> {
        let items = map["items"].as_array().expect("a list").iter();
        items.map(|seat| format!("{} {}", seat["id"], seat["state"]).replace('"', "")).collect()
    };
    assert_eq!(states(at.http(&map).is(200)), ["A-1 free", "A-2 free", "1층 나-1 free"]);
    let buy = |seats: &[&str]| {
        let body = json!({ "offering": id, "seats": seats, "customer": "1" });
        post(&at, &format!("{MUSICAL}/orders"), &body)
    };
    let bought = buy(&["A-2", "1층 나-1"]).is(201);
    assert_eq!((&bought["seats"], &bought["total"]), (&json!(["A-2", "1층 나-1"]), &won(250)));
    assert_eq!((&bought["state"], &bought["payment"]["state"]), (&json!("confirmed"), &json!("paid")));
    assert_eq!(refusal(&buy(&["A-1", "A-2"])), expected(409, "seat-taken", &["seats"]));
    assert_eq!(refusal(&buy(&["A-1", "Z-9"])), expected(404, "unknown-reference", &["seats[1]"]));
    assert_eq!(refusal(&buy(&["nowhere"])), expected(404, "unknown-reference", &["seats[0]"]));
    assert_eq!(states(at.http(&map).is(200)), ["A-1 free", "A-2 sold", "1층 나-1 sold"]);
}

#[test]
fn a_seat_that_moved_is_found_where_it_is_and_not_where_it_was() {
    let shop = Shop::open();
    let at = shop.door();
    let seats: Vec<Value> = (1..=20).map(|number| json!({ "row": "1", "number": number, "price": won(1) })).collect();
    let house = json!({ "name": "A", "seats": seats });
    let id = post(&at, &format!("{MUSICAL}/offerings"), &house).is(201)["id"].clone();
    let buy = |seat: &str| {
        let body = json!({ "offering": id, "seats": [seat], "customer": "1" });
        post(&at, &format!("{MUSICAL}/orders"), &body)
    };
    for number in 1..=10 {
        // So long that the shop knows by heart where the seats are.
        pause(Duration::from_millis(100));
        buy(&format!("1-{number}")).is(201);
        pause(Duration::from_millis(50));
        let (before, after) = (10 + number, 100 + number);
        at.http_with_body(&format!("PATCH /musical/seats/{before}"), &json!({ "seatCol": after }).to_string()).is(200);
        assert_eq!(refusal(&buy(&format!("1-{before}"))), expected(404, "unknown-reference", &["seats[0]"]));
        assert_eq!(buy(&format!("1-{after}")).is(201)["seats"], json!([format!("1-{after}")]));
    }
}

#[test]
fn of_a_hundred_who_want_one_seat_one_gets_it() {
    let shop = Shop::open();
    let at = shop.door();
    let house = json!({ "name": "A", "seats": [{ "row": "A", "number": 1, "price": won(1) }] });
    let id = post(&at, &format!("{MUSICAL}/offerings"), &house).is(201)["id"].clone();
    let answers = at_once(100, |buyer| {
        let body = json!({ "offering": id, "seats": ["A-1"], "customer": buyer.to_string() });
        post(&at, &format!("{MUSICAL}/orders"), &body).status
    });
    let (got, not): (Vec<u16>, Vec<u16>) = answers.into_iter().partition(|status| *status == 201);
    assert_eq!((got.len(), not), (1, vec![409; 99]));
}

#[test]
fn a_client_waits_for_a_payment_or_comes_back_for_it() {
    let shop = Shop::open();
    let at = shop.door();
    let id = offering(&at, COUPON, 10);
    let waited = order(&at, COUPON, &id, 1).is(201);
    assert_eq!((&waited["state"], &waited["payment"]["amount"]), (&json!("confirmed"), &won(1_000)));
    let body = json!({ "offering": id, "quantity": 1, "customer": "1" });
    let later = post(&at, &format!("{COUPON}/orders Prefer:respond-async"), &body).is(202);
    assert_eq!(later.header("preference-applied"), Some("respond-async"));
    let path = later.header("location").expect("where to look again");
    eventually_is("the order", json!("confirmed"), || at.http(path).is(200)["state"].clone());
    let declined = json!({ "offering": id, "quantity": 1, "customer": "1", "card": "decline" });
    let declined = post(&at, &format!("{COUPON}/orders"), &declined);
    assert_eq!(refusal(&declined), expected(409, "payment-declined", &[]));
    assert_eq!(at.http(declined["order"].as_str().expect("a path")).is(200)["payment"]["state"], "declined");
}

#[test]
fn a_customer_sees_an_own_order_at_once_with_points_and_notices() {
    let shop = Shop::open();
    let at = shop.door();
    let (show, musical) = (offering(&at, SHOW, 10), "customers/1");
    for turn in 1..=3 {
        let placed = order(&at, SHOW, &show, 1).is(201);
        let mine = at.http(&format!("/api/v1/{musical}/orders?limit=1")).is(200);
        assert_eq!((&mine["items"][0]["id"], &mine["items"][0]["state"]), (&placed["id"], &json!("confirmed")));
        let points = at.http(&format!("/api/v1/{musical}/points")).is(200);
        assert_eq!((&points["balance"], &points["items"][0]["order"]), (&json!(50 * turn), &placed["id"]));
        assert_eq!(mine["next"].is_null(), turn == 1);
    }
    let house = json!({ "name": "A", "seats": [{ "row": "A", "number": 1, "price": won(1) }] });
    let id = post(&at, &format!("{MUSICAL}/offerings"), &house).is(201)["id"].clone();
    let body = json!({ "offering": id, "seats": ["A-1"], "customer": "1" });
    let placed = post(&at, &format!("{MUSICAL}/orders"), &body).is(201);
    let notices = at.http("/api/v1/customers/1/notifications").is(200);
    assert_eq!((&notices["items"][0]["order"], &notices["items"][0]["kind"]), (&placed["id"], &json!("confirmed")));
    assert_eq!(at.http("/api/v1/customers/nobody/points").is(200)["balance"], 0);
}

#[test]
fn what_is_on_sale_is_listed_page_by_page_in_every_order() {
    let shop = Shop::open();
    let at = shop.door();
    let new = |name: &str, price: i64| {
        let body = json!({ "name": name, "price": won(price), "stock": 1 });
        post(&at, &format!("{SHOW}/offerings"), &body).is(201)["id"].as_str().expect("text").to_owned()
    };
    let [b, a, c] = [new("b", 3), new("a", 1), new("b", 2)];
    for (sort, expected) in [
        ("", [&b, &a, &c]),
        ("&sort=id", [&b, &a, &c]),
        ("&sort=-id", [&c, &a, &b]),
        ("&sort=name", [&a, &b, &c]),
        ("&sort=-name", [&c, &b, &a]),
        ("&sort=price", [&a, &c, &b]),
        ("&sort=-price", [&b, &c, &a]),
    ] {
        let (mut seen, mut next) = (Vec::new(), String::new());
        while seen.len() < 10 {
            let page = at.http(&format!("{SHOW}/offerings?limit=1{sort}{next}")).is(200);
            seen.extend(page["items"].as_array().expect("a list").iter().map(|item| item["id"].clone()));
            let Some(cursor) = page["next"].as_str() else { break };
            next = format!("&after={cursor}");
        }
        assert_eq!(seen, expected.map(|id| json!(id)), "{sort}");
    }
    let named = at.http(&format!("{SHOW}/offerings?name=A")).is(200);
    assert_eq!((&named["items"][0]["id"], &named["items"][1]), (&json!(a), &Value::Null));
}

#[test]
fn nothing_is_sold_outside_of_its_time_of_sale() {
    let shop = Shop::open();
    let at = shop.door();
    for (from, until, status) in [
        (json!("2001-01-01T00:00:00Z"), json!("9001-01-01T00:00:00+09:00"), 201),
        (json!("9000-01-01T00:00:00Z"), Value::Null, 409),
        (Value::Null, json!("2001-01-01T00:00:00Z"), 409),
    ] {
        let body = json!({ "name": "A", "price": won(1), "stock": 5, "on_sale_from": from, "on_sale_until": until });
        let id = post(&at, &format!("{SHOW}/offerings"), &body).is(201)["id"].as_str().expect("text").to_owned();
        let answered = order(&at, SHOW, &id, 1).is(status);
        if status == 409 {
            assert_eq!(refusal(&answered), expected(409, "not-on-sale", &[]));
            assert_eq!(at.http(&format!("{SHOW}/offerings/{id}")).is(200)["stock"]["left"], 5);
        }
    }
}

#[test]
fn one_storefront_alone_has_v1_too_with_its_document_and_its_page() {
    let shop = Shop::alone("movie");
    let at = shop.door();
    let fronts = at.http("/api/v1/storefronts").is(200);
    assert_eq!((&fronts["items"][0]["name"], &fronts["items"][1]), (&json!("movie"), &Value::Null));
    let id = offering(&at, "/api/v1/storefronts/movie", 1);
    order(&at, "/api/v1/storefronts/movie", &id, 1).is(201);
    assert_eq!(refusal(&at.http(SHOW)), expected(404, "not-found", &["storefront"]));
    assert_eq!(at.http("/openapi.json").is(200)["openapi"], "3.1.0");
    assert!(at.http("/docs").is(200).text.contains("place_order"));
}
