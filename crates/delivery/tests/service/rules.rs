//! A delivery begins once and ends once.

use contracts::events::{DeliveryCancelled, DeliveryCompleted, DeliveryDispatched, DeliveryStarted};
use contracts::{Answer, Code, Message, Numbered, OrderId, StorefrontNo};
use delivery::DeliveryState;

use crate::given::{Service, cancel, complete, dispatch, order, start};

fn started(order: OrderId, number: u64) -> Message {
    DeliveryStarted { order, number, product: "A-100".into(), now: None }.into()
}

fn cancelled(order: OrderId, number: u64) -> Message {
    DeliveryCancelled { order, number, product: "A-100".into(), now: None }.into()
}

/// That `message` is refused because of the state, without a trace.
fn refuses(service: &mut Service, message: Message, code: Code) {
    let before = service.delivery(order(1));
    let (answer, outbox) = service.hear(message);
    assert!(matches!(&answer, Answer::Refused(rejection) if rejection.code == code), "{answer:?}");
    assert_eq!(outbox, []);
    assert_eq!(service.delivery(order(1)), before);
}

#[test]
fn a_delivery_begins_once() {
    let mut service = Service::open();

    assert_eq!(service.hear_all([start(order(1))]), [started(order(1), 1)]);

    let delivery = service.delivery(order(1)).unwrap();
    assert_eq!((delivery.state, delivery.started_at), (DeliveryState::Started, service.now));
    assert_eq!((delivery.quantity, delivery.product.as_str(), delivery.ended_at), (2, "A-100", None));
    assert_eq!(service.hear_again(start(order(1)), order(1)), [started(order(1), 1)]);
}

#[test]
fn it_is_dispatched_and_then_completed() {
    let mut service = Service::open();

    let left = service.hear_all([start(order(1)), dispatch(order(1))]);
    assert_eq!(left, [DeliveryDispatched { order: order(1), now: None }.into()]);
    assert_eq!(service.hear_again(dispatch(order(1)), order(1)), left);

    let arrived = service.hear_all([complete(order(1))]);
    assert_eq!(arrived, [DeliveryCompleted { order: order(1), now: None }.into()]);
    let delivery = service.delivery(order(1)).unwrap();
    assert_eq!((delivery.state, delivery.ended_at), (DeliveryState::Completed, Some(service.now)));
    assert_eq!(service.hear_again(complete(order(1)), order(1)), arrived);
    assert_eq!(service.hear_again(start(order(1)), order(1)), [started(order(1), 1)]);
}

#[test]
fn it_may_be_completed_without_having_been_dispatched() {
    let outbox = Service::open().hear_all([start(order(1)), complete(order(1))]);

    assert_eq!(outbox, [DeliveryCompleted { order: order(1), now: None }.into()]);
}

#[test]
fn it_is_cancelled_before_and_after_the_goods_left() {
    let mut service = Service::open();
    service.hear_all([start(order(1)), start(order(2)), dispatch(order(2))]);

    for (order, number) in [(order(1), 1), (order(2), 2)] {
        assert_eq!(service.hear_all([cancel(order)]), [cancelled(order, number)]);
        let delivery = service.delivery(order).unwrap();
        assert_eq!((delivery.state, delivery.ended_at), (DeliveryState::Cancelled, Some(service.now)));
        assert_eq!(service.hear_again(cancel(order), order), [cancelled(order, number)]);
    }
}

#[test]
fn a_cancel_of_what_has_not_begun_is_done_at_once() {
    let mut service = Service::open();

    let outbox = service.hear_again(cancel(order(1)), order(1));

    assert_eq!(outbox, [DeliveryCancelled { order: order(1), number: 0, product: "".into(), now: None }.into()]);
    assert_eq!(service.delivery(order(1)), None);
}

#[test]
fn a_cancel_after_the_goods_have_arrived_is_too_late() {
    let mut service = Service::open();
    service.hear_all([start(order(1)), complete(order(1))]);

    assert_eq!(
        service.hear_again(cancel(order(1)), order(1)),
        [DeliveryCompleted { order: order(1), now: None }.into()]
    );
}

#[test]
fn what_was_cancelled_does_not_begin_again() {
    let mut service = Service::open();
    service.hear_all([start(order(1)), cancel(order(1))]);

    assert_eq!(service.hear_again(start(order(1)), order(1)), [cancelled(order(1), 1)]);
    refuses(&mut service, dispatch(order(1)), Code::WrongState);
    refuses(&mut service, complete(order(1)), Code::WrongState);
}

#[test]
fn what_has_arrived_does_not_leave_again() {
    let mut service = Service::open();
    service.hear_all([start(order(1)), complete(order(1))]);

    refuses(&mut service, dispatch(order(1)), Code::WrongState);
}

#[test]
fn what_is_not_there_neither_leaves_nor_arrives() {
    let mut service = Service::open();

    refuses(&mut service, dispatch(order(1)), Code::NotFound);
    refuses(&mut service, complete(order(1)), Code::NotFound);
}

#[test]
fn each_storefront_counts_its_deliveries_from_one() {
    let mut service = Service::open();
    let elsewhere = OrderId::of(StorefrontNo(6), 4);
    service.hear_all([start(order(9)), start(elsewhere), start(order(3)), start(order(3))]);

    let numbers = [order(9), order(3), elsewhere].map(|order| service.delivery(order).unwrap().number);

    assert_eq!(numbers, [1, 2, 1]);
}
