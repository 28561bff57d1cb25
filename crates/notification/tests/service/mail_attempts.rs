//! A mail is handed over until it is through or hopeless. Time stands still until everybody waits.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contracts::Message;
use engine::Effector;
use futures_util::future::{BoxFuture, join_all};
use notification::{Addresses, Channel, Failure, Mail, MailEffector};
use tokio::time::Instant;

use crate::given::{MOVIE, confirmed, delivered, order, store};

/// Answers as written, then accepts everything; notes what it was handed and when.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Failure>>,
    handed: Mutex<Vec<(Instant, Mail)>>,
}

impl Channel for Script {
    fn deliver(&self, mail: Mail) -> BoxFuture<'_, Result<(), Failure>> {
        self.handed.lock().unwrap().push((Instant::now(), mail));
        let failure = self.answers.lock().unwrap().pop_front();
        Box::pin(std::future::ready(failure.map_or(Ok(()), Err)))
    }
}

fn given_failures(count: usize, retry: bool) -> Arc<Script> {
    let failure = Failure { retry, why: "not now".to_owned() };
    Arc::new(Script { answers: Mutex::new(vec![failure; count].into()), ..Script::default() })
}

/// Has the mail of an order's confirmation sent, and gives what is to be recorded.
async fn send(channel: Arc<dyn Channel>, customer: &str) -> Message {
    MailEffector::new(channel, Addresses::default(), store())
        .perform(confirmed(order(MOVIE, 12), customer))
        .await
        .unwrap()
}

fn recorded(failure: Option<&str>) -> Message {
    delivered(order(MOVIE, 12).0 * 4, failure)
}

#[tokio::test(start_paused = true)]
async fn the_mail_says_what_the_notice_says() {
    let script = given_failures(0, true);

    assert_eq!(send(script.clone(), "kim@example.org").await, recorded(None));

    let expected = Mail {
        id: format!("notice-{}.a-store.0000000000000007", order(MOVIE, 12).0 * 4),
        to: "kim@example.org".to_owned(),
        subject: "Order 12 is confirmed".to_owned(),
        text: "Your order 12 is confirmed: 45 x 라라랜드.".to_owned(),
    };
    assert_eq!(script.handed.lock().unwrap()[0].1, expected);
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again_at_growing_distances() {
    let script = given_failures(7, true);

    assert_eq!(send(script.clone(), "kim@example.org").await, recorded(None));

    let handed = script.handed.lock().unwrap();
    assert!(handed.iter().all(|(_, mail)| *mail == handed[0].1));
    let waits: Vec<u64> = handed.windows(2).map(|two| (two[1].0 - two[0].0).as_secs()).collect();
    assert_eq!(waits, [1, 4, 16, 64, 256, 1_024, 4_096]);
}

#[tokio::test(start_paused = true)]
async fn the_eighth_failure_is_the_last() {
    let script = given_failures(9, true);

    assert_eq!(send(script.clone(), "kim@example.org").await, recorded(Some("not now")));
    assert_eq!(script.handed.lock().unwrap().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn what_is_hopeless_is_not_tried_again() {
    let script = given_failures(1, false);

    assert_eq!(send(script.clone(), "kim@example.org").await, recorded(Some("not now")));
    assert_eq!(script.handed.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_customer_who_lost_the_address_meanwhile_gets_no_mail() {
    let script = given_failures(0, true);

    assert_eq!(send(script.clone(), "7").await, recorded(Some("the customer has no address any more")));
    assert_eq!(script.handed.lock().unwrap().len(), 0);
}

/// Takes a second for each mail, and knows how many it was handed at once.
#[derive(Default)]
struct Slow {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Channel for Slow {
    fn deliver(&self, _: Mail) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.now.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_rush_is_handed_over_a_few_at_a_time() {
    let slow = Arc::new(Slow::default());
    let effector = MailEffector::new(slow.clone(), Addresses::default(), store());

    join_all((1..=40).map(|number| effector.perform(confirmed(order(MOVIE, number), "kim@example.org")))).await;

    assert_eq!(slow.most.load(Ordering::SeqCst), 4);
}
