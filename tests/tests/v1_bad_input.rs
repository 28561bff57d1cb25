//! v1 and what it cannot mean: each wrong request is refused by a problem that names what is wrong, and changes nothing.

use std::cell::RefCell;

use serde_json::{Value, json};
use tests::{Paths, Raw, Reply, Shop};

const V1: &str = "/api/v1";
const MEDIA: &str = "application/problem+json";
/// More than any call reads at all, and less than what is sent in vain.
const HUGE: usize = 20 * 1024 * 1024;
/// A body this deep overflows the stack of who follows it.
const DEEP: usize = 100_000;

/// A call as it should be: its method, its path, and its body.
struct Call {
    method: &'static str,
    path: &'static str,
    body: Option<Value>,
}

/// Every call of v1. What stands in braces is filled in by `fine`.
fn calls() -> Vec<Call> {
    let call = |method, path, body| Call { method, path, body };
    vec![
        call("GET", "/storefronts", None),
        call("GET", "/storefronts/{storefront}", None),
        call("GET", "/storefronts/{storefront}/offerings", None),
        call("GET", "/storefronts/{storefront}/offerings/{offering}", None),
        call("GET", "/storefronts/{storefront}/offerings/{offering}/seats", None),
        call("GET", "/storefronts/{storefront}/orders/{order}", None),
        call("GET", "/storefronts/{storefront}/orders/{order}/timeline", None),
        call("GET", "/customers/{customer}/orders", None),
        call("GET", "/customers/{customer}/points", None),
        call("GET", "/customers/{customer}/notifications", None),
        call("GET", "/events", None),
        call("POST", "/storefronts/{storefront}/offerings", Some(json!({ "name": "A", "price": won(1), "stock": 5 }))),
        call("PATCH", "/storefronts/{storefront}/offerings/{offering}", Some(json!({ "name": "B" }))),
        call("POST", "/storefronts/{storefront}/offerings/{offering}/stock", Some(json!({ "add": 1 }))),
        call(
            "POST",
            "/storefronts/{storefront}/orders",
            Some(json!({ "offering": "1", "quantity": 1, "customer": "1" })),
        ),
        call("POST", "/storefronts/{storefront}/orders/{order}/cancel", None),
        call("DELETE", "/storefronts/{storefront}/offerings/{offering}", None),
    ]
}

impl Call {
    /// The call as it should be, with `value` where its path says `name`.
    fn with(&self, name: &str, value: &str) -> Raw {
        let path = self.path.replace(&format!("{{{name}}}"), value).replace("{storefront}", "show");
        let path = path.replace("{offering}", "1").replace("{order}", "1").replace("{customer}", "1");
        let accept = if self.path == "/events" { "text/event-stream" } else { "application/json" };
        let mut raw = Raw::new(self.method, format!("{V1}{path}")).header("Accept", accept);
        if ["PATCH", "DELETE"].contains(&self.method) {
            raw = raw.header("If-Match", "*");
        }
        match &self.body {
            Some(body) => raw.header("Content-Type", "application/json").body(body.to_string()),
            None => raw,
        }
    }

    fn fine(&self) -> Raw {
        self.with("", "")
    }
}

fn won(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

/// A shop with something to do wrong with.
struct Sold {
    shop: Shop,
    at: Paths,
    before: Vec<Value>,
    complaints: RefCell<Vec<String>>,
}

impl Sold {
    /// With an offering and an order of it in `show`, and one that is sold by seats in `musical`.
    fn open() -> Self {
        let shop = Shop::open();
        let at = shop.door();
        let post = |path: &str, body: Value| {
            at.http_with_body(&format!("POST {V1}/storefronts/{path}"), &body.to_string()).is(201);
        };
        post("show/offerings", json!({ "name": "A", "price": won(1_000), "stock": 100 }));
        post("show/orders", json!({ "offering": "1", "quantity": 2, "customer": "1" }));
        let seats = [1, 2].map(|number| json!({ "row": "A", "number": number, "price": won(1) }));
        post("musical/offerings", json!({ "name": "A", "seats": seats }));
        let before = shop.events(&[]);
        Self { shop, at, before, complaints: RefCell::default() }
    }

    /// How many records the journal has.
    fn records(&self) -> String {
        let page = self.at.http("/metrics").is(200).text;
        page.lines().find(|line| line.starts_with("maejin_journal_records_total ")).expect("a journal").to_owned()
    }

    /// Sends what is wrong: it must be refused with `status` and name `field`, if there is one, and change nothing. What is not so is told
    /// in the end, all together.
    fn refuses(&self, wrong: &Raw, status: u16, field: &str) -> Reply {
        let before = self.records();
        let refused = wrong.send(&self.at);
        let errors = refused["errors"].as_array().cloned().unwrap_or_default();
        let is_text = |of: &Value, name: &str| of[name].as_str().is_some_and(|text| !text.is_empty());
        let fields: Vec<_> = errors.iter().filter_map(|error| error["field"].as_str()).collect();
        for (is_so, what) in [
            (refused.status == status, format!("it is not {status}")),
            (refused.header("content-type") == Some(MEDIA), format!("it is not {MEDIA}")),
            (refused["status"] == refused.status, "the body says another status".to_owned()),
            (
                refused["correlation_id"].is_string()
                    && refused["correlation_id"].as_str() == refused.header("x-correlation-id"),
                "the body says another correlation id".to_owned(),
            ),
            (
                ["type", "title", "detail", "code"].iter().all(|name| is_text(refused.json(), name)),
                "a text is empty".to_owned(),
            ),
            (
                refused["type"].as_str()
                    == refused["code"].as_str().map(|code| format!("/docs/problems#{code}")).as_deref(),
                "its type does not lead to its code".to_owned(),
            ),
            (
                errors.iter().all(|error| is_text(error, "message") && is_text(error, "code")),
                "a message or a code is empty".to_owned(),
            ),
            // Where an object has nothing of what it needs, the rest is named, too.
            (fields.first().is_none_or(|first| *first == field), format!("it does not name {field:?}")),
            (fields.is_empty() == field.is_empty(), format!("it does not name {field:?} alone")),
            (self.records() == before, "something was written".to_owned()),
        ] {
            if !is_so {
                self.complaints.borrow_mut().push(format!("{what}: {refused}"));
            }
        }
        refused
    }

    /// All that was wrong was refused as it should be, nothing was said since, and the store is sound.
    #[track_caller]
    fn ends_unchanged(mut self) {
        let complaints = self.complaints.take();
        assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
        assert_eq!(self.shop.events(&[]), self.before);
        self.shop.stop();
        self.shop.check().with_code(0);
    }
}

#[test]
fn every_call_is_done_where_nothing_is_wrong_with_it() {
    let sold = Sold::open();
    for call in calls().iter().filter(|call| call.path != "/events") {
        let status = call.fine().send(&sold.at).status;
        assert!((200..=204).contains(&status), "{} {}: {status}", call.method, call.path);
    }
}

#[test]
fn what_no_call_takes_is_refused_by_every_call() {
    let sold = Sold::open();
    for call in calls() {
        let fine = || call.fine();
        let query = |query: &str| {
            let mut wrong = fine();
            wrong.target.extend_from_slice(query.as_bytes());
            wrong
        };
        sold.refuses(&fine().instead("Accept", Some(b"text/html")), 406, "Accept");
        sold.refuses(&fine().instead("Accept", Some(b"application/json;q=0, text/event-stream;q=0")), 406, "Accept");
        sold.refuses(&query("?colour=red"), 400, "colour");
        sold.refuses(&query("?colour"), 400, "colour");
        sold.refuses(&query("?%ff=1"), 400, "query");
        sold.refuses(&query("?%00=1"), 400, "query");
        sold.refuses(&query(&format!("?{}", "x".repeat(3_000))), 400, "query");
        for key in [&b""[..], b"a b", b"\xff", "매진".as_bytes(), &[b'x'; 256]] {
            sold.refuses(&fine().header("Idempotency-Key", key), 400, "Idempotency-Key");
        }
        sold.refuses(&fine().header("Idempotency-Key", "a").header("Idempotency-Key", "b"), 400, "Idempotency-Key");
        let other = Raw { method: "BREW".to_owned(), ..fine() };
        let allow = sold.refuses(&other, 405, "").header("allow").expect("what is allowed").to_owned();
        assert!(allow.split(", ").any(|method| method == call.method), "{allow} for {}", call.path);
    }
    sold.ends_unchanged();
}

#[test]
fn a_path_that_leads_nowhere_is_refused_by_every_call() {
    let sold = Sold::open();
    let long = "x".repeat(3_000);
    let unreadable = ["%ff", "%00", "1%0a", "%C3%28", &long];
    for call in calls() {
        for name in ["storefront", "offering", "order", "customer"] {
            if !call.path.contains(&format!("{{{name}}}")) {
                continue;
            }
            unreadable.iter().for_each(|value| drop(sold.refuses(&call.with(name, value), 400, name)));
            let wrong: &[&str] = match name {
                "customer" => &[],
                "storefront" => &["opera", "SHOW", "%20show", "1"],
                _ => &["9", "0", "x", "-1", "+1", "1.5", "99999999999999999999", "%EF%BC%91", "00000000000001", "1%20"],
            };
            wrong.iter().for_each(|value| drop(sold.refuses(&call.with(name, value), 404, name)));
        }
    }
    for call in calls().iter().filter(|call| call.path.contains("{customer}")) {
        sold.refuses(&call.with("customer", &"x".repeat(201)), 400, "customer");
    }
    for call in calls().iter().filter(|call| call.path.contains('{')) {
        for name in ["storefront", "offering", "order", "customer"].iter().filter(|name| call.path.contains(**name)) {
            let empty = call.with(name, "");
            if empty.target != call.fine().target {
                sold.refuses(&empty, 404, "");
            }
        }
    }
    for nothing in ["/", "/x", "/storefronts/show/x", "/storefronts/show/orders/1/x", "/customers/1", "/events/1"] {
        sold.refuses(&Raw::new("GET", format!("{V1}{nothing}")), 404, "");
    }
    sold.ends_unchanged();
}

#[test]
fn a_body_where_none_is_meant_is_refused() {
    let sold = Sold::open();
    for call in calls().iter().filter(|call| call.body.is_none()) {
        let with = |body: &[u8]| call.fine().header("Content-Type", "application/json").body(body);
        sold.refuses(&with(b"{\"colour\":1}"), 422, "colour");
        sold.refuses(&with(b"[]"), 422, "body");
        sold.refuses(&with(b"{"), 400, "body");
        sold.refuses(&with(b"{\"\xff\":1}"), 400, "body");
        sold.refuses(&with(&[b'['; DEEP]), 413, "body");
        sold.refuses(&call.fine().body("{}"), 415, "Content-Type");
    }
    sold.ends_unchanged();
}

#[test]
fn a_body_that_is_not_what_it_should_be_is_refused_by_every_call_that_takes_one() {
    let sold = Sold::open();
    for call in calls().iter().filter(|call| call.body.is_some()) {
        let with = |body: &[u8]| call.fine().body(body);
        let good = call.fine().body;
        let inside = &good[..good.len() - 1];
        let first = call.body.iter().flat_map(|body| body.as_object()).flatten().next();
        let (first, value) = first.expect("a body has fields");
        let deep = [inside, b",\"colour\":", &[b'['; DEEP / 2], &[b']'; DEEP / 2], b"}"].concat();
        for wrong in [
            &b""[..],
            b" \n",
            b"{",
            b"nul",
            b"\xff",
            b"\xff\xfe{\x00}\x00",
            b"{\"\xc3\x28\":1}",
            b"{\"a\x00b\":1}",
            b"{'add':1}",
            b"{\"add\":01}",
            b"{\"add\":NaN}",
            &[&good[..], b"x"].concat(),
            &[&good[..], &good[..]].concat(),
            &[inside, b",}"].concat(),
        ] {
            sold.refuses(&with(wrong), 400, "body");
        }
        for wrong in [&b"[]"[..], b"7", b"null", b"\"x\"", b"true", b"[{}]"] {
            sold.refuses(&with(wrong), 422, "body");
        }
        for deep in [vec![b'['; DEEP / 2], b"{\"a\":".repeat(DEEP / 10), deep] {
            let refused = with(&deep).send(&sold.at);
            assert!([400, 413, 422].contains(&refused.status), "{refused}");
            sold.refuses(&with(&deep), refused.status, if refused.status == 422 { "colour" } else { "body" });
        }
        sold.refuses(&with(&[inside, b",\"colour\":1}"].concat()), 422, "colour");
        sold.refuses(&with(&[inside, format!(",\"{first}\":{value}}}").as_bytes()].concat()), 422, first);
        for media in [None, Some(&b"text/plain"[..]), Some(b"application/jsonx"), Some(b"\xff"), Some(b"")] {
            sold.refuses(&call.fine().instead("Content-Type", media), 415, "Content-Type");
        }
        sold.refuses(&call.fine().header("Content-Encoding", "gzip"), 415, "Content-Encoding");
    }
    sold.ends_unchanged();
}

#[test]
fn a_huge_body_is_refused_by_every_call_and_the_answer_arrives() {
    let sold = Sold::open();
    for (place, call) in calls().into_iter().enumerate() {
        let fine = call.fine().instead("Content-Type", Some(b"application/json"));
        sold.refuses(&Raw { chunked: place % 2 == 0, ..fine.body(vec![b' '; HUGE]) }, 413, "body");
    }
    sold.refuses(&Raw::new("PUT", format!("{V1}/nowhere")).body(vec![b' '; HUGE]), 404, "");
    sold.ends_unchanged();
}

/// Bodies that are wrong in one field, the status, and the field.
#[track_caller]
fn each_is_refused(sold: &Sold, method: &str, path: &str, wrong: &[(Value, u16, &str)]) {
    for (body, status, field) in wrong {
        let raw = Raw::new(method, format!("{V1}/storefronts/{path}"))
            .header("Content-Type", "application/json")
            .instead("If-Match", (method == "PATCH").then_some(b"*"))
            .body(body.to_string());
        sold.refuses(&raw, *status, field);
    }
}

/// `good` with other values in some fields; null takes a field away.
fn changed(good: &Value, changes: Value) -> Value {
    let mut body = good.clone();
    for (name, value) in changes.as_object().expect("changes by name") {
        body[name] = value.clone();
        if value.is_null() {
            body.as_object_mut().expect("an object").remove(name);
        }
    }
    body
}

/// What no name can be.
fn no_names() -> Vec<Value> {
    let texts = ["", " ", "\u{3164}", "a\u{0}b", "a\nb", "a\u{202e}b", "a\u{200b}"];
    let mut wrong: Vec<Value> = texts.into_iter().map(Value::from).collect();
    wrong.extend([json!("x".repeat(201)), json!(7), json!(["A"]), json!({})]);
    wrong
}

/// What no price can be, and which part of it is at fault.
fn no_prices() -> Vec<(Value, &'static str)> {
    vec![
        (json!(7), "price"),
        (json!("1"), "price"),
        (json!([]), "price"),
        (json!({}), "price.amount"),
        (json!({ "amount": 1 }), "price.currency"),
        (json!({ "currency": "KRW" }), "price.amount"),
        (json!({ "amount": -1, "currency": "KRW" }), "price.amount"),
        (json!({ "amount": 1.5, "currency": "KRW" }), "price.amount"),
        (json!({ "amount": "1", "currency": "KRW" }), "price.amount"),
        (json!({ "amount": null, "currency": "KRW" }), "price.amount"),
        (json!({ "amount": 9_007_199_254_740_992_u64, "currency": "KRW" }), "price.amount"),
        (json!({ "amount": 18_446_744_073_709_551_615_u64, "currency": "KRW" }), "price.amount"),
        (json!({ "amount": -9_223_372_036_854_775_808_i64, "currency": "KRW" }), "price.amount"),
        (json!({ "amount": 1e300, "currency": "KRW" }), "price.amount"),
        (json!({ "amount": 1, "currency": "USD" }), "price.currency"),
        (json!({ "amount": 1, "currency": "krw" }), "price.currency"),
        (json!({ "amount": 1, "currency": "KRW", "colour": 1 }), "price.colour"),
    ]
}

/// What no whole number from 1 on can be.
fn no_counts() -> Vec<Value> {
    let mut wrong = vec![json!(0), json!(-1), json!(1.5), json!("1"), json!([1]), json!(true), json!(1e300)];
    wrong.extend([json!(9_007_199_254_740_992_u64), json!(18_446_744_073_709_551_615_u64), json!(i64::MIN)]);
    wrong
}

#[test]
fn an_offering_that_cannot_be_sold_is_refused() {
    let sold = Sold::open();
    let good = json!({ "name": "A", "price": won(1), "stock": 5 });
    let with = |changes: Value| changed(&good, changes);
    let mut wrong = vec![
        (with(json!({ "name": null })), 422, "name"),
        (with(json!({ "price": null })), 422, "price"),
        (with(json!({ "stock": null })), 422, "stock"),
        (with(json!({ "seats": [] })), 422, "seats"),
        (with(json!({ "stock": null, "seats": [] })), 422, "seats"),
        (with(json!({ "stock": null, "seats": {} })), 422, "seats"),
        (with(json!({ "stock": null, "seats": [7] })), 422, "seats[0]"),
        (with(json!({ "id": "1" })), 409, "id"),
        (with(json!({ "id": 2 })), 422, "id"),
    ];
    wrong.extend(no_names().into_iter().map(|name| (with(json!({ "name": name })), 422, "name")));
    wrong.extend(no_prices().into_iter().map(|(price, at)| (with(json!({ "price": price })), 422, at)));
    let no_stocks = no_counts().into_iter().filter(|stock| *stock != json!(0));
    wrong.extend(no_stocks.map(|stock| (with(json!({ "stock": stock })), 422, "stock")));
    for id in ["", "0", "x", "-1", "1.5", "1000000000000", "9999999999999", "a\u{0}"] {
        wrong.push((with(json!({ "id": id })), 422, "id"));
    }
    for moment in
        [json!(""), json!("tomorrow"), json!(7), json!("2026-13-01T00:00:00Z"), json!("2026-11-21"), json!({})]
    {
        wrong.push((with(json!({ "on_sale_from": moment })), 422, "on_sale_from"));
        wrong.push((with(json!({ "on_sale_until": moment })), 422, "on_sale_until"));
    }
    let noon = "2026-11-21T12:00:00Z";
    wrong.push((with(json!({ "on_sale_from": noon, "on_sale_until": noon })), 422, "on_sale_until"));
    wrong.push((with(json!({ "on_sale_from": noon, "on_sale_until": "1926-11-21T12:00:00Z" })), 422, "on_sale_until"));
    each_is_refused(&sold, "POST", "show/offerings", &wrong);
    sold.ends_unchanged();
}

#[test]
fn a_house_that_cannot_be_sold_is_refused() {
    let sold = Sold::open();
    let seat = json!({ "row": "A", "number": 1, "price": won(1) });
    let house = |seats: Vec<Value>| json!({ "name": "A", "seats": seats });
    let second =
        |changes: Value| house(vec![json!({ "row": "B", "number": 1, "price": won(1) }), changed(&seat, changes)]);
    let many = |many: u32| house((0..many).map(|number| changed(&seat, json!({ "number": number }))).collect());
    let mut wrong = vec![
        (json!({ "name": "A", "price": won(1), "stock": 5 }), 409, "stock"),
        (json!({ "name": "A" }), 422, "stock"),
        (house(Vec::new()), 422, "seats"),
        (many(10_001), 422, "seats"),
        (house(vec![seat.clone(), seat.clone()]), 422, "seats[1]"),
        (second(json!({ "row": null })), 422, "seats[1].row"),
        (second(json!({ "number": null })), 422, "seats[1].number"),
        (second(json!({ "price": null })), 422, "seats[1].price"),
        (second(json!({ "colour": 1 })), 422, "seats[1].colour"),
        (second(json!({ "price": { "amount": -1, "currency": "KRW" } })), 422, "seats[1].price.amount"),
    ];
    wrong.extend(no_names().into_iter().map(|row| (second(json!({ "row": row })), 422, "seats[1].row")));
    wrong.extend(no_names().into_iter().map(|grade| (second(json!({ "grade": grade })), 422, "seats[1].grade")));
    let no_numbers = no_counts().into_iter().filter(|number| *number != json!(0)).chain([json!(1_000_001)]);
    wrong.extend(no_numbers.map(|number| (second(json!({ "number": number })), 422, "seats[1].number")));
    each_is_refused(&sold, "POST", "musical/offerings", &wrong);
    sold.ends_unchanged();
}

#[test]
fn a_change_of_an_offering_that_cannot_be_meant_is_refused() {
    let sold = Sold::open();
    let mut wrong = vec![
        (json!({ "stock": 5 }), 422, "stock"),
        (json!({ "id": "2" }), 422, "id"),
        (json!({ "version": 99 }), 422, "version"),
        (json!({ "name": null }), 422, "name"),
        (json!({ "price": null }), 422, "price"),
        (json!({ "on_sale_from": "" }), 422, "on_sale_from"),
        (
            json!({ "on_sale_from": "2026-11-22T00:00:00Z", "on_sale_until": "2026-11-21T00:00:00Z" }),
            422,
            "on_sale_until",
        ),
    ];
    wrong.extend(no_names().into_iter().map(|name| (json!({ "name": name }), 422, "name")));
    wrong.extend(no_prices().into_iter().map(|(price, at)| (json!({ "price": price }), 422, at)));
    each_is_refused(&sold, "PATCH", "show/offerings/1", &wrong);
    let mut wrong = vec![(json!({}), 422, "add"), (json!({ "add": null }), 422, "add")];
    wrong.extend(no_counts().into_iter().map(|add| (json!({ "add": add }), 422, "add")));
    each_is_refused(&sold, "POST", "show/offerings/1/stock", &wrong);
    each_is_refused(&sold, "POST", "musical/offerings/1/stock", &[(json!({ "add": 1 }), 409, "add")]);
    sold.ends_unchanged();
}

#[test]
fn an_order_that_cannot_be_meant_is_refused_and_uses_no_number() {
    let sold = Sold::open();
    let good = json!({ "offering": "1", "quantity": 1, "customer": "1" });
    let with = |changes: Value| changed(&good, changes);
    let mut wrong = vec![
        (with(json!({ "offering": null })), 422, "offering"),
        (with(json!({ "offering": 1 })), 422, "offering"),
        (with(json!({ "customer": null })), 422, "customer"),
        (with(json!({ "quantity": null })), 422, "quantity"),
        (with(json!({ "quantity": 1_000_001 })), 422, "quantity"),
        (with(json!({ "seats": ["A-1"] })), 422, "seats"),
        (with(json!({ "quantity": null, "seats": ["A-1"] })), 422, "seats"),
        (with(json!({ "state": "confirmed" })), 422, "state"),
    ];
    for unknown in ["", "2", "0", "x", "-1", "+1", "1.5", "99999999999999999999", "１", "1\u{0}"] {
        wrong.push((with(json!({ "offering": unknown })), 404, "offering"));
    }
    wrong.extend(no_counts().into_iter().map(|quantity| (with(json!({ "quantity": quantity })), 422, "quantity")));
    wrong.extend(no_names().into_iter().map(|customer| (with(json!({ "customer": customer })), 422, "customer")));
    wrong.extend(no_names().into_iter().map(|card| (with(json!({ "card": card })), 422, "card")));
    wrong.extend(no_prices().into_iter().map(|(price, at)| (with(json!({ "price": price })), 422, at)));
    each_is_refused(&sold, "POST", "show/orders", &wrong);
    let with_seats = |seats: Value| json!({ "offering": "1", "customer": "1", "seats": seats });
    let many: Vec<String> = (0..101).map(|number| format!("A-{number}")).collect();
    let wrong = [
        (good.clone(), 422, "quantity"),
        (with_seats(json!([])), 422, "seats"),
        (with_seats(json!("A-1")), 422, "seats"),
        (with_seats(json!(many)), 422, "seats"),
        (with_seats(json!(["A-1", "A-1"])), 422, "seats[1]"),
        (with_seats(json!(["A-1", 2])), 422, "seats[1]"),
        (with_seats(json!(["A-1", null])), 422, "seats[1]"),
        (with_seats(json!(["A-1", ""])), 404, "seats[1]"),
        (with_seats(json!(["A-1", "A-9"])), 404, "seats[1]"),
        (with_seats(json!(["A-1", "A-02"])), 404, "seats[1]"),
        (with_seats(json!(["A-1", "#9"])), 404, "seats[1]"),
        (with_seats(json!(["A-\u{0}"])), 404, "seats[0]"),
        (with_seats(json!(["x".repeat(10_000)])), 404, "seats[0]"),
    ];
    each_is_refused(&sold, "POST", "musical/orders", &wrong);
    sold.ends_unchanged();
}

#[test]
fn a_parameter_that_cannot_be_meant_is_refused() {
    let sold = Sold::open();
    let (offerings, orders) = (format!("{V1}/storefronts/show/offerings"), format!("{V1}/customers/1/orders"));
    let lists = [&offerings, &orders, &format!("{V1}/customers/1/points"), &format!("{V1}/customers/1/notifications")];
    let long = "1".repeat(3_000);
    for list in lists {
        for limit in ["0", "-1", "201", "x", "", "1.5", "+1", "%2B1", "99999999999999999999", "%00", "%ff", &long] {
            sold.refuses(&Raw::new("GET", format!("{list}?limit={limit}")), 400, "limit");
        }
        for after in ["", "x", "1.", "0000000000000000001.", "0000000000000000001.zz", "%00", "%ff", &long] {
            sold.refuses(&Raw::new("GET", format!("{list}?after={after}")), 400, "after");
        }
        sold.refuses(&Raw::new("GET", format!("{list}?limit=1&limit=1")), 400, "limit");
    }
    for wrong in ["sort=", "sort=colour", "sort=--id", "sort=ID", "sort=id,name", "sort=%ff"] {
        sold.refuses(&Raw::new("GET", format!("{offerings}?{wrong}")), 400, "sort");
    }
    for wrong in [format!("name={}", "x".repeat(201)), "name=%ff".to_owned(), "name=%00".to_owned()] {
        sold.refuses(&Raw::new("GET", format!("{offerings}?{wrong}")), 400, "name");
    }
    sold.ends_unchanged();
}

#[test]
fn all_that_is_wrong_with_a_list_or_a_change_is_told_at_once() {
    let sold = Sold::open();
    let told = |raw: &Raw, status: u16, fields: &[&str]| {
        let refused = sold.refuses(raw, status, fields[0]);
        let errors = refused["errors"].as_array().cloned().unwrap_or_default();
        let told: Vec<_> = errors.iter().filter_map(|error| error["field"].as_str()).collect();
        assert_eq!(told, fields, "{refused}");
    };
    let list = |of: &str, fields: &[&str]| told(&Raw::new("GET", format!("{V1}/storefronts/show/{of}")), 400, fields);
    let wrong = "offerings?limit=0&sort=x&on_sale=2&min_left=-1&max_price=x&withdrawn=no";
    list(wrong, &["withdrawn", "min_left", "max_price", "on_sale", "sort"]);
    list("offerings?limit=0&max_left=x&after=x", &["max_left", "limit", "after"]);
    let wrong = "orders?limit=0&state=x&offering=x&placed_from=x&placed_until=x&customer=";
    list(wrong, &["customer", "state", "offering", "placed_from", "placed_until", "limit"]);
    let sent =
        json!({ "id": "2", "seated": true, "version": 99, "name": "", "price": won(-1), "limit_per_customer": 0 });
    let change = Raw::new("PATCH", format!("{V1}/storefronts/show/offerings/1")).header("If-Match", "*");
    let change = change.header("Content-Type", "application/json").body(sent.to_string());
    told(&change, 422, &["id", "seated", "version", "name", "price.amount", "limit_per_customer"]);
    sold.ends_unchanged();
}

#[test]
fn a_header_that_cannot_be_meant_is_refused() {
    let sold = Sold::open();
    for call in calls().iter().filter(|call| ["PATCH", "DELETE"].contains(&call.method)) {
        let with = |value: Option<&[u8]>| call.fine().instead("If-Match", value);
        sold.refuses(&with(None), 428, "If-Match");
        for unreadable in [&b""[..], b"1", b"\"1", b"\xff", b"**"] {
            sold.refuses(&with(Some(unreadable)), 400, "If-Match");
        }
        for stale in
            [&b"\"99\""[..], b"\"1\", \"2\"", b"\"\"", b"W/\"1\"", b"\"x\"", b"\"99999999999999999999\"", b"\"\xff\""]
        {
            sold.refuses(&with(Some(stale)), 412, "If-Match");
        }
    }
    for last in [&b""[..], b"x", b"-1", b"\xff", b"99999999999999999999"] {
        let wrong = Raw::new("GET", format!("{V1}/events")).header("Last-Event-ID", last);
        sold.refuses(&wrong, 400, "Last-Event-ID");
    }
    sold.ends_unchanged();
}

#[test]
fn what_prefer_says_and_nobody_understands_is_left_out_as_its_rfc_has_it() {
    let sold = Sold::open();
    let place = calls().into_iter().find(|call| call.path.ends_with("/orders") && call.method == "POST");
    for odd in [&b""[..], b"wait=x", b"wait=-1", b"wait=99999999999999999999", b"\xff", b"colour=red", b";;,="] {
        let placed = place.as_ref().expect("a call").fine().header("Prefer", odd).send(&sold.at).is(201);
        assert_eq!(placed.header("preference-applied"), None, "{placed}");
    }
}

#[test]
fn what_is_no_http_is_refused_and_the_shop_goes_on() {
    let sold = Sold::open();
    let list = format!("{V1}/storefronts");
    for (target, header) in [
        (format!("{list}\u{0}").into_bytes(), &b"x"[..]),
        ([list.as_bytes(), b"/\xff"].concat(), b"x"),
        ([list.as_bytes(), b"?a=\xff"].concat(), b"x"),
        (format!("{list}/a b").into_bytes(), b"x"),
        (format!("{list}?a\u{0}b").into_bytes(), b"x"),
        (list.clone().into_bytes(), b"a\x00b"),
        (list.clone().into_bytes(), b"a\x01b"),
    ] {
        let before = sold.records();
        let refused = Raw::new("GET", target).header("X-Odd", header).send(&sold.at);
        assert_eq!((refused.status, sold.records()), (400, before), "{refused}");
    }
    sold.ends_unchanged();
}
