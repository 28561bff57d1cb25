//! Money is taken once, or not at all.

use contracts::commands::TakePayment;
use contracts::events::{PaymentDeclined, PaymentParked, PaymentRequested, PaymentTaken};
use contracts::{Message, Money, Numbered, OfferingId, OrderId, StorefrontNo};
use payment::PaymentState;

use crate::given::{
    PRICE, STOREFRONT, Service, WHY, approved, changed, charge_refused, declined, effect, give_up, order, refund, take,
};

fn taken(order: OrderId, number: u64) -> Message {
    let offering = OfferingId::of(STOREFRONT, 1);
    PaymentTaken { order, amount: PRICE, reference: "ch_1".into(), number, offering, now: None }.into()
}

fn declined_event(order: OrderId, reason: &str) -> Message {
    PaymentDeclined { order, amount: PRICE, reason: reason.into(), now: None }.into()
}

#[test]
fn a_payment_is_asked_for_and_the_provider_is_to_be_called() {
    let mut service = Service::open();

    let came = service.hear(take(order(1)));

    assert_eq!(came.outbox, [PaymentRequested { order: order(1), amount: PRICE, now: None }.into()]);
    assert_eq!(came.intents, [Some(effect(take(order(1))))]);
    let payment = service.payment(order(1)).unwrap();
    assert_eq!((payment.state, payment.number, payment.requested_at), (PaymentState::Requested, 1, service.now));
}

#[test]
fn an_approval_makes_it_paid_and_settles_the_call() {
    let mut service = Service::open();

    let came = service.hear_all([take(order(1)), approved(order(1))]);

    assert_eq!(came.outbox, [taken(order(1), 1)]);
    assert_eq!(came.intents, [None]);
    let payment = service.payment(order(1)).unwrap();
    assert_eq!((payment.state, payment.paid_at), (PaymentState::Paid, Some(service.now)));
}

#[test]
fn a_decline_is_final_and_settles_the_call() {
    let mut service = Service::open();

    let came = service.hear_all([take(order(1)), declined(order(1), "no cover")]);

    assert_eq!(came.outbox, [declined_event(order(1), "no cover")]);
    assert_eq!(came.intents, [None]);
    assert_eq!(service.hear_again(approved(order(1)), order(1)), []);
}

#[test]
fn a_call_that_the_provider_would_not_have_declines_nobody_and_waits_for_an_operator() {
    let mut service = Service::open();

    let came = service.hear_all([take(order(1)), charge_refused(order(1))]);

    assert_eq!(came.outbox, [PaymentParked { order: order(1), reason: WHY.into(), now: None }.into()]);
    assert_eq!(came.intents, [None], "the provider is not asked any more");
    let payment = service.payment(order(1)).unwrap();
    assert_eq!((payment.state, payment.parked.as_deref()), (PaymentState::Requested, Some(WHY)));
}

#[test]
fn a_parked_charge_is_asked_for_again_with_its_key_when_an_operator_says_so() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), charge_refused(order(1))]);

    let came = service.hear(take(order(1)));

    assert_eq!(came.outbox, [PaymentRequested { order: order(1), amount: PRICE, now: None }.into()]);
    let Message::TakePayment(command) = effect(take(order(1))) else { unreachable!() };
    assert_eq!(came.intents, [Some(TakePayment { asked_before: true, ..command }.into())]);
    assert_eq!(service.payment(order(1)).unwrap().parked, None);
    assert_eq!(service.hear(approved(order(1))).outbox, [taken(order(1), 1)]);
}

#[test]
fn a_parked_charge_is_never_undone_by_a_refund() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), charge_refused(order(1))]);
    let parked = PaymentParked { order: order(1), reason: WHY.into(), now: None };
    assert_eq!(service.hear_again(refund(order(1)), order(1)), [parked.into()]);

    let came = service.hear(give_up(order(1)));
    assert_eq!((came.outbox.as_slice(), came.intents.as_slice()), ([changed(order(1))].as_slice(), [].as_slice()));
    let payment = service.payment(order(1)).unwrap();
    assert_eq!((payment.state, payment.reason.as_deref()), (PaymentState::GivenUp, Some(WHY)));
    let came = service.hear(refund(order(1)));
    assert!(
        matches!(&came.outbox[..], [Message::PaymentRefunded(refunded)] if refunded.amount == Money::krw(0)),
        "{came:?}"
    );
    assert_eq!(came.intents, []);
    assert_eq!(service.hear_again(give_up(order(1)), order(1)), []);
}

#[test]
fn only_what_is_parked_can_be_given_up() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), take(order(2)), approved(order(2))]);
    for order in [order(1), order(2), order(3)] {
        assert_eq!(service.hear_again(give_up(order), order), []);
    }
}

#[test]
fn asked_again_it_says_again_what_became_of_it() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), take(order(2)), take(order(3))]);
    service.hear_all([approved(order(2)), declined(order(3), "no cover")]);

    assert_eq!(service.hear_again(take(order(1)), order(1)), []);
    assert_eq!(service.hear_again(take(order(2)), order(2)), [taken(order(2), 2)]);
    assert_eq!(service.hear_again(take(order(3)), order(3)), [declined_event(order(3), "no cover")]);
}

#[test]
fn an_outcome_heard_twice_counts_once() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), approved(order(1))]);

    assert_eq!(service.hear_again(approved(order(1)), order(1)), []);
    assert_eq!(service.hear_again(declined(order(1), "no cover"), order(1)), []);
}

#[test]
fn an_outcome_of_a_payment_that_is_not_known_changes_nothing() {
    assert_eq!(Service::open().hear_again(approved(order(1)), order(1)), []);
}

#[test]
fn each_storefront_counts_its_payments_from_one() {
    let mut service = Service::open();
    let elsewhere = OrderId::of(StorefrontNo(5), 1);
    service.hear_all([take(order(9)), take(elsewhere), take(order(3)), take(order(3))]);

    let numbers = [order(9), order(3), elsewhere].map(|order| service.payment(order).unwrap().number);

    assert_eq!(numbers, [1, 2, 1]);
}

#[test]
fn a_payment_of_nothing_is_made_without_the_provider() {
    let Message::TakePayment(command) = take(order(1)) else { unreachable!() };
    let mut service = Service::open();

    service.try_hear(TakePayment { amount: Money::krw(0), ..command }.into()).unwrap();
    assert_eq!(service.payment(order(1)).unwrap().state, PaymentState::Paid);

    let came = service
        .try_hear(contracts::commands::RefundPayment { order: order(1), provider_key: None, asked_in: None }.into())
        .unwrap();
    assert_eq!(service.payment(order(1)).unwrap().state, PaymentState::Refunded);
    assert_eq!(came.intents, []);
}

#[test]
fn a_payment_below_nothing_cannot_be_handled() {
    let Message::TakePayment(command) = take(order(1)) else { unreachable!() };
    let mut service = Service::open();

    let refused = service.try_hear(TakePayment { amount: Money::krw(-1), ..command }.into());

    assert_eq!(refused, Err("a payment of -1 is none".to_owned()));
    assert_eq!(service.payment(order(1)), None);
}
