//! Events as they happen: none is lost and none comes twice, however the connection or the shop ends in between.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contracts::Kind;
use serde_json::{Value, json};
use tests::{Heard, Listening, Paths, Shop, at_once, eventually_is, pause, while_running};

fn tickets(shop: &Shop) -> Paths {
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=1000000 amount=1000").is(201);
    at
}

fn url(shop: &Shop, query: &str) -> String {
    shop.door().url(None, &format!("/api/v1/events{query}"))
}

fn reserve(at: &Paths, buyer: usize) -> Option<()> {
    at.try_http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).ok().map(drop)
}

/// What `maejin events` says that happened.
fn happened(shop: &Shop) -> Vec<Value> {
    let is_event = |name: &Value| Kind::NAMES.iter().any(|(known, kind)| name == known && kind.is_event());
    shop.events(&[]).into_iter().filter(|line| is_event(&line["message"])).collect()
}

fn ids(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["id"].as_str()).collect()
}

fn ids_heard(heard: &[Heard]) -> Vec<&str> {
    heard.iter().map(|event| event.id.as_str()).collect()
}

/// Reads on from the last of `heard`, up to `many` events.
fn hear(url: &str, heard: &mut Vec<Heard>, many: usize) {
    let Ok(listening) = Listening::open(url, Some(heard.last().map_or("0", |last| &last.id))) else { return };
    heard.extend(listening.take(many));
}

#[test]
fn a_stream_that_is_cut_under_load_again_and_again_has_every_event_once() {
    const CUTS: usize = 25;
    let shop = Shop::open();
    let at = tickets(&shop);
    let (all, mut heard) = while_running(
        4,
        |buyer| reserve(&at, buyer),
        || {
            let mut heard = Vec::new();
            for cut in 1..=CUTS {
                hear(&url(&shop, ""), &mut heard, 7 * cut);
            }
            heard
        },
    );
    assert!(all.len() > 50, "there was hardly any load: {}", all.len());
    let happened = happened(&shop);
    let left = happened.len() - heard.len();
    hear(&url(&shop, ""), &mut heard, left);
    assert_eq!(ids_heard(&heard), ids(&happened));
    for (event, line) in heard.iter().zip(&happened) {
        assert_eq!((&event.data["id"], &event.name), (&line["id"], &line["message"].as_str().unwrap().to_owned()));
        for key in ["at", "cause", "service", "message", "storefront", "correlation_id"] {
            assert_eq!(event.data[key], line[key], "{key} of {event:?}");
        }
        assert_eq!(event.data["order"], line["order"].as_u64().map_or(Value::Null, |n| format!("{n:012}").into()));
        assert!(event.data["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{event:?}");
    }
}

#[test]
fn a_listener_of_a_shop_that_is_killed_and_started_again_misses_nothing() {
    const KILLS: usize = 4;
    let mut shop = Shop::open();
    tickets(&shop);
    let (door, seen) = (Arc::new(Mutex::new(url(&shop, ""))), Arc::new(Mutex::new(Vec::new())));
    let (at_door, heard) = (door.clone(), seen.clone());
    // Not waited for: it ends with the test, also where that fails.
    std::thread::spawn(move || {
        loop {
            let url = at_door.lock().unwrap().clone();
            let last: String = heard.lock().unwrap().last().map_or("0".to_owned(), |last: &Heard| last.id.clone());
            match Listening::open(&url, Some(&last)) {
                Ok(listening) => listening.for_each(|event| heard.lock().unwrap().push(event)),
                Err(_) => pause(Duration::from_millis(5)),
            }
        }
    });
    for kill in 0..KILLS {
        let at = shop.paths("show");
        let (done, ()) = while_running(
            4,
            |buyer| reserve(&at, buyer),
            || {
                pause(Duration::from_millis(200 + 50 * kill as u64));
                shop.kill();
            },
        );
        assert!(!done.is_empty());
        shop.start_again();
        *door.lock().unwrap() = url(&shop, "");
    }
    reserve(&shop.paths("show"), 1).expect("the last order is taken");
    let happened = happened(&shop);
    eventually_is("events heard", happened.len(), || seen.lock().unwrap().len());
    assert_eq!(ids_heard(&seen.lock().unwrap()), ids(&happened));
}

#[test]
fn a_shop_that_stops_lets_its_listeners_go_at_once() {
    let mut shop = Shop::open();
    let at = tickets(&shop);
    let mut listening = Listening::open(&url(&shop, ""), None).expect("events");
    reserve(&at, 1).expect("an order is taken");
    assert_eq!(listening.next().expect("an event").name, "OrderPlaced", "what was before is not told");
    shop.ask_to_stop();
    assert_ne!(listening.count(), 0, "the rest of what happened before it stopped");
    assert_eq!(shop.ended().code(), Some(0));
    assert!(!shop.log().contains("connections were still open"), "{}", shop.log());
}

#[test]
fn who_does_not_read_holds_nobody_up_and_still_gets_everything() {
    const LISTENERS: usize = 20;
    let shop = Shop::open();
    let at = tickets(&shop);
    let mut slow = Listening::open(&url(&shop, ""), Some("0")).expect("events");
    let first = slow.next().expect("an event");
    let quick: Vec<_> = (0..LISTENERS)
        .map(|_| Mutex::new(Listening::open(&url(&shop, ""), Some(&first.id)).expect("events")))
        .collect();
    let (all, ()) = while_running(4, |buyer| reserve(&at, buyer), || pause(Duration::from_millis(1_500)));
    assert!(all.len() > 50, "there was hardly any load: {}", all.len());
    let happened = happened(&shop);
    let read = |listening: &mut Listening| -> Vec<String> {
        (1..happened.len()).map(|_| listening.next().expect("an event").id).collect()
    };
    let heard = at_once(LISTENERS, |listener| read(&mut quick[listener].lock().unwrap()));
    assert!(heard.iter().all(|heard| *heard == ids(&happened)[1..]));
    assert_eq!(read(&mut slow), ids(&happened)[1..]);
}

/// Of the events that happened, the ids of those that come for `query`.
fn come_for(shop: &Shop, query: &str, many: usize) -> Vec<String> {
    let mut listening = Listening::open(&url(shop, query), None).expect("events");
    (0..many).map(|_| listening.next().expect("an event").id).collect()
}

#[test]
fn a_listener_gets_what_it_asked_for_and_no_more() {
    let shop = Shop::open();
    let show = tickets(&shop);
    show.http("POST /tickets id=2 showId=2 showName=B stock=5 amount=10").is(201);
    let coupon = shop.paths("coupon");
    coupon.http("POST /coupons couponId=1 couponName=A amt=0 stock=5").is(201);
    for (buyer, show_id) in [(7, 1), (8, 2), (7, 2)] {
        show.http(&format!("POST /reservations userId={buyer} showId={show_id} qty=1")).is(201);
    }
    coupon.http("POST /orders couponId=1 customerId=7 qty=1").is(201);
    show.http("DELETE /reservations/1").is(204);
    eventually_is("both are done", true, || {
        let names: Vec<Value> = happened(&shop).iter().map(|line| line["message"].clone()).collect();
        names.contains(&json!("OrderCancelled")) && names.iter().filter(|name| *name == "OrderConfirmed").count() == 4
    });
    let all = happened(&shop);
    let of = |wanted: &dyn Fn(&Value) -> bool| -> Vec<String> {
        all.iter().filter(|line| wanted(line)).filter_map(|line| line["id"].as_str().map(str::to_owned)).collect()
    };
    let orders = |storefront: &str, orders: &[u64]| {
        let orders: BTreeSet<u64> = orders.iter().copied().collect();
        of(&|line| line["storefront"] == storefront && line["order"].as_u64().is_some_and(|n| orders.contains(&n)))
    };
    let kinds = of(&|line| line["message"] == "OrderConfirmed" || line["message"] == "StockSold");
    let mut theirs = orders("show", &[1, 3]);
    theirs.extend(orders("coupon", &[1]));
    theirs.sort_by_key(|id| (id.len(), id.clone()));
    let of_two = of(&|line| {
        let is_order = line["order"].as_u64().is_some_and(|order| [2, 3].contains(&order));
        line["storefront"] == "show" && (is_order || (line["order"].is_null() && line["data"]["name"] == "B"))
    });
    for (query, expected) in [
        ("?after=0", of(&|_| true)),
        ("?after=0&storefront=coupon", of(&|line| line["storefront"] == "coupon")),
        ("?after=0&storefront=show&order=2", orders("show", &[2])),
        ("?after=0&kinds=OrderConfirmed,StockSold", kinds),
        ("?after=0&customer=7", theirs),
        ("?after=0&storefront=show&offering=2", of_two),
    ] {
        assert!(!expected.is_empty(), "{query}");
        assert_eq!(come_for(&shop, query, expected.len()), expected, "{query}");
    }
    // From the middle on: who the order is by was said before, and stands in its row.
    let cancelled = of(&|line| line["message"] == "OrderCancelling");
    let query = format!("?after={}&customer=7&kinds=StockTakenBack,StockReleased", cancelled[0]);
    let released = of(&|line| ["StockTakenBack", "StockReleased"].contains(&line["message"].as_str().unwrap()));
    assert_eq!(come_for(&shop, &query, released.len()), released);
}

#[test]
fn what_cannot_be_understood_is_refused_and_named() {
    let shop = Shop::open();
    tickets(&shop);
    let door = shop.door();
    let events = shop.events(&[]);
    let (life, _) = ids(&events)[0].split_once('-').expect("an id says of which life it is");
    let (future, elsewhere) = (format!("{life}-{}", (1_u64 << 20) * 1_000), format!("{}-1048576", "0".repeat(16)));
    for (asked, field) in [
        ("/api/v1/events Last-Event-ID:abc", "Last-Event-ID"),
        ("/api/v1/events Last-Event-ID:-1", "Last-Event-ID"),
        ("/api/v1/events Last-Event-ID:+1", "Last-Event-ID"),
        ("/api/v1/events Last-Event-ID:", "Last-Event-ID"),
        ("/api/v1/events Last-Event-ID:99999999999999999999", "Last-Event-ID"),
        (&format!("/api/v1/events Last-Event-ID:{future}"), "Last-Event-ID"),
        (&format!("/api/v1/events Last-Event-ID:{elsewhere}"), "Last-Event-ID"),
        ("/api/v1/events Last-Event-ID:1048576", "Last-Event-ID"),
        (&format!("/api/v1/events?after={elsewhere}"), "after"),
        ("/api/v1/events?after=x", "after"),
        ("/api/v1/events?storefront=opera", "storefront"),
        ("/api/v1/events?storefront=show&order=0", "order"),
        ("/api/v1/events?order=1", "order"),
        ("/api/v1/events?offering=1", "offering"),
        ("/api/v1/events?customer=", "customer"),
        ("/api/v1/events?kinds=OrderConfirmed,PlaceOrder", "kinds"),
        ("/api/v1/events?colour=red", "colour"),
        ("/api/v1/events?after=0&after=0", "after"),
    ] {
        let refused = door.http(asked).is(400);
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    assert_eq!(door.http("POST /api/v1/events").is(405).header("allow"), Some("GET, HEAD"));
}

#[test]
fn a_timeline_is_what_maejin_events_says_of_the_order() {
    let shop = Shop::open();
    let at = tickets(&shop);
    let (_, ()) = while_running(
        4,
        |buyer| reserve(&at, buyer),
        || {
            for _ in 0..20 {
                let order = at.http("POST /reservations userId=7 showId=1 qty=1").is(201).number();
                let timeline = shop.door().http(&format!("/api/v1/storefronts/show/orders/{order}/timeline")).is(200);
                let items = timeline["items"].as_array().expect("items").clone();
                assert_eq!(ids(&items), ids(&shop.timeline("show", order)), "of order {order}, at load, at once");
                assert_eq!(items.last().expect("a message")["message"], "OrderConfirmed");
            }
        },
    );
    let door = shop.door();
    for missing in ["show/orders/9999999", "show/orders/x", "opera/orders/1"] {
        assert_eq!(door.http(&format!("/api/v1/storefronts/{missing}/timeline")).is(404)["code"], "not-found");
    }
}
