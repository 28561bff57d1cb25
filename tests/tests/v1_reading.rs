//! v1 as it is read: versions that are compared, what is not sent twice, and lists page by page.

use serde_json::{Value, json};
use tests::{Paths, Reply, Shop};

const SHOW: &str = "/api/v1/storefronts/show";

fn won(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

#[track_caller]
fn post(at: &Paths, line: &str, body: &Value) -> Reply {
    at.http_with_body(&format!("POST {line}"), &body.to_string())
}

#[track_caller]
fn offering(at: &Paths, name: &str, price: i64) -> Reply {
    post(at, &format!("{SHOW}/offerings"), &json!({ "name": name, "price": won(price), "stock": 10 })).is(201)
}

#[track_caller]
fn order(at: &Paths, customer: &str) -> Reply {
    post(at, &format!("{SHOW}/orders"), &json!({ "offering": "1", "quantity": 1, "customer": customer })).is(201)
}

#[test]
fn an_offering_is_changed_only_by_who_knows_its_present_version() {
    let shop = Shop::open();
    let at = shop.door();
    let first = offering(&at, "A", 1).header("etag").expect("a version").to_owned();
    let path = format!("{SHOW}/offerings/1");
    let change = |header: &str, name: &str| {
        at.http_with_body(&format!("PATCH {path} {header}"), &json!({ "name": name }).to_string())
    };
    assert_eq!(change("", "B").is(428)["errors"][0]["field"], "If-Match");
    let second = change(&format!("'If-Match:{first}'"), "B").is(200).header("etag").expect("a version").to_owned();
    assert_ne!(first, second);
    let stale = change(&format!("'If-Match:{first}'"), "C").is(412);
    assert_eq!((&stale["code"], &stale["errors"][0]["field"]), (&json!("version-changed"), &json!("If-Match")));
    assert_eq!(at.http(&path).is(200)["name"], "B");
    order(&at, "1");
    assert_eq!(change(&format!("'If-Match:{second}'"), "C").is(412)["code"], "version-changed", "a sale is a change");
    assert_eq!(change("If-Match:*", "C").is(200)["name"], "C");
    at.http(&format!("DELETE {path}")).is(428);
    at.http(&format!("DELETE {path} 'If-Match:{second}'")).is(412);
    let present = at.http(&path).header("etag").expect("a version").to_owned();
    at.http(&format!("DELETE {path} 'If-Match:{present}'")).is(204);
    at.http(&path).is(404);
}

#[test]
fn what_a_client_has_is_not_sent_again_until_it_changes() {
    let shop = Shop::open();
    let at = shop.door();
    offering(&at, "A", 1);
    order(&at, "1");
    let seats = json!({ "name": "A", "seats": [{ "row": "A", "number": 1, "price": won(1) }] });
    let musical = "/api/v1/storefronts/musical";
    post(&at, &format!("{musical}/offerings"), &seats).is(201);
    let known = |path: &str| {
        let etag = at.http(path).is(200).header("etag").expect("a version").to_owned();
        for has in
            [format!("'If-None-Match:{etag}'"), format!("'If-None-Match:\"x\", W/{etag}'"), "If-None-Match:*".into()]
        {
            let same = at.http(&format!("{path} {has}")).is(304);
            assert_eq!((same.text.as_str(), same.header("etag")), ("", Some(etag.as_str())), "{path}");
        }
        at.http(&format!("{path} 'If-None-Match:\"x\"'")).is(200);
        etag
    };
    let (offering, order) = (format!("{SHOW}/offerings/1"), format!("{SHOW}/orders/1"));
    let (map, house) = (format!("{musical}/offerings/1/seats"), format!("{musical}/offerings/1"));
    let before = [&offering, &order, &map, &house].map(|path| (path, known(path)));
    at.http(&format!("POST {order}/cancel")).is(200);
    post(&at, &format!("{musical}/orders"), &json!({ "offering": "1", "seats": ["A-1"], "customer": "1" })).is(201);
    for (path, etag) in before {
        let now = at.http(&format!("{path} 'If-None-Match:{etag}'")).is(200);
        assert_ne!(now.header("etag"), Some(etag.as_str()), "{path}");
    }
}

/// All items of a list, `limit` at a time, by the field `field`. No page but the last is short, and no item comes twice.
#[track_caller]
fn all(at: &Paths, list: &str, limit: usize, field: &str) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), String::new());
    let sign = if list.contains('?') { '&' } else { '?' };
    loop {
        let page = at.http(&format!("{list}{sign}limit={limit}{after}")).is(200);
        let items = page["items"].as_array().expect("a list").clone();
        all.extend(items.iter().map(|item| item[field].as_str().expect("a text").to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
        assert_eq!(items.len(), limit, "only the last page is short: {list}");
    }
}

#[test]
fn offerings_come_in_pages_sorted_and_filtered() {
    let shop = Shop::open();
    let at = shop.door();
    let made = [("나비부인", 500), ("Aida", 300), ("가면 무도회", 300), ("aida in concert", 900), ("Carmen", 300)];
    made.iter().for_each(|(name, price)| drop(offering(&at, name, *price)));
    post(&at, "/api/v1/storefronts/coupon/offerings", &json!({ "name": "Aida", "price": won(1), "stock": 1 })).is(201);
    let list = format!("{SHOW}/offerings");
    let names = |query: &str| -> Vec<String> {
        let whole = all(&at, &format!("{list}{query}"), 200, "name");
        for limit in 1..=made.len() {
            assert_eq!(all(&at, &format!("{list}{query}"), limit, "name"), whole, "{query}, {limit} at a time");
        }
        whole
    };
    let in_order: Vec<&str> = made.iter().map(|(name, _)| *name).collect();
    assert_eq!(names(""), in_order);
    assert_eq!(names("?sort=id"), in_order);
    assert_eq!(names("?sort=-id"), in_order.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(names("?sort=name"), ["Aida", "Carmen", "aida in concert", "가면 무도회", "나비부인"]);
    assert_eq!(names("?sort=-name"), ["나비부인", "가면 무도회", "aida in concert", "Carmen", "Aida"]);
    assert_eq!(names("?sort=price"), ["Aida", "가면 무도회", "Carmen", "나비부인", "aida in concert"]);
    assert_eq!(names("?sort=-price"), ["aida in concert", "나비부인", "Carmen", "가면 무도회", "Aida"]);
    assert_eq!(names("?name=aida"), ["Aida", "aida in concert"]);
    assert_eq!(names("?name=aida&sort=-price"), ["aida in concert", "Aida"]);
    assert_eq!(names("?name=%EA%B0%80%EB%A9%B4+%EB%AC%B4"), ["가면 무도회"]);
    assert_eq!(names("?name=nothing"), Vec::<String>::new());
    at.http(&format!("DELETE {list}/2 If-Match:*")).is(204);
    assert_eq!(names("?name=aida"), ["aida in concert"]);
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let shop = Shop::open();
    let at = shop.door();
    offering(&at, "A", 1);
    offering(&at, "B", 2);
    order(&at, "1");
    order(&at, "1");
    let first = |list: &str, sign: char| at.http(&format!("{list}{sign}limit=1")).is(200)["next"].clone();
    let offerings = format!("{SHOW}/offerings");
    let lists: Vec<(String, char)> = ["id", "-id", "name", "-name", "price", "-price"]
        .map(|sort| (format!("{offerings}?sort={sort}"), '&'))
        .into_iter()
        .chain(["orders", "points"].map(|list| (format!("/api/v1/customers/1/{list}"), '?')))
        .collect();
    for (list, sign) in &lists {
        for (other, other_sign) in &lists {
            let cursor = first(other, *other_sign);
            let asked = at.http(&format!("{list}{sign}after={}", cursor.as_str().expect("there is a second page")));
            if list == other {
                assert_eq!(asked.is(200)["items"].as_array().expect("a list").len(), 1);
            } else {
                assert_eq!(asked.is(400)["errors"][0]["field"], "after", "{other} in {list}");
            }
        }
    }
}

#[test]
fn a_customers_lists_have_what_is_theirs_newest_first() {
    let shop = Shop::open();
    let at = shop.door();
    offering(&at, "A", 1_000);
    let mut mine: Vec<String> = Vec::new();
    for turn in 0..9 {
        let customer = if turn % 3 == 2 { "other" } else { "1" };
        let id = order(&at, customer)["id"].as_str().expect("an id").to_owned();
        if customer == "1" {
            mine.insert(0, id);
        }
    }
    for limit in [1, 2, 3, 6, 200] {
        assert_eq!(all(&at, "/api/v1/customers/1/orders", limit, "id"), mine);
        assert_eq!(all(&at, "/api/v1/customers/1/points", limit, "order"), mine);
    }
    assert_eq!(all(&at, "/api/v1/customers/other/orders", 2, "id").len(), 3);
    assert_eq!(all(&at, "/api/v1/customers/nobody/orders", 2, "id").len(), 0);
}

#[test]
fn a_customers_lists_go_through_all_storefronts_by_time() {
    let shop = Shop::open();
    let at = shop.door();
    let fronts = ["show", "movie"];
    for front in fronts {
        let body = json!({ "name": "A", "price": won(1_000), "stock": 100 });
        post(&at, &format!("/api/v1/storefronts/{front}/offerings"), &body).is(201);
    }
    for turn in 0..14 {
        let body = json!({ "offering": "1", "quantity": 1, "customer": if turn % 7 == 6 { "other" } else { "1" } });
        post(&at, &format!("/api/v1/storefronts/{}/orders", fronts[turn / 2 % 2]), &body).is(201);
    }
    at.http("POST /api/v1/storefronts/movie/orders/1/cancel").is(200);
    let lists = [
        ("orders", "id", "placed_at", &fronts[..]),
        ("notifications", "order", "at", &fronts[1..]),
        ("points", "order", "at", &fronts[..1]),
    ];
    for (list, order, moment, of) in lists {
        let list = format!("/api/v1/customers/1/{list}");
        let whole = at.http(&format!("{list}?limit=200")).is(200)["items"].clone();
        let whole = whole.as_array().expect("a list");
        let moments = whole.iter().map(|item| item[moment].as_str().expect("a moment").trim_end_matches('Z'));
        let moments: Vec<&str> = moments.collect();
        assert!(moments.is_sorted_by(|newer, older| newer >= older), "{list}: {moments:?}");
        let orders: Vec<String> = whole.iter().map(|item| item[order].as_str().expect("an id").to_owned()).collect();
        for limit in [1, 2, 5, 13] {
            assert_eq!(all(&at, &list, limit, order), orders, "{list}, {limit} at a time");
        }
        for front in fronts {
            assert_eq!(whole.iter().any(|item| item["storefront"] == front), of.contains(&front), "{list}: {front}");
        }
    }
    assert_eq!(at.http("/api/v1/customers/1/orders").is(200)["items"].as_array().expect("a list").len(), 12);
}

#[test]
fn operators_find_orders_by_what_they_ask_for() {
    let shop = Shop::open();
    let at = shop.door();
    offering(&at, "A", 1);
    (0..5).for_each(|turn| drop(order(&at, if turn < 2 { "1" } else { "2" })));
    at.http(&format!("POST {SHOW}/orders/2/cancel")).is(200);
    let found = |query: &str| {
        let page = at.http(&format!("/operator/orders?storefront=show&{query}")).is(200);
        let mut ids: Vec<u64> = page["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|order| order["order"].as_u64().expect("a number"))
            .collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(found("customer=1"), [1, 2]);
    assert_eq!(found("state=cancelled"), [2]);
    assert_eq!(found("state=confirmed"), [1, 3, 4, 5]);
    assert_eq!(found("state=confirmed&customer=1"), [1]);
    assert_eq!(found("offering=1"), [1, 2, 3, 4, 5]);
    assert_eq!(found("offering=2"), Vec::<u64>::new());
}
