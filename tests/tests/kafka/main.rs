//! What happens in a shop stands on Apache Kafka, on a broker of its own: everything, in order, whatever is killed in between.

mod reading;
mod story;

use std::time::Duration;

use cluster::kafka::Broker;
use tests::{Paths, Shop, Start, pause, while_running};

use story::{caught_up, sells_in_all_storefronts, stands_on_topics};

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
    // What was acknowledged is not sent again.
    shop.stop();
    shop.start_again();
    reserve(&shop.paths("show"), 3).expect("an order is taken");
    caught_up(&shop);
    let after = stands_on_topics(&shop, &broker);
    assert!(after.events > before.events && after.repeats == 0, "{after:?}");
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
        assert!(done.len() > 20, "a shop sells while the broker is away: {}", done.len());
        if round > 0 {
            shop.start_again();
        }
        if round % 2 == 1 {
            broker.start().expect("the broker begins again");
        }
    }
    reserve(&shop.paths("show"), 1).expect("an order is taken");
    caught_up(&shop);
    let found = stands_on_topics(&shop, &broker);
    assert!(found.events > 500, "there was hardly any load: {found:?}");
}
