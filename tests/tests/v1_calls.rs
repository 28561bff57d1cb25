//! One rule for all calls of v1, and of the pages and the operator's beside it: preconditions are never passed over, a query is read strictly,
//! a path leads to one place, and every number fits what a JSON reader can hold. Held of every call that the document of v1 describes.

use serde_json::{Value, json};
use tests::described::{Described, described, leaves};
use tests::{Paths, Raw, Reply, Shop};

const FILLED: [(&str, &str); 4] = [("storefront", "show"), ("offering", "1"), ("order", "1"), ("customer", "1")];

/// The highest number that every JSON reader can hold.
const HIGHEST: u64 = 9_007_199_254_740_991;

fn won(amount: u64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

#[track_caller]
fn post(at: &Paths, path: &str, body: &Value) -> Reply {
    at.http_with_body(&format!("POST /api/v1/storefronts/{path}"), &body.to_string())
}

fn sold() -> Shop {
    let shop = Shop::open();
    let at = shop.door();
    post(&at, "show/offerings", &json!({ "name": "A", "price": won(1_000), "stock": 100 })).is(201);
    post(&at, "show/orders", &json!({ "offering": "1", "quantity": 2, "customer": "1" })).is(201);
    shop
}

/// How many records the journal has.
fn records(at: &Paths) -> String {
    let page = at.http("/metrics").is(200).text;
    page.lines().find(|line| line.starts_with("maejin_journal_records_total ")).expect("a journal").to_owned()
}

/// What the operator and the pages are asked: a method, a path, and the parameters that it takes.
const BESIDE: [(&str, &str, &[&str]); 22] = [
    ("GET", "/operator", &[]),
    ("GET", "/operator/orders", &["limit", "after", "storefront", "state", "customer", "offering", "parked"]),
    ("GET", "/operator/orders/show/1", &[]),
    ("GET", "/operator/orders/show/1/timeline", &[]),
    ("GET", "/operator/parked", &["limit", "followers"]),
    ("GET", "/operator/offerings", &["limit", "after", "storefront", "withdrawn"]),
    ("GET", "/operator/offerings/show/1", &[]),
    ("GET", "/operator/points/1", &["limit"]),
    ("GET", "/openapi.json", &[]),
    ("GET", "/docs", &[]),
    ("POST", "/operator/orders/show/1/cancel", &[]),
    ("POST", "/operator/orders/show/1/retry", &[]),
    ("POST", "/operator/orders/show/1/give-up", &[]),
    ("POST", "/operator/offerings", &[]),
    ("POST", "/operator/offerings/show/1/stock", &[]),
    ("POST", "/operator/offerings/show/1/reopen", &[]),
    ("POST", "/operator/offerings/show/1/seats", &[]),
    ("PATCH", "/operator/offerings/show/1", &[]),
    ("DELETE", "/operator/offerings/show/1", &[]),
    ("PUT", "/operator/points/1", &[]),
    ("GET", "/operator/log", &[]),
    ("PUT", "/operator/log", &[]),
];

/// Every call, as a request in which nothing is wrong, with the parameters that it takes.
fn all(at: &Paths) -> Vec<(Raw, Vec<String>)> {
    let of_v1 = described(at).into_iter().map(|call| {
        let known = call.parameters("query").into_iter().map(str::to_owned).collect();
        (if_needed(&call), known)
    });
    let body = |method: &str, path: &str| match (method, path) {
        ("PATCH", _) => "{\"name\":\"B\"}",
        (_, path) if path.ends_with("/seats") => "{\"seats\":[{\"row\":\"A\",\"number\":1}]}",
        (_, path) if path.ends_with("/stock") => "{\"add\":1}",
        ("PUT", _) => "{\"balance\":5}",
        ("POST", "/operator/offerings") => "{\"storefront\":\"show\",\"name\":\"C\",\"price\":1,\"stock\":1}",
        _ => "",
    };
    let beside = BESIDE.iter().map(|(method, path, known)| {
        let raw = Raw::new(method, path).header("Content-Type", "application/json").body(body(method, path));
        (raw, known.iter().map(|name| (*name).to_owned()).collect())
    });
    of_v1.chain(beside).collect()
}

fn if_needed(call: &Described) -> Raw {
    let raw = call.raw(&FILLED);
    if call.operation["responses"]["428"].is_null() { raw } else { raw.header("If-Match", "*") }
}

/// Sends what must be refused with one of some statuses, with `field` as the one at fault if there is one, and change nothing.
#[track_caller]
fn refused(at: &Paths, wrong: &Raw, statuses: &[u16], field: Option<&str>) {
    let before = records(at);
    let told = wrong.send(at);
    let asked = String::from_utf8_lossy(&wrong.target).into_owned();
    let shown = &asked[..asked.len().min(120)];
    assert!(statuses.contains(&told.status), "{} {shown}, {field:?}: not {statuses:?}: {told}", wrong.method);
    assert_eq!(told.header("content-type"), Some("application/problem+json"), "{told}");
    assert_eq!(told["errors"][0]["field"].as_str(), field, "{told}");
    assert_eq!(records(at), before, "something was written: {told}");
}

#[test]
fn a_precondition_is_honoured_or_refused_by_every_call_and_never_passed_over() {
    let shop = sold();
    let at = shop.door();
    for call in described(&at) {
        let fine = if_needed(&call);
        let with = |name: &str, value: &str| fine.clone().instead(name, Some(value.as_bytes()));
        let is_versioned = call.takes("header", "If-Match");
        for (name, value) in [("If-Match", "\"none\""), ("If-Match", "W/\"1\""), ("If-Match", "\"a\", \"b,c\"")] {
            refused(&at, &with(name, value), &[if is_versioned { 412 } else { 400 }], Some(name));
        }
        for name in ["If-Match", "If-None-Match"] {
            for unreadable in ["1", "\"", "*, \"1\"", "\"1\" \"2\"", ""] {
                refused(&at, &with(name, unreadable), &[400], Some(name));
            }
        }
        match (is_versioned, call.method.as_str()) {
            (true, "GET") => assert_eq!(with("If-None-Match", "*").send(&at).status, 304, "{}", call.name()),
            (true, _) => refused(&at, &with("If-None-Match", "*"), &[412], Some("If-None-Match")),
            (false, _) => refused(&at, &with("If-None-Match", "*"), &[400], Some("If-None-Match")),
        }
    }
    for (raw, _) in all(&at).iter().filter(|(raw, _)| !raw.target.starts_with(b"/api/v1")) {
        refused(&at, &raw.clone().header("If-Match", "*"), &[400], Some("If-Match"));
    }
}

#[test]
fn what_was_meant_in_a_version_is_done_in_that_version_and_once_with_its_key() {
    let shop = sold();
    let at = shop.door();
    let etag = |path: &str| at.http(path).is(200).header("etag").expect("an ETag").to_owned();
    let (offering, order) = ("/api/v1/storefronts/show/offerings/1", "/api/v1/storefronts/show/orders/1");
    let add = |meant: &str, key: &str| {
        let raw = Raw::new("POST", format!("{offering}/stock")).header("Content-Type", "application/json");
        raw.header("If-Match", meant).header("Idempotency-Key", key).body("{\"add\":1}").send(&at)
    };
    let before = etag(offering);
    let meant = format!("\"x\", {before}");
    let first = add(&meant, "one").is(200);
    assert_eq!(first["stock"]["capacity"], 101);
    assert_eq!(add(&meant, "one").is(200).json(), first.json(), "with the same key it has the same answer");
    assert_eq!(add(&meant, "two").is(412)["errors"][0]["field"], "If-Match");
    assert_eq!(add(&etag(offering), "one").is(422)["code"], "key-reused");
    add(&etag(offering), "two").is(200);

    let cancel = |meant: &str| {
        let raw = Raw::new("POST", format!("{order}/cancel"))
            .header("If-Match", meant)
            .header("Idempotency-Key", meant.len().to_string());
        raw.send(&at)
    };
    let before = etag(order);
    assert_eq!(cancel("\"none\"").is(412)["errors"][0]["field"], "If-Match");
    assert_eq!(at.http(order).is(200)["state"], "confirmed");
    let cancelled = cancel(&before).is(200);
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(cancel(&before).is(200).json(), cancelled.json(), "with the same key it has the same answer");
}

#[test]
fn a_query_is_read_strictly_and_a_path_leads_to_one_place() {
    let shop = sold();
    let at = shop.door();
    for (raw, known) in all(&at) {
        let query = |query: &str| {
            let mut wrong = raw.clone();
            wrong.target.extend_from_slice(query.as_bytes());
            wrong
        };
        refused(&at, &query("?colour=red"), &[400], Some("colour"));
        refused(&at, &query("?colour"), &[400], Some("colour"));
        refused(&at, &query(&format!("?{}", "x".repeat(30_000))), &[400], Some("query"));
        refused(&at, &query("?%ff=1"), &[400], Some("query"));
        for name in &known {
            refused(&at, &query(&format!("?{name}=1&{name}=1")), &[400], Some(name));
            refused(&at, &query(&format!("?{name}={}", "1".repeat(30_000))), &[400], Some(name));
            refused(&at, &query(&format!("?{name}=%ff")), &[400], Some(name));
            refused(&at, &query(&format!("?{name}=%00")), &[400], Some(name));
        }
        if raw.target == b"/operator" {
            continue;
        }
        for wrong in [query("/"), query("//"), query("/?")] {
            let told = wrong.send(&at);
            assert_eq!(told.status, 404, "{told}");
        }
        let asked = String::from_utf8_lossy(&raw.target).into_owned();
        let doubled = Raw { target: asked.replacen("/orders", "//orders", 1).into_bytes(), ..raw.clone() };
        if doubled.target != raw.target {
            assert_eq!(doubled.send(&at).status, 404, "{asked}");
        }
    }
    for (raw, _) in all(&at).iter().filter(|(raw, _)| raw.method == "GET" && !raw.target.ends_with(b"/events")) {
        for nothing in ["?", "?&&"] {
            let mut fine = raw.clone();
            fine.target.extend_from_slice(nothing.as_bytes());
            assert_eq!(fine.send(&at).status, 200, "{}{nothing}", String::from_utf8_lossy(&raw.target));
        }
    }
}

/// Every number of an answer that is higher, or lower, than a JSON reader can hold.
#[track_caller]
fn holds(told: &Reply) {
    for (field, leaf) in leaves(told.json()) {
        let Value::Number(number) = leaf else { continue };
        let fits = number.as_i64().is_some_and(|number| number.unsigned_abs() <= HIGHEST);
        assert!(fits, "{field} is {number}: {told}");
    }
}

#[test]
fn every_number_that_is_shown_can_be_held_by_every_reader_of_json() {
    let shop = Shop::open();
    let at = shop.door();
    for (front, price, stock) in
        [("show", HIGHEST, HIGHEST), ("coupon", HIGHEST, 1_000_000), ("movie", HIGHEST / 1_000_000, HIGHEST)]
    {
        post(&at, &format!("{front}/offerings"), &json!({ "name": "A", "price": won(price), "stock": stock })).is(201);
        for quantity in [1, 2, 1_000_000] {
            let told = post(
                &at,
                &format!("{front}/orders"),
                &json!({ "offering": "1", "quantity": quantity, "customer": "1" }),
            );
            holds(&told);
            let can_be_counted = price.saturating_mul(quantity) <= HIGHEST;
            assert_eq!(told.status == 422, !can_be_counted, "{quantity} for {price} each: {told}");
        }
        let full = post(&at, &format!("{front}/offerings/1/stock"), &json!({ "add": HIGHEST }));
        assert_eq!(full.is(422)["errors"][0]["field"], "add");
    }
    let seats = [1, 2].map(|number| json!({ "row": "A", "number": number, "price": won(HIGHEST) }));
    post(&at, "musical/offerings", &json!({ "name": "A", "seats": seats })).is(201);
    post(&at, "musical/orders", &json!({ "offering": "1", "seats": ["A-1", "A-2"], "customer": "1" })).is(422);
    for (raw, _) in all(&at).iter().filter(|(raw, _)| raw.method == "GET" && !raw.target.ends_with(b"/events")) {
        for front in ["show", "coupon", "movie", "musical"] {
            let target = String::from_utf8_lossy(&raw.target).replace("/show", &format!("/{front}"));
            let told = Raw { target: target.into_bytes(), ..raw.clone() }.send(&at);
            assert!([200, 404].contains(&told.status), "{told}");
            holds(&told);
        }
    }
}
