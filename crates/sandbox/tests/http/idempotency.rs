//! One key, one charge, one answer; and bad calls change nothing.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::json;

use crate::running::{Running, call, charge};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_charges_with_one_key_at_once_are_one_charge() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Running::in_folder(folder.path().to_owned()).await;
    let callers = (0..64).map(|_| tokio::spawn(charge(provider.at, "k", "approve")));
    let answers: Vec<_> = join_all(callers).await.into_iter().map(|answer| answer.unwrap().unwrap()).collect();
    assert!(answers.iter().all(|(status, _)| *status == 200));
    assert_eq!(answers.iter().map(|(_, answer)| answer.to_string()).collect::<HashSet<_>>().len(), 1);
    let ledger = provider.get("/ledger").await.1;
    assert_eq!(ledger["charges"].as_array().unwrap().len(), 1);
    let once = json!({ "charges": 1, "charged": 1_000, "refunds": 0, "refunded": 0, "net": 1_000 });
    assert_eq!((&ledger["keys"]["k"], &ledger["total"]), (&once, &once));
}

#[tokio::test]
async fn a_key_with_another_body_is_refused() {
    let provider = Running::new().await;
    let first = provider.charge("k", "approve").await.unwrap();
    let (status, answer) = provider.charge("k", "decline").await.unwrap();
    assert_eq!((status, &answer["code"]), (422, &json!("key-reused")));
    assert_eq!(provider.get("/charges/k").await, first);
}

#[tokio::test]
async fn a_call_that_is_wrong_says_what_is_wrong_and_changes_nothing() {
    let provider = Running::new().await;
    let (good, long) = (r#"{"amount":1,"currency":"KRW"}"#, "k".repeat(201));
    let cases = [
        (None, good, "Idempotency-Key"),
        (Some(""), good, "Idempotency-Key"),
        (Some("a b"), good, "Idempotency-Key"),
        (Some(long.as_str()), good, "Idempotency-Key"),
        (Some("k"), r#"{"amount":0,"currency":"KRW"}"#, "amount"),
        (Some("k"), r#"{"amount":-5,"currency":"KRW"}"#, "amount"),
        (Some("k"), r#"{"amount":1.5,"currency":"KRW"}"#, "expected i64"),
        (Some("k"), r#"{"amount":9223372036854775807,"currency":"KRW"}"#, "amount"),
        (Some("k"), r#"{"amount":1}"#, "currency"),
        (Some("k"), r#"{"amount":1,"currency":"won"}"#, "currency"),
        (Some("k"), "hello", "the body cannot be read"),
    ];
    for (key, body, named) in cases {
        let (status, answer) = call(provider.at, "POST", "/charges", key, body).await.unwrap();
        assert_eq!((status, &answer["code"]), (400, &json!("invalid")), "{body}");
        assert!(answer["message"].as_str().unwrap().contains(named), "{answer}");
    }
    assert_eq!(provider.get("/ledger").await.1["charges"], json!([]));
}
