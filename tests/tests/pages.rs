//! Pages on other origins: where they are named they may call v1 and hear its events, and nobody else may.

use serde_json::{Value, json};
use tests::{Listening, Raw, Reply, Shop, Start};

const TOKEN: &str = "a-token-of-thirty-two-characters";
const PAGE: &str = "https://page.example";

fn shop() -> Shop {
    Start::closed().env("MAEJIN_TOKEN", TOKEN).env("MAEJIN_ALLOWED_ORIGINS", r#"["https://page.example"]"#).run()
}

fn asked(shop: &Shop, method: &str, path: &str, origin: &str) -> Reply {
    let request = Raw::new(method, path).header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", "POST");
    let request = request.header("Access-Control-Request-Headers", "authorization,content-type,idempotency-key");
    request.header("Authorization", format!("Bearer {TOKEN}")).send(&shop.door())
}

fn allowed(reply: &Reply) -> Option<&str> {
    reply.header("access-control-allow-origin")
}

#[test]
fn a_page_that_is_named_may_call_v1_and_is_told_before_it_does() {
    let shop = shop();
    for path in ["/api/v1", "/api/v1/storefronts/show/orders", "/api/v1/events", "/openapi.json"] {
        let preflight = asked(&shop, "OPTIONS", path, PAGE);
        assert_eq!((preflight.status, allowed(&preflight)), (200, Some(PAGE)), "{preflight}");
        let told = |name: &str| preflight.header(name).unwrap_or_default().to_lowercase();
        for method in ["get", "post", "patch", "delete"] {
            assert!(told("access-control-allow-methods").contains(method), "{preflight}");
        }
        for header in ["authorization", "content-type", "idempotency-key", "if-match", "prefer", "last-event-id"] {
            assert!(told("access-control-allow-headers").contains(header), "{preflight}");
        }
        assert!(told("vary").contains("origin"), "{preflight}");
    }
    let read = asked(&shop, "GET", "/api/v1/storefronts", PAGE);
    assert_eq!((read.status, allowed(&read)), (200, Some(PAGE)));
    assert!(read.header("access-control-expose-headers").is_some_and(|seen| seen.contains("etag")), "{read}");
    assert_eq!(read.header("access-control-allow-credentials"), None, "no cookies are meant");
    // Also what is refused can be read by the page.
    let refused = Raw::new("GET", "/api/v1/storefronts").header("Origin", PAGE).send(&shop.door()).is(401);
    assert_eq!(allowed(&refused), Some(PAGE));
}

#[test]
fn no_other_page_may_and_nothing_else_is_for_pages() {
    let shop = shop();
    for method in ["GET", "OPTIONS"] {
        for origin in ["https://other.example", "http://page.example", "https://page.example:8443", "null"] {
            assert_eq!(allowed(&asked(&shop, method, "/api/v1/storefronts", origin)), None, "{method} {origin}");
        }
        for path in ["/operator/orders", "/show/tickets", "/", "/metrics", "/healthz", "/api"] {
            assert_eq!(allowed(&asked(&shop, method, path, PAGE)), None, "{method} {path}");
        }
    }
    let closed = Start::closed().env("MAEJIN_TOKEN", TOKEN).run();
    for method in ["GET", "OPTIONS"] {
        let answer = asked(&closed, method, "/api/v1/storefronts", PAGE);
        assert!(!answer.headers.iter().any(|(name, _)| name.starts_with("access-control")), "{answer}");
    }
}

#[test]
fn what_is_no_origin_stops_the_start_and_is_named() {
    let home = tests::Home::default();
    for wrong in ["*", "https://page.example/", "page.example"] {
        let start = Start::open().env("MAEJIN_ALLOWED_ORIGINS", &format!("[\"{wrong}\"]"));
        let refused = start.refused(&home.data()).with_code(1);
        assert!(refused.err.contains("allowed_origins") && refused.err.contains(wrong), "{}", refused.err);
    }
}

fn ticket(shop: &Shop) -> Value {
    shop.door().http(&format!("POST /api/v1/tickets 'Authorization:Bearer {TOKEN}'")).is(200).json().clone()
}

#[test]
fn a_ticket_lets_in_to_events_and_to_nothing_else() {
    let shop = shop();
    let door = shop.door();
    let made = ticket(&shop);
    let text = made["ticket"].as_str().expect("a ticket").to_owned();
    let url = door.url(None, &format!("/api/v1/events?ticket={text}&after=0"));
    let mut events = Listening::open(&url, None).expect("it lets in");
    let price = json!({ "amount": 1, "currency": "KRW" });
    let offering = json!({ "name": "a", "stock": 1, "price": price }).to_string();
    let post = format!("POST /api/v1/storefronts/show/offerings 'Authorization:Bearer {TOKEN}'");
    door.http_with_body(&post, &offering).is(201);
    assert_eq!(events.next().expect("an event").name, "OfferingRegistered");
    for path in ["/api/v1", "/api/v1/storefronts", "/operator/orders", "/show/tickets", "/api/v1/events/"] {
        let refused = door.http(&format!("{path}?ticket={text}")).is(401);
        assert_eq!(refused["code"], "unauthorized", "{path}");
    }
    door.http(&format!("POST /api/v1/tickets?ticket={text}")).is(401);
    for wrong in ["", "0", &text[1..], &text.replace('a', "b").replace('0', "1")] {
        let refused = door.http(&format!("/api/v1/events?ticket={wrong}")).is(401);
        assert_eq!(refused["code"], "wrong-token", "{wrong}");
    }
    door.http("POST /api/v1/tickets").is(401);
    assert!(!shop.log().contains(&text), "no log shows a ticket");
    assert_eq!(
        door.http(&format!("POST /api/v1/tickets x=1 'Authorization:Bearer {TOKEN}'")).is(422)["code"],
        "unknown-field"
    );
}

#[test]
fn long_answers_are_compressed_for_who_takes_that_and_orders_and_facades_are_not() {
    let shop = Shop::open();
    let door = shop.door();
    let price = json!({ "amount": 1, "currency": "KRW" });
    let seats: Vec<Value> = (1..=200).map(|number| json!({ "row": "A", "number": number, "price": price })).collect();
    let hall = json!({ "name": "a", "seats": seats }).to_string();
    door.http_with_body("POST /api/v1/storefronts/musical/offerings", &hall).is(201);
    let ask = |path: &str, takes: &str| Raw::new("GET", path).header("Accept-Encoding", takes).send(&door).is(200);
    let map = "/api/v1/storefronts/musical/offerings/1/seats";
    for path in ["/docs", "/openapi.json", "/docs/problems", map] {
        let (short, long) = (ask(path, "gzip, br"), ask(path, "identity"));
        assert_eq!((short.header("content-encoding"), long.header("content-encoding")), (Some("gzip"), None), "{path}");
        assert!(short.header("vary").is_some_and(|vary| vary.contains("accept-encoding")), "{path}");
        assert!(short.header("cache-control").is_some(), "{path}");
    }
    let etag = ask(map, "gzip").header("etag").expect("an ETag").to_owned();
    assert!(etag.starts_with("W/"), "{etag}");
    assert_eq!(Raw::new("GET", map).header("If-None-Match", &etag).send(&door).status, 304);
    for path in ["/musical/seats", "/api/v1/storefronts", "/healthz"] {
        assert_eq!(ask(path, "gzip").header("content-encoding"), None, "{path}");
    }
    let order = r#"{"offering":"1","seats":["A-1"],"customer":"1"}"#;
    let order = Raw::new("POST", "/api/v1/storefronts/musical/orders").body(order);
    let order = order.header("Content-Type", "application/json").header("Accept-Encoding", "gzip").send(&door).is(201);
    assert_eq!((order.header("content-encoding"), order.header("cache-control")), (None, None));
    assert_eq!(ask("/api/v1/customers/1/orders", "gzip").header("cache-control"), Some("private, no-cache"));
    assert_eq!(ask("/operator/orders", "gzip").header("cache-control"), Some("no-store"));
}
