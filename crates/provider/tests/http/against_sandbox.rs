//! Every outcome, as the sandbox provider brings it about.

use std::net::SocketAddr;

use contracts::Money;
use provider::{Charge, Listed, Outcome, Provider, RefundOutcome};

use crate::running::{charge, client, client_with, impatient_client, refund, sandbox};

const TIMED_OUT: &str = "no answer from the provider within 250 ms";

/// Asks again with the same key as long as the outcome is not known, as the payment service does.
async fn until_known(at: SocketAddr, card: &str) -> Outcome {
    let provider = impatient_client(at);
    loop {
        match provider.charge(charge("k", card)).await {
            Outcome::Unknown { .. } => {}
            known => return known,
        }
    }
}

#[tokio::test]
async fn a_charge_is_approved_once_and_refunded_once() {
    let provider = client(sandbox(60_000).await);
    let first = provider.charge(charge("k", "approve")).await;
    assert!(matches!(&first, Outcome::Approved { reference } if reference.starts_with("ch_")), "{first:?}");
    assert_eq!(provider.charge(charge("k", "approve")).await, first);
    let refunded = RefundOutcome::Refunded { amount: Money::krw(150_000) };
    assert_eq!(provider.refund(refund("k")).await, refunded);
    assert_eq!(provider.refund(refund("k")).await, refunded);
}

#[tokio::test]
async fn no_card_is_the_providers_default() {
    let provider = client(sandbox(60_000).await);
    let outcome = provider.charge(Charge { card: None, ..charge("k", "") }).await;
    assert!(matches!(outcome, Outcome::Approved { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_declined_card_says_why() {
    let provider = client(sandbox(60_000).await);
    for (card, reason) in [("decline", "card-declined"), ("gold", "unknown-card")] {
        let declined = Outcome::Declined { reason: reason.to_owned() };
        assert_eq!(provider.charge(charge(card, card)).await, declined);
    }
}

#[tokio::test]
async fn a_charge_the_provider_will_not_read_declines_nobody() {
    let provider = client(sandbox(60_000).await);
    provider.charge(charge("k", "approve")).await;
    let reused = "refused by the provider: this Idempotency-Key came before with another body".to_owned();
    assert_eq!(provider.charge(charge("k", "decline")).await, Outcome::Refused { why: reused });
    let nothing = Charge { amount: Money::krw(0), ..charge("zero", "approve") };
    let outcome = provider.charge(nothing).await;
    assert!(matches!(&outcome, Outcome::Refused { why } if why.contains("amount")), "{outcome:?}");
}

#[tokio::test]
async fn a_timeout_is_unknown_until_asked_again_with_the_same_key() {
    let at = sandbox(60_000).await;
    let unknown = Outcome::Unknown { why: TIMED_OUT.to_owned() };
    assert_eq!(impatient_client(at).charge(charge("k", "charge-then-timeout")).await, unknown);
    let outcome = until_known(at, "charge-then-timeout").await;
    assert!(matches!(outcome, Outcome::Approved { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_late_answer_is_unknown_then_approved() {
    let at = sandbox(60_000).await;
    let unknown = Outcome::Unknown { why: TIMED_OUT.to_owned() };
    assert_eq!(impatient_client(at).charge(charge("k", "late:600")).await, unknown);
    let outcome = until_known(at, "late:600").await;
    assert!(matches!(outcome, Outcome::Approved { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_silent_provider_is_unknown_and_its_key_can_be_voided() {
    let at = sandbox(60_000).await;
    assert_eq!(
        impatient_client(at).charge(charge("k", "silent")).await,
        Outcome::Unknown { why: TIMED_OUT.to_owned() }
    );
    let provider = client(at);
    assert_eq!(provider.refund(refund("k")).await, RefundOutcome::Voided);
    assert_eq!(provider.charge(charge("k", "silent")).await, Outcome::Declined { reason: "voided".to_owned() });
}

#[tokio::test]
async fn a_connection_cut_without_an_answer_is_unknown() {
    let outcome = client(sandbox(10).await).charge(charge("k", "silent")).await;
    assert!(matches!(&outcome, Outcome::Unknown { why } if why.contains("was cut")), "{outcome:?}");
}

#[tokio::test]
async fn a_wrong_address_declines_nobody() {
    let at = sandbox(60_000).await;
    let provider =
        client_with(at, |settings| provider::HttpSettings { base_url: format!("http://{at}/wrong"), ..settings });
    let why = "the provider answers 404: check its address".to_owned();
    assert_eq!(provider.charge(charge("k", "approve")).await, Outcome::Unknown { why: why.clone() });
    assert_eq!(provider.refund(refund("k")).await, RefundOutcome::Unknown { why });
}

#[tokio::test]
async fn the_list_has_every_charge_whatever_the_pages() {
    const CHARGES: usize = 1_203;
    let provider = client(sandbox(60_000).await);
    for number in 0..CHARGES {
        let card = if number.is_multiple_of(10) { "decline" } else { "approve" };
        provider.charge(charge(&format!("k{number}"), card)).await;
    }
    provider.refund(refund("k7")).await;
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = provider.list(after).await.unwrap();
        all.extend(page.charges);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(all.len(), CHARGES);
    let expected = |number: usize| Listed {
        key: format!("k{number}"),
        taken: if number.is_multiple_of(10) { 0 } else { 150_000 },
        currency: "KRW".to_owned(),
        refunded: if number == 7 { 150_000 } else { 0 },
    };
    assert!(all.iter().enumerate().all(|(number, listed)| *listed == expected(number)));
}
