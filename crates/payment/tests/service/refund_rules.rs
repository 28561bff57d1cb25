//! What was taken is given back once; whatever comes in whatever order, nobody is charged twice.

use contracts::commands::ProviderOutcome;
use contracts::events::{PaymentDeclined, PaymentRefunded};
use contracts::{Message, Money, Numbered, OfferingId, OrderId};
use payment::PaymentState;

use crate::given::{PRICE, STOREFRONT, Service, approved, declined, effect, order, outcome, refund, take};

fn refunded(order: OrderId, amount: Money, taken_at: Option<u64>) -> Message {
    let offering = Some(OfferingId::of(STOREFRONT, 1));
    PaymentRefunded { order, amount, number: 1, offering, taken_at }.into()
}

fn given_back(order: OrderId) -> Message {
    outcome(order, ProviderOutcome::Refunded(PRICE.amount))
}

fn voided(order: OrderId) -> Message {
    outcome(order, ProviderOutcome::Voided)
}

#[test]
fn what_was_never_asked_for_is_refunded_with_nothing() {
    let mut service = Service::open();

    let said = service.hear_again(refund(order(1)), order(1));

    let nothing = PaymentRefunded { order: order(1), amount: Money::krw(0), number: 0, offering: None, taken_at: None };
    assert_eq!(said, [nothing.into()]);
    assert_eq!(service.payment(order(1)), None);
}

#[test]
fn a_paid_payment_is_refunded_once_the_provider_says_so() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), approved(order(1))]);
    let taken_at = Some(service.now);

    let asked = service.hear(refund(order(1)));
    assert_eq!(
        (asked.said.as_slice(), asked.intents.as_slice()),
        ([].as_slice(), [Some(effect(refund(order(1))))].as_slice())
    );
    assert_eq!(service.hear_again(refund(order(1)), order(1)), []);

    let done = service.hear(given_back(order(1)));
    assert_eq!(done.said, [refunded(order(1), PRICE, taken_at)]);
    assert_eq!(done.intents, [None]);
    assert_eq!(service.payment(order(1)).unwrap().refunded_at, Some(service.now));
    assert_eq!(service.hear_again(refund(order(1)), order(1)), [refunded(order(1), PRICE, taken_at)]);
    assert_eq!(service.hear_again(given_back(order(1)), order(1)), []);
}

#[test]
fn a_refund_takes_the_place_of_a_charge_that_is_under_way() {
    let mut service = Service::open();

    let asked = service.hear_all([take(order(1)), refund(order(1))]);
    assert_eq!(asked.intents, [Some(effect(refund(order(1))))]);

    let done = service.hear(voided(order(1)));
    assert_eq!(done.said, [refunded(order(1), Money::krw(0), None)]);
    assert_eq!(service.payment(order(1)).unwrap().state, PaymentState::Voided);
    assert_eq!(service.hear_again(refund(order(1)), order(1)), [refunded(order(1), Money::krw(0), None)]);
}

#[test]
fn an_approval_that_comes_while_refunding_is_noted_and_the_refund_goes_on() {
    let mut service = Service::open();

    let late = service.hear_all([take(order(1)), refund(order(1)), approved(order(1))]);
    let taken_at = Some(service.now);
    assert_eq!((late.said.as_slice(), late.intents.as_slice()), ([].as_slice(), [].as_slice()));
    let payment = service.payment(order(1)).unwrap();
    assert_eq!((payment.state, payment.reference), (PaymentState::Refunding, Some("ch_1".into())));

    assert_eq!(service.hear(given_back(order(1))).said, [refunded(order(1), PRICE, taken_at)]);
}

#[test]
fn a_decline_that_comes_while_refunding_changes_nothing() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), refund(order(1))]);

    assert_eq!(service.hear_again(declined(order(1), "no cover"), order(1)), []);
}

#[test]
fn a_declined_payment_is_refunded_with_nothing() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), declined(order(1), "no cover")]);

    assert_eq!(service.hear_again(refund(order(1)), order(1)), [refunded(order(1), Money::krw(0), None)]);
}

#[test]
fn nothing_is_taken_for_an_order_whose_payment_was_taken_back() {
    let mut service = Service::open();
    let voided_event = PaymentDeclined { order: order(1), amount: PRICE, reason: "voided".into() };
    service.hear_all([take(order(1)), refund(order(1))]);
    assert_eq!(service.hear_again(take(order(1)), order(1)), [voided_event.clone().into()]);

    service.hear(voided(order(1)));

    assert_eq!(service.hear_again(take(order(1)), order(1)), [voided_event.into()]);
}

/// Every course of five messages, each of which may be any: 7^5 orders.
#[test]
fn whatever_comes_in_whatever_order_an_order_is_charged_at_most_once() {
    let mut service = Service::open();
    let messages = [
        take,
        refund,
        approved,
        given_back,
        voided,
        |order| declined(order, "no"),
        |order| declined(order, "refused by the provider: no"),
    ];
    for course in 0..7_u64.pow(5) {
        let order = order(course + 1);
        let mut charges = 0;
        let mut was = None;
        for place in 0..5 {
            let next = messages[usize::try_from(course / 7_u64.pow(place) % 7).unwrap()];
            let came = service.hear(next(order));
            charges += came.intents.iter().flatten().filter(|effect| matches!(effect, Message::TakePayment(_))).count();
            let is = service.payment(order).map(|payment| payment.state);
            let turned = (was == Some(PaymentState::Paid) && is == Some(PaymentState::Declined))
                || (was == Some(PaymentState::Declined) && is != was);
            assert!(charges <= 1 && !turned, "course {course}: {charges} charges, {was:?} -> {is:?}");
            was = is;
        }
    }
}
