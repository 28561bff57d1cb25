//! What is kept when the shop is started again.

use std::sync::Arc;

use sandbox::{OpenError, Sandbox};
use world::SystemClock;

use crate::running::{Running, charge};

#[tokio::test]
async fn a_restart_keeps_charges_refunds_and_voided_keys() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Running::in_folder(folder.path().join("made/here")).await;
    let charged = provider.charge("a", "approve").await;
    provider.charge("b", "decline").await;
    provider.charge("c", "approve").await;
    let (refunded, voided) = (provider.refund("rc", "c").await, provider.refund("rd", "d").await);
    let ledger = provider.get("/ledger").await;
    provider.stop().await;

    let provider = Running::in_folder(folder.path().join("made/here")).await;
    assert_eq!(provider.get("/ledger").await, ledger);
    assert_eq!(provider.charge("a", "approve").await, charged);
    assert_eq!(provider.charge("a", "decline").await.unwrap().0, 422);
    assert_eq!((provider.refund("rc", "c").await, provider.refund("rd", "d").await), (refunded, voided));
    assert_eq!(provider.charge("d", "approve").await.unwrap().1["reason"], "voided");
    provider.charge("e", "approve").await;
    assert_eq!(provider.get("/ledger").await.1["total"]["charges"], 3);
}

#[tokio::test]
async fn a_charge_that_was_never_answered_is_answered_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Running::in_folder(folder.path().to_owned()).await;
    let held = tokio::spawn(charge(provider.at, "k", "charge-then-timeout"));
    let known = provider.until_known("k").await;
    provider.stop().await;
    assert_eq!(held.await.unwrap(), None, "cut, so that the stop need not wait for it");
    let provider = Running::in_folder(folder.path().to_owned()).await;
    assert_eq!(provider.charge("k", "charge-then-timeout").await, Some((200, known)));
}

#[tokio::test]
async fn a_folder_serves_one_provider_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let provider = Running::in_folder(folder.path().to_owned()).await;
    let second = Sandbox::open(Some(folder.path().to_owned()), Arc::new(SystemClock));
    assert!(matches!(second.err(), Some(OpenError::InUse(_))));
    provider.stop().await;
    assert!(Sandbox::open(Some(folder.path().to_owned()), Arc::new(SystemClock)).is_ok());
}
