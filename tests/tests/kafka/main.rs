//! What happens in a shop stands on Apache Kafka, on a broker of its own: everything, in order, whatever is killed in between.

mod reading;
mod story;

use std::time::Duration;

use cluster::kafka::Broker;
use tests::{Paths, Shop, Start, maejin, pause, while_running};

use story::{caught_up, old_words_stand_on_topics, sells_in_all_storefronts, stands_on_topics};

/// Of each older system, the name and the fields of what it says first in these stories, as recorded there.
const RECORDED: [(&str, &str); 3] = [
    ("ticketeunjin", "TicketReserved eventType timestamp id userId showId showName qty amount status"),
    ("theater", "Reserved eventType timestamp id userId userName movieId count reserveStatus date"),
    ("coupan", "CouponRegistered eventType timestamp id couponId couponName amt stock me"),
];

fn broker() -> Broker {
    Broker::begin().expect("a broker can be begun")
}

fn publishing(broker: &Broker) -> Start {
    Start::open().arg("--kafka").arg(&broker.address())
}

fn tickets(shop: &Shop) -> Paths {
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=1000000 amount=1000").is(201);
    at
}

fn reserve(at: &Paths, buyer: usize) -> Option<()> {
    at.try_http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).ok().map(drop)
}

#[test]
fn what_happens_in_all_storefronts_stands_on_their_topics() {
    let broker = broker();
    let mut shop = publishing(&broker).run();
    sells_in_all_storefronts(&shop);
    caught_up(&shop);
    let before = stands_on_topics(&shop, &broker);
    assert!(before.repeats == 0 && before.topics.len() == 6, "{before:?}");
    let old = old_words_stand_on_topics(&shop, &broker);
    for (topic, first) in RECORDED {
        let found = &old[topic][0];
        let fields = || found.as_object().expect("an object").keys().map(String::as_str);
        assert!(fields().eq(first.split(' ').skip(1)), "{topic}: {found}");
        assert_eq!(found["eventType"], first.split(' ').next().unwrap(), "{topic}");
    }
    // What was acknowledged is not sent again.
    shop.stop();
    shop.start_again();
    reserve(&shop.paths("show"), 3).expect("an order is taken");
    caught_up(&shop);
    let after = stands_on_topics(&shop, &broker);
    assert!(after.events > before.events && after.repeats == 0, "{after:?}");
}

#[test]
fn topics_are_made_once_and_one_that_is_other_than_it_is_to_be_is_named() {
    let broker = broker();
    let address = broker.address();
    let topics = |more: &[&str]| maejin(["topics", "--kafka", &address].iter().chain(more));
    let made = topics(&[]).with_code(0).out;
    assert!(made.lines().count() == 11 && made.lines().all(|line| line.ends_with(": made")), "{made}");
    let right = topics(&[]).with_code(0).out;
    assert!(right.lines().count() == 11 && right.lines().all(|line| line.ends_with(": right")), "{right}");
    let settings = tempfile::NamedTempFile::new().expect("a file can be made");
    std::fs::write(settings.path(), "[kafka]\npartitions = 3\nreplication = 2\nretention_hours = 1\n")
        .expect("it can be written");
    let other = topics(&["--config", &settings.path().to_string_lossy()]).with_code(1).out;
    let said = "maejin.events.show: it has 6 partitions, and is to have 3; its partitions are on 1 brokers, and are to be on 2; \
                messages are kept for 604800000 ms, and are to be kept for 3600000";
    assert!(other.lines().any(|line| line == said), "{other}");
}

#[test]
fn nothing_is_lost_and_all_stays_in_order_over_kills_of_the_shop_and_of_the_broker() {
    let mut broker = broker();
    let mut shop = publishing(&broker).run();
    tickets(&shop);
    for round in 0..4 {
        let at = shop.paths("show");
        let (done, ()) = while_running(
            4,
            |buyer| reserve(&at, buyer),
            || {
                pause(Duration::from_millis(300));
                if round % 2 == 1 {
                    broker.kill();
                    pause(Duration::from_millis(300));
                }
                if round > 0 {
                    shop.kill();
                }
            },
        );
        assert!(!done.is_empty(), "a shop sells while the broker is away");
        if round > 0 {
            shop.start_again();
        }
        if round % 2 == 1 {
            broker.start().expect("the broker begins again");
        }
    }
    reserve(&shop.paths("show"), 1).expect("an order is taken");
    caught_up(&shop);
    old_words_stand_on_topics(&shop, &broker);
    let found = stands_on_topics(&shop, &broker);
    assert!(found.events > 100, "there was hardly any load: {found:?}");
}
