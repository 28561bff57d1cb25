//! Where mail is configured, a notice goes out besides, and what becomes of that is said.

use contracts::Message;
use contracts::events::{NotificationFailed, NotificationSent};
use notification::{Addresses, By, NoticeState};

use crate::given::{Came, MOVIE, Service, confirmed, delivered, order};

const CUSTOMER: &str = "kim@example.org";

fn sent(channel: &str) -> Message {
    NotificationSent { order: order(MOVIE, 1), customer: CUSTOMER.into(), channel: channel.into(), now: None }.into()
}

fn failed(reason: &str) -> Message {
    NotificationFailed {
        order: order(MOVIE, 1),
        customer: CUSTOMER.into(),
        channel: "mail".into(),
        reason: reason.into(),
        now: None,
    }
    .into()
}

/// A service with a notice on its way, and its id.
fn given_pending() -> (Service, u64) {
    let mut service = Service::open(Some(Addresses::default()));
    service.hear(confirmed(order(MOVIE, 1), CUSTOMER));
    let id = service.notice(order(MOVIE, 1), 0).unwrap().id;
    (service, id)
}

#[test]
fn a_customer_with_an_address_gets_a_mail_besides() {
    let mut service = Service::open(Some(Addresses::default()));
    let event = confirmed(order(MOVIE, 1), CUSTOMER);

    let came = service.hear(event.clone());

    assert_eq!(came, Came { outbox: vec![sent("inbox")], intents: vec![Some(event.clone())] });
    let notice = service.notice(order(MOVIE, 1), 0).unwrap();
    assert_eq!((notice.channel, notice.state, notice.sent_at), (By::Mail, NoticeState::Pending, None));
    assert_eq!(service.hear(event), Came { outbox: Vec::new(), intents: Vec::new() });
}

#[test]
fn a_customer_without_an_address_gets_none() {
    let mut service = Service::open(Some(Addresses::default()));

    let came = service.hear(confirmed(order(MOVIE, 1), "7"));

    assert_eq!(came.intents, []);
    assert_eq!(service.notice(order(MOVIE, 1), 0).unwrap().channel, By::Inbox);
}

#[test]
fn a_pattern_gives_every_customer_an_address() {
    let pattern = Addresses::try_new(Some("{customer}@example.com".to_owned())).unwrap();
    let mut service = Service::open(Some(pattern));

    assert_eq!(service.hear(confirmed(order(MOVIE, 1), "7")).intents.len(), 1);
}

#[test]
fn a_mail_that_arrived_is_sent() {
    let (mut service, id) = given_pending();

    let came = service.hear(delivered(id, None));

    assert_eq!(came, Came { outbox: vec![sent("mail")], intents: vec![None] });
    let notice = service.notice(order(MOVIE, 1), 0).unwrap();
    assert_eq!((notice.state, notice.sent_at), (NoticeState::Sent, Some(service.now)));
}

#[test]
fn a_mail_that_cannot_arrive_has_failed_and_says_why() {
    let (mut service, id) = given_pending();

    let came = service.hear(delivered(id, Some("no such mailbox")));

    assert_eq!(came, Came { outbox: vec![failed("no such mailbox")], intents: vec![None] });
    let notice = service.notice(order(MOVIE, 1), 0).unwrap();
    assert_eq!((notice.state, notice.failure.as_deref()), (NoticeState::Failed, Some("no such mailbox")));
}

#[test]
fn an_outcome_heard_twice_is_said_again_and_changes_nothing() {
    for (failure, event) in [(None, sent("mail")), (Some("no such mailbox"), failed("no such mailbox"))] {
        let (mut service, id) = given_pending();
        service.hear(delivered(id, failure));
        let before = service.notice(order(MOVIE, 1), 0);

        assert_eq!(service.hear(delivered(id, failure)), Came { outbox: vec![event.clone()], intents: Vec::new() });
        assert_eq!(service.hear(delivered(id, Some("something else"))).outbox, [event]);
        assert_eq!(service.notice(order(MOVIE, 1), 0), before);
    }
}
