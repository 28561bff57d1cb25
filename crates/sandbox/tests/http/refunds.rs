//! Giving money back, and voiding keys that were never charged.

use serde_json::json;

use crate::running::Running;

#[tokio::test]
async fn a_charge_is_refunded_wholly_and_once() {
    let provider = Running::new().await;
    let charged = provider.charge("k", "approve").await;
    let first = provider.refund("r", "k").await;
    assert_eq!((first.0, &first.1["status"], &first.1["amount"]), (200, &json!("refunded"), &json!(1_000)));
    assert_eq!(provider.refund("r", "k").await, first);
    assert_eq!(provider.refund("another", "k").await, first, "a second refund is the first one");
    assert_eq!(provider.charge("k", "approve").await, charged, "and the key is not charged again");
    let sums = json!({ "charges": 1, "charged": 1_000, "refunds": 1, "refunded": 1_000, "net": 0 });
    assert_eq!(provider.get("/ledger").await.1["keys"]["k"], sums);
}

#[tokio::test]
async fn a_key_that_was_never_charged_is_voided_and_stays_so() {
    let provider = Running::new().await;
    let first = provider.refund("r", "k").await;
    assert_eq!((first.0, &first.1["status"], &first.1["amount"]), (200, &json!("voided"), &json!(0)));
    let (status, answer) = provider.charge("k", "approve").await.unwrap();
    assert_eq!((status, &answer["status"], &answer["reason"]), (200, &json!("declined"), &json!("voided")));
    assert_eq!(provider.get("/charges/k").await, (200, answer));
    assert_eq!(provider.refund("another", "k").await, first);
    assert_eq!(provider.get("/ledger").await.1["total"]["charges"], 0);
}

#[tokio::test]
async fn a_declined_charge_has_nothing_to_give_back_and_stays_declined() {
    let provider = Running::new().await;
    let declined = provider.charge("k", "decline").await;
    assert_eq!(provider.refund("r", "k").await.1["status"], "voided");
    assert_eq!(provider.charge("k", "decline").await, declined);
}

#[tokio::test]
async fn a_refund_key_with_another_charge_is_refused() {
    let provider = Running::new().await;
    provider.refund("r", "k").await;
    assert_eq!(provider.refund("r", "other").await.0, 422);
    assert_eq!(provider.get("/charges/other").await.0, 404);
}
