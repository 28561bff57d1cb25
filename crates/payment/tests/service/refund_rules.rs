//! What was taken is given back once; whatever comes in whatever order, nobody is charged twice.

use contracts::commands::{ProviderOutcome, RefundPayment, TakePayment};
use contracts::events::{PaymentDeclined, PaymentParked, PaymentRefunded};
use contracts::{Message, Money, Numbered, OfferingId, OrderId};
use payment::PaymentState;

use crate::given::{
    LIFE, PRICE, STOREFRONT, Service, WHY, approved, changed, charge_refused, declined, effect, give_up, order,
    outcome, refund, refund_refused, take,
};

fn refunded(order: OrderId, amount: Money, taken_at: Option<u64>) -> Message {
    let offering = Some(OfferingId::of(STOREFRONT, 1));
    PaymentRefunded { order, amount, number: 1, offering, taken_at, now: None }.into()
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

    let outbox = service.hear_again(refund(order(1)), order(1));

    let nothing = PaymentRefunded {
        order: order(1),
        amount: Money::krw(0),
        number: 0,
        offering: None,
        taken_at: None,
        now: None,
    };
    assert_eq!(outbox, [nothing.into()]);
    assert_eq!(service.payment(order(1)), None);
}

#[test]
fn a_paid_payment_is_refunded_once_the_provider_says_so() {
    let mut service = Service::open();
    service.hear_all([take(order(1)), approved(order(1))]);
    let taken_at = Some(service.now);

    let asked = service.hear(refund(order(1)));
    assert_eq!(
        (asked.outbox.as_slice(), asked.intents.as_slice()),
        ([changed(order(1))].as_slice(), [Some(effect(refund(order(1))))].as_slice())
    );
    assert_eq!(service.hear_again(refund(order(1)), order(1)), []);

    let done = service.hear(given_back(order(1)));
    assert_eq!(done.outbox, [refunded(order(1), PRICE, taken_at)]);
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
    assert_eq!(done.outbox, [refunded(order(1), Money::krw(0), None)]);
    assert_eq!(service.payment(order(1)).unwrap().state, PaymentState::Voided);
    assert_eq!(service.hear_again(refund(order(1)), order(1)), [refunded(order(1), Money::krw(0), None)]);
}

#[test]
fn an_approval_that_comes_while_refunding_is_noted_and_the_refund_goes_on() {
    let mut service = Service::open();

    let late = service.hear_all([take(order(1)), refund(order(1)), approved(order(1))]);
    let taken_at = Some(service.now);
    assert_eq!((late.outbox.as_slice(), late.intents.as_slice()), ([changed(order(1))].as_slice(), [].as_slice()));
    let payment = service.payment(order(1)).unwrap();
    assert_eq!((payment.state, payment.reference), (PaymentState::Refunding, Some("ch_1".into())));

    assert_eq!(service.hear(given_back(order(1))).outbox, [refunded(order(1), PRICE, taken_at)]);
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
    let voided_event = PaymentDeclined { order: order(1), amount: PRICE, reason: "voided".into(), now: None };
    service.hear_all([take(order(1)), refund(order(1))]);
    assert_eq!(service.hear_again(take(order(1)), order(1)), [voided_event.clone().into()]);

    service.hear(voided(order(1)));

    assert_eq!(service.hear_again(take(order(1)), order(1)), [voided_event.into()]);
}

#[test]
fn a_refund_that_is_refused_or_is_not_that_of_the_charge_waits_for_an_operator() {
    let wrong: [(&str, Message); 4] = [
        (WHY, refund_refused(order(1))),
        ("the provider gave back 1, but was asked for 30000", outcome(order(1), ProviderOutcome::Refunded(1))),
        ("the provider gave back 0, but was asked for 30000", outcome(order(1), ProviderOutcome::Refunded(0))),
        ("the provider says that nothing was charged, but had said that it was", voided(order(1))),
    ];
    for (why, answer) in wrong {
        let mut service = Service::open();
        service.hear_all([take(order(1)), approved(order(1)), refund(order(1))]);

        let came = service.hear(answer);

        assert_eq!(came.outbox, [PaymentParked { order: order(1), reason: why.into(), now: None }.into()]);
        assert_eq!(came.intents, [None]);
        assert_eq!(service.payment(order(1)).unwrap().state, PaymentState::Refunding);
        assert_eq!(
            service.hear(refund(order(1))).intents,
            [Some(effect(refund(order(1))))],
            "asked again by an operator"
        );
        let outbox = service.hear(given_back(order(1))).outbox;
        assert!(matches!(&outbox[..], [Message::PaymentRefunded(refunded)] if refunded.amount == PRICE), "{outbox:?}");
    }
}

/// Every course of five messages, each of which may be any: 9^5 orders.
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
        charge_refused,
        refund_refused,
        give_up,
    ];
    for course in 0..9_u64.pow(5) {
        let order = order(course + 1);
        let (mut was, mut parked) = (None, false);
        for place in 0..5 {
            let next = messages[usize::try_from(course / 9_u64.pow(place) % 9).unwrap()];
            // A refund that is refused after a decline waits for an operator, and changes nothing.
            let Ok(came) = service.try_hear(next(order)) else { continue };
            let payment = service.payment(order);
            let is = payment.as_ref().map(|payment| payment.state);
            for effect in came.intents.iter().flatten() {
                let (Message::TakePayment(TakePayment { asked_in, .. })
                | Message::RefundPayment(RefundPayment { asked_in, .. })) = effect
                else {
                    panic!("{effect:?}")
                };
                assert_eq!(*asked_in, Some(LIFE.0), "course {course}: one key, whatever is asked for");
                let is_charge = matches!(effect, Message::TakePayment(_));
                assert!(!is_charge || was.is_none() || parked, "course {course}: charged again");
                assert!(
                    is_charge || was != Some(PaymentState::Requested) || !parked,
                    "course {course}: undone in doubt"
                );
            }
            let ends = [PaymentState::Declined, PaymentState::Refunded, PaymentState::Voided, PaymentState::GivenUp];
            let turned = (was == Some(PaymentState::Paid) && is == Some(PaymentState::Declined))
                || (was.is_some_and(|was| ends.contains(&was)) && is != was);
            assert!(!turned, "course {course}: {was:?} -> {is:?}");
            (was, parked) = (is, payment.is_some_and(|payment| payment.parked.is_some()));
        }
    }
}
