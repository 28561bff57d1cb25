//! What shops do here, and how it is compared with what stands on topics.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

use cluster::kafka::Broker;
use tests::{Heard, Listening, Shop, pause};

use serde_json::{Value, json};

use crate::reading::{self, Read};

/// How long the feed may take. A client that was cut off waits for some seconds before it tries again.
const PATIENCE: Duration = Duration::from_secs(60);
const PUBLIC: &str = "maejin.events";
/// The topics of the systems that the storefronts stand for.
const OLD: [&str; 5] = ["ticketeunjin", "musicalreservation", "theater", "coupan", "finalpjt"];

/// The walk-throughs of all storefronts, in short.
pub fn sells_in_all_storefronts(shop: &Shop) {
    let told = |storefront: &str, lines: &[&str]| {
        let at = shop.paths(storefront);
        lines.iter().for_each(|line| {
            at.http(line).is(201);
        });
    };
    told(
        "show",
        &[
            "POST /tickets id=1 showId=1 showName='지킬앤하이드' stock=10 amount=150000",
            "POST /points id=1 point=0",
            "POST /reservations id=1 userId=1 showId=1 qty=2 amount=150000",
            "POST /reservations id=2 userId=1 showId=1 qty=9",
        ],
    );
    told(
        "musical",
        &[
            "POST /items name='레미제라블' startDate=2027-01-01 endDate=2027-03-01",
            "POST /seats musicalId=1 grade=R seatRow=1 seatCol=1",
            "POST /reservations userId=1 musicalId=1 seatId=1",
            "POST /reservations userId=2 musicalId=1 seatId=1",
        ],
    );
    told(
        "movie",
        &[
            "POST /movies movieName=LALALand qty=100",
            "POST /reservations userId=1 userName=kim movieId=1 count=45",
            "POST /reservations userId=2 userName=lee movieId=1 count=57",
        ],
    );
    told(
        "coupon",
        &[
            "POST /coupons couponId=1 couponName='치킨' amt=15000 stock=1000",
            "POST /orders couponId=1 customerId=1 qty=2 amt=15000",
        ],
    );
    told("shop", &["POST /inventories id=1 stock=10", "POST /orders productId=1 qty=3 customerId=1"]);
    shop.paths("shop").http("DELETE /orders/1");
    shop.paths("movie").http("DELETE /reservations/1");
}

/// Waits until everything that is durable is acknowledged.
pub fn caught_up(shop: &Shop) {
    let began = Instant::now();
    loop {
        let page = shop.door().http("/metrics").is(200).text.clone();
        let lag = page.lines().find_map(|line| line.strip_prefix("maejin_feed_lag_records ")?.parse::<f64>().ok());
        if lag == Some(0.0) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "the feed is still {lag:?} records behind");
        pause(Duration::from_millis(50));
    }
}

/// What was found on topics.
#[derive(Debug)]
pub struct Stands {
    pub events: usize,
    pub repeats: usize,
    pub topics: BTreeSet<String>,
}

/// Every event of the shop stands on its topic, word for word, in order for each key, and nothing else does.
pub fn stands_on_topics(shop: &Shop, broker: &Broker) -> Stands {
    let happened = happened(shop);
    let read = reading::all(&broker.address(), |topic| topic.starts_with(PUBLIC));
    let (read, repeats) = without_repeats(read);
    let by_id: HashMap<&str, &Heard> = happened.iter().map(|event| (event.id.as_str(), event)).collect();
    for found in &read {
        let event = by_id.get(found.header("ce_id")).unwrap_or_else(|| panic!("it never happened: {found:?}"));
        is_the_event(found, event);
    }
    assert_eq!(read.len(), happened.len(), "some are missing");
    let places: HashMap<&str, usize> = happened.iter().enumerate().map(|(at, event)| (event.id.as_str(), at)).collect();
    let mut last = HashMap::new();
    for found in &read {
        let at = places[found.header("ce_id")];
        let before = last.insert(found.key.clone(), (at, found.partition));
        let in_order = before.is_none_or(|(before, partition)| before < at && partition == found.partition);
        assert!(in_order, "out of order: {found:?}");
    }
    Stands { events: read.len(), repeats, topics: read.iter().map(|found| found.topic.clone()).collect() }
}

/// What `maejin events --old-names` says stands on the topics of the older systems, word for word and in order, and nothing else does.
/// Gives what stands there, by topic.
pub fn old_words_stand_on_topics(shop: &Shop, broker: &Broker) -> BTreeMap<String, Vec<Value>> {
    let by_topic = |lines: Vec<(String, Value)>| {
        let mut topics: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        lines.into_iter().for_each(|(topic, line)| topics.entry(topic).or_default().push(line));
        topics
    };
    let said = shop.events(&["--old-names"]).into_iter().map(|line| {
        let kind = line["headers"]["type"].as_str().unwrap_or_default().to_owned();
        (line["topic"].as_str().expect("a topic").to_owned(), json!([kind, line["payload"].to_string()]))
    });
    let mut seen = BTreeSet::new();
    let mut first =
        |found: &Read| seen.insert((found.header("maejin_id").to_owned(), found.body["eventType"].to_string()));
    let read = reading::all(&broker.address(), |topic| OLD.contains(&topic)).into_iter().filter(|found| first(found));
    let mut bodies = Vec::new();
    let mut found = Vec::new();
    for message in read {
        assert_eq!((message.key.as_deref(), message.partition), (None, 0), "{message:?}");
        assert_eq!(message.header("contentType"), "\"application/json\"");
        let kind = message.headers.get("type").cloned().unwrap_or_default();
        found.push((message.topic.clone(), json!([kind, message.body.to_string()])));
        bodies.push((message.topic, message.body));
    }
    assert_eq!(by_topic(found), by_topic(said.collect()));
    by_topic(bodies)
}

/// What listeners of the shop are told from the first event on.
fn happened(shop: &Shop) -> Vec<Heard> {
    let is_event = |name: &str| contracts::Kind::NAMES.iter().any(|(known, kind)| name == *known && kind.is_event());
    let said = shop.events(&[]);
    let many = said.iter().filter(|line| line["message"].as_str().is_some_and(is_event)).count();
    let url = shop.door().url(None, "/api/v1/events");
    Listening::open(&url, Some("0")).expect("events").take(many).collect()
}

/// The first of each, as a consumer keeps them that knows repeats by their ids; and how many repeats there are.
fn without_repeats(read: Vec<Read>) -> (Vec<Read>, usize) {
    let (all, mut seen) = (read.len(), BTreeSet::new());
    let first: Vec<Read> = read.into_iter().filter(|found| seen.insert(found.header("ce_id").to_owned())).collect();
    let repeats = all - first.len();
    (first, repeats)
}

fn is_the_event(found: &Read, event: &Heard) {
    assert_eq!(found.body, event.data);
    let about: BTreeMap<&str, &str> =
        found.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let at = |name: &str| event.data[name].as_str().unwrap_or_default();
    let expected = [
        ("ce_specversion", "1.0"),
        ("ce_id", &event.id),
        ("ce_type", &format!("maejin.{}", event.name)),
        ("ce_time", at("at")),
        ("ce_subject", found.key.as_deref().unwrap_or_default()),
        ("content-type", "application/json"),
    ];
    for (name, value) in expected {
        assert_eq!(about.get(name), Some(&value), "{name} of {found:?}");
    }
    assert!(found.header("ce_source").starts_with("/maejin/"), "{found:?}");
    let topic = event.data["storefront"].as_str().map_or(PUBLIC.to_owned(), |name| format!("{PUBLIC}.{name}"));
    assert_eq!(found.topic, topic);
}
