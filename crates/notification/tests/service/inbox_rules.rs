//! An order's end is told once, in the inbox, where the storefront's recipe says so.

use contracts::Message;
use contracts::events::NotificationSent;
use contracts::{Numbered, OfferingId, OrderId};
use notification::{By, NoticeKind, NoticeState};

use crate::given::{Came, GALLERY, MOVIE, MUSICAL, SHOP, Service, cancelled, confirmed, delivered, order, rejected};

fn sent(order: OrderId, channel: &str) -> Message {
    NotificationSent { order, customer: "7".into(), channel: channel.into(), now: None }.into()
}

const NOTHING: Came = Came { outbox: Vec::new(), intents: Vec::new() };

#[test]
fn a_confirmed_order_is_told() {
    let mut service = Service::open(None);
    let order = order(MOVIE, 12);

    let came = service.hear(confirmed(order, "7"));

    assert_eq!(came, Came { outbox: vec![sent(order, "inbox")], intents: Vec::new() });
    let notice = service.notice(order, 0).unwrap();
    assert_eq!((notice.kind, notice.channel, notice.state), (NoticeKind::Confirmed, By::Inbox, NoticeState::Sent));
    assert_eq!((notice.owner, notice.number, notice.quantity), (order, 1, 45));
    assert_eq!((notice.customer.as_str(), notice.customer_name.as_deref()), ("7", Some("김철수")));
    assert_eq!((notice.offering, notice.offering_name.as_deref()), (Some(OfferingId::of(MOVIE, 1)), Some("라라랜드")));
    assert_eq!(notice.text, "Your order 12 is confirmed: 45 x 라라랜드.");
    assert_eq!((notice.at, notice.sent_at), (service.now, Some(service.now)));
}

#[test]
fn an_event_heard_twice_is_told_once() {
    let mut service = Service::open(None);
    let order = order(MOVIE, 12);
    service.hear(confirmed(order, "7"));
    let before = service.notice(order, 0);

    assert_eq!(service.hear(confirmed(order, "7")), NOTHING);
    assert_eq!(service.notice(order, 0), before);
}

#[test]
fn a_cancel_is_told_besides_the_confirmation() {
    let mut service = Service::open(None);
    let order = order(MOVIE, 12);
    service.hear(confirmed(order, "7"));

    assert_eq!(service.hear(cancelled(order)).outbox, [sent(order, "inbox")]);

    let notice = service.notice(order, 2).unwrap();
    assert_eq!((notice.kind, notice.number), (NoticeKind::Cancelled, 2));
    assert_eq!(notice.customer_name, None);
    assert_eq!(service.notice(order, 0).unwrap().number, 1);
}

#[test]
fn a_refusal_is_told_where_the_order_is_kept_and_shows_it_only_later() {
    let mut service = Service::open(None);

    assert_eq!(service.hear(rejected(order(MOVIE, 1), true)).outbox, [sent(order(MOVIE, 1), "inbox")]);

    let notice = service.notice(order(MOVIE, 1), 1).unwrap();
    assert_eq!(notice.kind, NoticeKind::Rejected);
    assert_eq!(notice.text, "Your order 1 of 57 x an unknown offering was not possible: only 55 are left.");
    assert_eq!(service.hear(rejected(order(MOVIE, 2), false)), NOTHING);
    assert_eq!(service.hear(rejected(order(MUSICAL, 1), true)), NOTHING);
    assert_eq!(service.hear(rejected(order(GALLERY, 1), true)), NOTHING);
}

#[test]
fn a_seat_that_was_got_is_told() {
    let mut service = Service::open(None);

    assert_eq!(service.hear(confirmed(order(MUSICAL, 1), "7")).outbox, [sent(order(MUSICAL, 1), "inbox")]);
}

#[test]
fn a_storefront_that_does_not_notify_tells_nobody_anything() {
    let mut service = Service::open(None);
    let order = order(SHOP, 1);

    for event in [confirmed(order, "7"), rejected(order, true), cancelled(order)] {
        assert_eq!(service.hear(event), NOTHING);
    }
}

#[test]
fn each_storefront_counts_its_notices_from_one() {
    let mut service = Service::open(None);
    let (first, second, elsewhere) = (order(MOVIE, 9), order(MOVIE, 3), order(MUSICAL, 4));
    for order in [first, elsewhere, second] {
        service.hear(confirmed(order, "7"));
    }

    let numbers = [first, second, elsewhere].map(|order| service.notice(order, 0).unwrap().number);

    assert_eq!(numbers, [1, 2, 1]);
}

#[test]
fn an_outcome_of_a_mail_that_was_never_sent_changes_nothing() {
    let mut service = Service::open(None);
    service.hear(confirmed(order(MOVIE, 1), "7"));
    let notice = service.notice(order(MOVIE, 1), 0).unwrap();

    assert_eq!(service.hear(delivered(notice.id, Some("lost"))), NOTHING);
    assert_eq!(service.hear(delivered(notice.id + 1, None)), NOTHING);
    assert_eq!(service.notice(order(MOVIE, 1), 0), Some(notice));
}
