//! What each card does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sandbox::Limits;
use serde_json::json;
use world::{ManualClock, SystemClock};

use crate::running::{Running, call, charge};

async fn impatient() -> Running {
    let limits = Limits { hold_ms: 50, ..Limits::default() };
    Running::with(None, Arc::new(SystemClock), limits).await
}

#[tokio::test]
async fn approve_is_the_card_of_whoever_names_none() {
    let provider = Running::new().await;
    let bodies = [
        json!({ "amount": 150_000, "currency": "KRW", "card": "approve", "description": "x" }),
        json!({ "amount": 150_000, "currency": "KRW", "card": "", "description": "x" }),
        json!({ "amount": 150_000, "currency": "KRW", "card": null, "description": "x" }),
        json!({ "amount": 150_000, "currency": "KRW", "description": "x" }),
    ];
    for body in bodies {
        let (status, answer) = call(provider.at, "POST", "/charges", Some("k"), &body.to_string()).await.unwrap();
        assert_eq!((status, &answer["status"], &answer["amount"]), (200, &json!("approved"), &json!(150_000)));
        assert!(answer["id"].as_str().unwrap().starts_with("ch_"));
    }
    assert_eq!(provider.get("/ledger").await.1["total"]["charges"], 1);
}

#[tokio::test]
async fn declined_cards_say_why_and_charge_nothing() {
    let provider = Running::new().await;
    for (key, card, reason) in [("a", "decline", "card-declined"), ("b", "gold", "unknown-card")] {
        let (status, answer) = provider.charge(key, card).await.unwrap();
        assert_eq!((status, &answer["status"], &answer["reason"]), (200, &json!("declined"), &json!(reason)));
        assert_eq!(provider.charge(key, card).await.unwrap().1, answer);
        assert_eq!(provider.get(&format!("/charges/{key}")).await.1, answer);
    }
    assert_eq!(provider.get("/ledger").await.1["total"]["charged"], 0);
}

#[tokio::test]
async fn a_late_card_is_approved_after_its_delay() {
    let provider = Running::new().await;
    let start = Instant::now();
    let (status, answer) = provider.charge("k", "late:120").await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(120));
    assert_eq!((status, &answer["status"]), (200, &json!("approved")));
}

#[tokio::test]
async fn a_late_card_is_answered_at_once_when_its_time_has_come() {
    let clock = Arc::new(ManualClock::new(1_000));
    let provider = Running::with(None, clock.clone(), Limits::default()).await;
    let first = tokio::spawn(charge(provider.at, "k", "late:90000"));
    let known = provider.until_known("k").await;
    clock.advance(90_000);
    assert_eq!(provider.charge("k", "late:90000").await, Some((200, known)));
    provider.stop().await;
    assert_eq!(first.await.unwrap(), None, "still held, so cut at the stop");
}

#[tokio::test]
async fn a_silent_card_is_held_then_cut_and_charges_nothing() {
    let provider = impatient().await;
    let start = Instant::now();
    assert_eq!(provider.charge("k", "silent").await, None);
    assert!(start.elapsed() >= Duration::from_millis(50));
    assert_eq!(provider.get("/charges/k").await.0, 404);
    assert_eq!(provider.charge("k", "silent").await, None, "silent however often it is asked");
    assert_eq!(provider.refund("r", "k").await.1["status"], "voided");
    assert_eq!(provider.charge("k", "silent").await.unwrap().1["reason"], "voided");
    assert_eq!(provider.get("/ledger").await.1["charges"], json!([]));
}

#[tokio::test]
async fn charge_then_timeout_charges_and_answers_only_the_second_time() {
    let provider = impatient().await;
    assert_eq!(provider.charge("k", "charge-then-timeout").await, None);
    let (status, answer) = provider.charge("k", "charge-then-timeout").await.unwrap();
    assert_eq!((status, &answer["status"]), (200, &json!("approved")));
    assert_eq!(provider.get("/charges/k").await, (200, answer));
    assert_eq!(provider.get("/ledger").await.1["keys"]["k"]["charges"], 1);
}

#[tokio::test]
async fn held_calls_are_bounded_and_a_caller_that_leaves_gives_its_place_back() {
    let limits = Limits { held_max: 1, ..Limits::default() };
    let provider = Running::with(None, Arc::new(SystemClock), limits).await;
    let held = tokio::spawn(charge(provider.at, "a", "charge-then-timeout"));
    provider.until_known("a").await;
    for (key, card) in [("b", "silent"), ("c", "late"), ("d", "charge-then-timeout")] {
        let (status, answer) = provider.charge(key, card).await.unwrap();
        assert_eq!((status, &answer["code"]), (503, &json!("busy")));
        assert_eq!(provider.get(&format!("/charges/{key}")).await.0, 404, "refused, so not charged");
    }
    assert_eq!(provider.charge("a", "charge-then-timeout").await.unwrap().0, 200, "an answer needs no place");
    assert_eq!(provider.charge("e", "approve").await.unwrap().0, 200);
    held.abort();
    while provider.charge("f", "late:1").await.unwrap().0 != 200 {}
}
