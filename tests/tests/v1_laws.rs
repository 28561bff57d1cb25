//! What v1 gives, v1 takes: fields, cursors, links, ids, ETags, moments. Held of every call that its document describes.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::described::{Described, described, leaves};
use tests::{Listening, Paths, Raw, Reply, Shop, eventually_is};

const V1: &str = "/api/v1";

fn won(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "KRW" })
}

#[track_caller]
fn post(at: &Paths, path: &str, body: &Value) -> Reply {
    at.http_with_body(&format!("POST {V1}{path}"), &body.to_string())
}

/// Names as people give them.
fn names() -> Vec<String> {
    let mut names: Vec<String> =
        ["지킬앤하이드", "🎭🎟", "\"quoted\" 'n' so", "100 % & more?", "a/b#c", "+1", "<b>", "%00", "null"]
            .map(str::to_owned)
            .into();
    names.extend(["same", "same", "same", "SAME", "Same", "ſame", "Ａ", "A", "a"].map(str::to_owned));
    names.extend(["가", "x", "👍"].map(|one| one.repeat(200)));
    names.push(format!("{}b", "가".repeat(199)));
    names.push(format!("{}a", "가".repeat(199)));
    names
}

/// A shop with offerings of all names, by count and by seats, some sold, some held, some cancelled, in and out of their time of sale.
fn filled() -> Shop {
    let shop = Shop::open();
    let at = shop.door();
    for (turn, name) in names().iter().enumerate() {
        let from = ["1970-01-01T00:00:00Z", "2001-02-03T04:05:06.789Z", "2001-02-03T04:05:06+09:00"][turn % 3];
        let until = ["9999-12-31T23:59:59.999Z", "9999-12-31T00:00:00Z", "2999-01-01T00:00:00.5Z"][turn % 3];
        let price = [1_000, 500, 1_000, 9_007_199_254_740_991][turn % 4];
        let mut body = json!({ "name": name, "price": won(price), "stock": 10 + turn });
        if turn % 2 == 0 {
            body["on_sale_from"] = from.into();
            body["on_sale_until"] = until.into();
        }
        post(&at, "/storefronts/show/offerings", &body).is(201);
        let seat = |row: &str, number: u32| json!({ "row": row, "number": number, "grade": "R", "price": won(7) });
        let house = json!({ "name": name, "seats": [seat(name, 1), seat("A-1", 2), seat("A", 0)] });
        post(&at, "/storefronts/musical/offerings", &house).is(201);
        post(&at, "/storefronts/coupon/offerings", &json!({ "name": name, "price": won(3), "stock": 9 })).is(201);
    }
    shop
}

/// Buys one of each offering that can be bought, for a customer of every name: sold, cancelled, declined, and under way.
fn bought(shop: &Shop) {
    let at = shop.door();
    for (turn, name) in names().iter().enumerate() {
        let id = (turn + 1).to_string();
        let one = json!({ "offering": id, "quantity": 1, "customer": name });
        let placed = post(&at, "/storefronts/show/orders", &one).is(201);
        if turn % 3 == 0 {
            at.http(&format!("POST {}/cancel", placed.header("location").expect("where it is"))).is(200);
        }
        let seats = json!({ "offering": id, "seats": ["A-1-2", format!("{name}-1")], "customer": "same" });
        assert!([201, 202].contains(&post(&at, "/storefronts/musical/orders Prefer:wait=0", &seats).status));
        let card = ["approve", "decline", "silent"][turn % 3];
        let paid = json!({ "offering": id, "quantity": 2, "customer": "same", "card": card });
        let status = post(&at, "/storefronts/coupon/orders Prefer:respond-async", &paid).status;
        assert!([201, 202, 409].contains(&status), "{status}");
    }
    let silent = (0..names().len()).filter(|turn| turn % 3 == 2).count();
    eventually_is("all that can be decided is", silent, || {
        let orders = walked(&at, &format!("{V1}/customers/same/orders"), 200);
        orders
            .iter()
            .filter(|order| ["placed", "held", "paid"].contains(&order["state"].as_str().unwrap_or("")))
            .count()
    });
}

/// Every page of the list at `path`, `limit` items at a time, by way of the cursors that it gives.
#[track_caller]
fn walked(at: &Paths, path: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut after, sign) = (Vec::new(), String::new(), if path.contains('?') { '&' } else { '?' });
    loop {
        let page = at.http(&format!("{path}{sign}limit={limit}{after}")).is(200);
        let items = page["items"].as_array().expect("items").clone();
        let is_last = page["next"].is_null();
        assert!(items.len() == limit || is_last && items.len() <= limit, "only the last page is short: {page}");
        all.extend(items);
        assert!(all.len() < 10_000, "{path} comes to no end");
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

/// Every path of a call that reads, with what there is: found by walking the lists from the first one on.
#[track_caller]
fn readable(at: &Paths, calls: &[Described]) -> Vec<(Described, String)> {
    let fronts = walked_names(at);
    let mut found = Vec::new();
    for call in calls.iter().filter(|call| call.method == "GET" && call.name() != "listen") {
        let customers: Vec<String> = if call.path.contains("{customer}") { names() } else { vec![String::new()] };
        let fronts = if call.path.contains("{storefront}") { fronts.clone() } else { vec![String::new()] };
        for (front, customer) in fronts.iter().flat_map(|front| customers.iter().map(move |one| (front, one))) {
            let ids = if call.path.contains("{offering}") {
                ids(at, &format!("{V1}/storefronts/{front}/offerings"))
            } else if call.path.contains("{order}") {
                let mine = names()
                    .into_iter()
                    .flat_map(|name| walked(at, &format!("{V1}/customers/{}/orders", escaped(&name)), 200));
                let mine = mine.filter(|order| order["storefront"] == front.as_str());
                mine.map(|order| order["id"].as_str().expect("an id").to_owned())
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect()
            } else {
                vec![String::new()]
            };
            for id in ids {
                let customer = escaped(customer);
                let path = call.path.replace("{storefront}", front).replace("{customer}", &customer);
                found.push((call.clone(), path.replace("{offering}", &id).replace("{order}", &id)));
            }
        }
    }
    found
}

fn walked_names(at: &Paths) -> Vec<String> {
    let fronts = at.http(&format!("{V1}/storefronts")).is(200)["items"].clone();
    fronts.as_array().expect("items").iter().map(|front| front["name"].as_str().expect("a name").to_owned()).collect()
}

fn ids(at: &Paths, list: &str) -> Vec<String> {
    walked(at, list, 200).iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// A part of a path.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[test]
fn every_list_comes_to_its_end_and_has_each_item_once_whatever_it_is_sorted_by() {
    let shop = filled();
    bought(&shop);
    let at = shop.door();
    let calls = described(&at);
    let lists: Vec<_> = readable(&at, &calls).into_iter().filter(|(call, _)| call.takes("query", "after")).collect();
    assert!(lists.iter().map(|(call, _)| call.name()).collect::<BTreeSet<_>>().len() >= 4, "there are lists");
    let mut most = 0;
    for (call, path) in lists {
        let sorts = call.one_of("sort");
        let ways = if sorts.is_empty() {
            vec![path.clone()]
        } else {
            sorts.iter().map(|by| format!("{path}?sort={by}")).collect()
        };
        for way in ways {
            let whole = walked(&at, &way, 200);
            let each: BTreeSet<String> = whole.iter().map(Value::to_string).collect();
            assert_eq!(each.len(), whole.len(), "each item once: {way}");
            most = most.max(whole.len());
            for limit in [1, 2, 7] {
                assert_eq!(walked(&at, &way, limit), whole, "{way}, {limit} at a time");
            }
        }
    }
    assert!(most >= names().len(), "the longest list has {most} items");
}

#[test]
fn what_is_read_can_be_sent_back_by_patch_and_changes_nothing() {
    let shop = filled();
    let at = shop.door();
    let calls = described(&at);
    let patched: Vec<&Described> = calls.iter().filter(|call| call.method == "PATCH").collect();
    assert!(!patched.is_empty());
    let is_patched = |path: &str| patched.iter().any(|call| call.path == path);
    let read: Vec<(String, Value)> = readable(&at, &calls)
        .into_iter()
        .filter(|(call, _)| is_patched(&call.path))
        .map(|(_, path)| (path.clone(), at.http(&path).is(200).json().clone()))
        .collect();
    assert!(read.len() >= 3 * names().len());
    bought(&shop);
    for (path, before) in read {
        let now = at.http(&path).is(200);
        let patch = |body: &Value| at.http_with_body(&format!("PATCH {path} If-Match:*"), &body.to_string());
        let whole = patch(&before).is(200);
        assert_eq!((whole.json(), whole.header("etag")), (now.json(), now.header("etag")), "{whole}");
        for (name, value) in now.json().as_object().expect("fields") {
            let one = patch(&json!({ name.as_str(): value }));
            assert_eq!((one.status, one.json()), (200, now.json()), "{name}: {one}");
        }
    }
    let messages = shop.events(&["--storefront", "show"]);
    assert!(messages.iter().any(|line| line["message"] == "ChangeOffering"));
    assert!(!messages.iter().any(|line| line["message"] == "OfferingChanged"), "nothing is said where nothing changed");
}

#[test]
fn a_field_that_a_patch_does_not_take_is_refused_by_its_name_and_the_others_are_as_they_were_sent() {
    let shop = filled();
    let at = shop.door();
    let calls = described(&at);
    for call in calls.iter().filter(|call| call.method == "PATCH") {
        let path = call.path.replace("{storefront}", "show").replace("{offering}", "1");
        let before = at.http(&path).is(200).json().clone();
        for field in leaves(&before).into_iter().map(|(field, _)| field) {
            let now = at.http(&path).is(200).json().clone();
            let place = format!("/{}", field.replace('.', "/"));
            let value = now.pointer(&place).expect("it is there");
            let other = match value {
                Value::String(text) if field == "id" => {
                    json!(format!("{:012}", text.parse::<u64>().expect("digits") + 1))
                }
                Value::String(text) if text.ends_with('Z') => json!("2002-02-02T02:02:02.002Z"),
                Value::String(text) if text != "KRW" => json!(format!("{text}!")),
                Value::String(_) => json!("USD"),
                Value::Number(number) => json!(number.as_u64().expect("a count") + 1),
                Value::Bool(yes) => json!(!yes),
                _ => json!("2003-03-03T03:03:03.003Z"),
            };
            let mut sent = now.clone();
            *sent.pointer_mut(&place).expect("it is there") = other.clone();
            let top = field.split('.').next().expect("a name");
            let body = json!({ top: sent[top] });
            let told = at.http_with_body(&format!("PATCH {path} If-Match:*"), &body.to_string());
            if told.status == 200 {
                assert_eq!(told[top], sent[top], "what was sent is what there is: {told}");
                assert_ne!(told["version"], now["version"], "{told}");
            } else {
                assert_eq!(told.clone().is(422)["errors"][0]["field"], field, "{told}");
                assert_eq!(at.http(&path).is(200).json(), &now, "{told}");
            }
        }
    }
}

#[test]
fn every_etag_id_and_link_that_is_given_is_taken() {
    let shop = filled();
    bought(&shop);
    let at = shop.door();
    let calls = described(&at);
    let (mut etags, mut links) = (0, BTreeSet::new());
    for (call, path) in readable(&at, &calls) {
        let read = at.http(&path).is(200);
        // Where the index leads says its own test: there are names in braces, and calls that are no GET.
        let is_link = |text: &&str| text.starts_with(V1) && path != V1;
        let leads = leaves(read.json()).into_iter().filter_map(|(_, leaf)| leaf.as_str().filter(is_link));
        links.extend(leads.map(str::to_owned));
        let Some(etag) = read.header("etag") else {
            assert!(!call.takes("header", "If-None-Match"), "{} has no ETag", call.name());
            continue;
        };
        etags += 1;
        let with = |name: &str, value: &str| Raw::new("GET", &path).header(name, value).send(&at).status;
        let weak = format!("W/{etag}");
        assert_eq!([with("If-None-Match", etag), with("If-None-Match", &weak)], [304, 304], "{path}");
        assert_eq!([with("If-Match", etag), with("If-Match", &format!("\"x\", {etag}"))], [200, 200], "{path}");
        assert_eq!([with("If-Match", "\"x\""), with("If-Match", &weak)], [412, 412], "{path}");
    }
    assert!(etags > names().len());
    for call in calls.iter().filter(|call| call.method == "POST" && call.takes("header", "Prefer")) {
        let told = call.raw(&[("storefront", "show"), ("order", "2")]).send(&at);
        links.extend(told.header("location").map(str::to_owned));
    }
    let page = at.http("/").is(200).text;
    links.extend(page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned));
    for link in links {
        assert!((200..400).contains(&at.http(&link).status), "{link} leads nowhere");
    }
}

#[test]
fn every_event_that_has_an_id_can_be_gone_on_from() {
    let shop = filled();
    let at = shop.door();
    bought(&shop);
    let timeline = at.http(&format!("{V1}/storefronts/show/orders/1/timeline")).is(200)["items"].clone();
    for item in timeline.as_array().expect("items") {
        let id = item["id"].as_str().expect("an id");
        let url = at.url(None, &format!("{V1}/events"));
        drop(Listening::open(&url, Some(id)).unwrap_or_else(|why| panic!("{id}: {why}")));
    }
}
