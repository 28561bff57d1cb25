//! The provider is asked until it answers for certain, always for the same. Time stands still until everybody waits.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contracts::commands::ProviderOutcome;
use contracts::{Message, Money};
use engine::Effector;
use payment::ProviderEffector;
use provider::{BoxFuture, Charge, Outcome, Page, Provider, Refund, RefundOutcome};
use tokio::time::Instant;

use crate::given::{PRICE, STORE, effect, key, order, outcome, refund, take};

/// Answers as written, and notes what it was asked and when.
#[derive(Default)]
struct Script {
    charges: Mutex<VecDeque<Outcome>>,
    refunds: Mutex<VecDeque<RefundOutcome>>,
    asked_charges: Mutex<Vec<(Instant, Charge)>>,
    asked_refunds: Mutex<Vec<Refund>>,
}

impl Provider for Script {
    fn charge(&self, charge: Charge) -> BoxFuture<'_, Outcome> {
        self.asked_charges.lock().unwrap().push((Instant::now(), charge));
        let answer = self.charges.lock().unwrap().pop_front().unwrap();
        Box::pin(std::future::ready(answer))
    }
    fn refund(&self, refund: Refund) -> BoxFuture<'_, RefundOutcome> {
        self.asked_refunds.lock().unwrap().push(refund);
        let answer = self.refunds.lock().unwrap().pop_front().unwrap();
        Box::pin(std::future::ready(answer))
    }
    fn list(&self, _: Option<String>) -> BoxFuture<'_, Result<Page, String>> {
        panic!("a payment compares no books")
    }
}

async fn perform(script: &Arc<Script>, effect: Message) -> Message {
    ProviderEffector::new(script.clone(), STORE).perform(effect).await.unwrap()
}

fn unknown() -> Outcome {
    Outcome::Unknown { why: "no answer".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn an_approval_is_brought_back_with_the_providers_reference() {
    let script = Arc::new(Script::default());
    script.charges.lock().unwrap().push_back(Outcome::Approved { reference: "ch_9".to_owned() });

    let heard = perform(&script, effect(take(order(3)))).await;

    assert_eq!(heard, outcome(order(3), ProviderOutcome::Approved("ch_9".into())));
    let asked = script.asked_charges.lock().unwrap()[0].1.clone();
    let expected =
        Charge { key: key(order(3)), amount: PRICE, card: Some("visa".to_owned()), description: "order 3".to_owned() };
    assert_eq!(asked, expected);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_asked_for_again_with_the_same_key_at_growing_distances() {
    let script = Arc::new(Script::default());
    let decline = Outcome::Declined { reason: "no cover".to_owned() };
    script.charges.lock().unwrap().extend(std::iter::repeat_n(unknown(), 8).chain([decline]));
    script.refunds.lock().unwrap().push_back(RefundOutcome::Voided);

    let heard = perform(&script, effect(take(order(3)))).await;

    assert_eq!(heard, outcome(order(3), ProviderOutcome::Declined("no cover".into())));
    let asked = script.asked_charges.lock().unwrap();
    assert!(asked.iter().all(|(_, charge)| *charge == asked[0].1));
    let waits: Vec<Duration> = asked.windows(2).map(|two| two[1].0 - two[0].0).collect();
    assert_eq!(waits, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000].map(Duration::from_millis));
}

#[tokio::test(start_paused = true)]
async fn a_refund_names_the_charge_and_is_asked_for_until_it_is_certain() {
    let script = Arc::new(Script::default());
    let in_doubt = RefundOutcome::Unknown { why: "no answer".to_owned() };
    let given_back = RefundOutcome::Refunded { amount: Money::krw(30_000) };
    script.refunds.lock().unwrap().extend([in_doubt, given_back, RefundOutcome::Voided]);

    assert_eq!(perform(&script, effect(refund(order(3)))).await, outcome(order(3), ProviderOutcome::Refunded(30_000)));
    assert_eq!(perform(&script, effect(refund(order(3)))).await, outcome(order(3), ProviderOutcome::Voided));

    let key = key(order(3));
    let expected = Refund { key: format!("refund-{key}"), charge_key: key };
    assert!(script.asked_refunds.lock().unwrap().iter().all(|asked| *asked == expected));
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_before_keys_said_whose_they_are_keeps_its_key() {
    let script = Arc::new(Script::default());
    script.charges.lock().unwrap().push_back(Outcome::Approved { reference: "ch_9".to_owned() });
    script.refunds.lock().unwrap().push_back(RefundOutcome::Voided);

    perform(&script, take(order(3))).await;
    perform(&script, refund(order(3))).await;

    let id = order(3).0;
    assert_eq!(script.asked_charges.lock().unwrap()[0].1.key, format!("order-{id}"));
    let expected = Refund { key: format!("refund-order-{id}"), charge_key: format!("order-{id}") };
    assert_eq!(script.asked_refunds.lock().unwrap().as_slice(), [expected]);
}

fn decline() -> Outcome {
    Outcome::Declined { reason: "no cover".to_owned() }
}

#[tokio::test(start_paused = true)]
async fn a_decline_after_a_lost_answer_is_none_before_the_key_is_voided() {
    let given_back = RefundOutcome::Refunded { amount: PRICE };
    for known in [RefundOutcome::Voided, given_back] {
        let script = Arc::new(Script::default());
        script.charges.lock().unwrap().extend([unknown(), decline()]);
        script.refunds.lock().unwrap().extend([RefundOutcome::Unknown { why: "no answer".to_owned() }, known]);

        let heard = perform(&script, effect(take(order(3)))).await;

        assert_eq!(heard, outcome(order(3), ProviderOutcome::Declined("no cover".into())));
        let expected = Refund { key: format!("refund-{}", key(order(3))), charge_key: key(order(3)) };
        assert_eq!(script.asked_refunds.lock().unwrap().as_slice(), [expected.clone(), expected]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_decline_in_doubt_is_none_either_where_not_all_was_given_back() {
    let script = Arc::new(Script::default());
    script.charges.lock().unwrap().extend([unknown(), decline()]);
    script.refunds.lock().unwrap().push_back(RefundOutcome::Refunded { amount: Money::krw(1) });

    let heard = perform(&script, effect(take(order(3)))).await;

    let why = "declined (no cover) after an answer that was lost, and cannot be voided: the provider gave back 1, but was asked for 30000";
    assert_eq!(heard, outcome(order(3), ProviderOutcome::ChargeRefused(why.into())));
}

#[tokio::test(start_paused = true)]
async fn a_charge_that_another_process_began_may_have_been_made_there() {
    let script = Arc::new(Script::default());
    script.charges.lock().unwrap().extend([decline(), decline()]);
    script.refunds.lock().unwrap().push_back(RefundOutcome::Refunded { amount: PRICE });
    let effector = ProviderEffector::new(script.clone(), STORE);

    let declined = Ok(outcome(order(3), ProviderOutcome::Declined("no cover".into())));
    assert_eq!(effector.resume(effect(take(order(3)))).await, declined);
    assert_eq!(script.asked_refunds.lock().unwrap().len(), 1);
    assert_eq!(effector.perform(effect(take(order(3)))).await, declined);
    assert_eq!(script.asked_refunds.lock().unwrap().len(), 1, "a first call that is declined needs no second one");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_call_is_brought_back_as_one() {
    let why = || "refused by the provider: other body".to_owned();
    let script = Arc::new(Script::default());
    script.charges.lock().unwrap().extend([Outcome::Refused { why: why() }, unknown(), decline()]);
    script
        .refunds
        .lock()
        .unwrap()
        .extend([RefundOutcome::Refused { why: why() }, RefundOutcome::Refused { why: why() }]);

    let charge = perform(&script, effect(take(order(3)))).await;
    assert_eq!(charge, outcome(order(3), ProviderOutcome::ChargeRefused(why().into())));
    let refused = perform(&script, effect(refund(order(3)))).await;
    assert_eq!(refused, outcome(order(3), ProviderOutcome::RefundRefused(why().into())));
    let in_doubt = perform(&script, effect(take(order(3)))).await;
    let why = format!("declined (no cover) after an answer that was lost, and cannot be voided: {}", why());
    assert_eq!(in_doubt, outcome(order(3), ProviderOutcome::ChargeRefused(why.into())));
}
