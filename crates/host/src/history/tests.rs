//! Timelines on real stores: all that was said of an order, whether the tables know of it or not.

use std::path::Path;

use contracts::display::EventIds;
use contracts::{Numbered, OrderId, Recorded, Subject};
use edge::timeline::entry;
use serde_json::{Value, json};
use store::StoreError;
use tempfile::TempDir;

use super::{Reading, event_ids, recorded, timeline};
use sample::{COUPON, SHOP, SHOW, Sample, walked};

fn everything(dir: &Path) -> Vec<Recorded> {
    let mut reading = Reading::open(dir, None).unwrap();
    let mut all = Vec::new();
    while let Some(passage) = reading.next_passage().unwrap() {
        all.extend(passage.messages.into_iter().map(recorded));
    }
    all
}

#[test]
fn a_timeline_has_every_message_about_the_order_wherever_the_tables_are() {
    let dir = walked();
    let all = everything(dir.path());
    let orders = [OrderId::of(SHOW, 1), OrderId::of(SHOW, 3), OrderId::of(COUPON, 1), OrderId::of(SHOP, 2)];
    let of = |order: OrderId| {
        all.iter().filter(|said| said.subject == Subject::Order(order).key()).cloned().collect::<Vec<_>>()
    };
    for order in orders {
        assert!(of(order).len() > 5, "{order:?}");
        assert_eq!(timeline(&dir.path().into(), order).unwrap(), of(order), "the tables know nothing");
    }
    drop(crate::open(dir.path()).unwrap());
    for order in orders {
        assert_eq!(timeline(&dir.path().into(), order).unwrap(), of(order), "the tables know all");
    }
}

#[test]
fn what_is_said_of_a_running_shop_meanwhile_is_in_the_next_timeline() {
    let dir = TempDir::new().unwrap();
    let mut sample = Sample::open(&dir);
    sample.walk_coupon();
    let order = OrderId::of(COUPON, 2);
    let before = timeline(&dir.path().into(), order).unwrap();
    sample.approve(COUPON, 2);
    let after = timeline(&dir.path().into(), order).unwrap();
    assert!(after.len() > before.len() && after.starts_with(&before));
    assert!(after.iter().any(|said| said.message.name() == "PaymentTaken"));
}

#[test]
fn an_order_that_never_was_has_no_timeline_and_no_store_is_an_error() {
    let dir = walked();
    assert_eq!(timeline(&dir.path().into(), OrderId::of(SHOW, 77)).unwrap(), []);
    let nowhere = TempDir::new().unwrap();
    let none = timeline(&nowhere.path().into(), OrderId::of(SHOW, 1));
    assert!(matches!(none, Err(StoreError::Missing(_))));
}

#[test]
fn an_entry_is_written_as_the_design_of_v1_has_it() {
    let dir = walked();
    let known_ids = event_ids(dir.path()).unwrap();
    let said = timeline(&dir.path().into(), OrderId::of(SHOW, 1)).unwrap();
    let entries: Vec<_> = said.iter().map(|said| entry(said, &known_ids)).collect();
    let written: Vec<Value> = entries.iter().map(|entry| serde_json::to_value(entry).unwrap()).collect();
    let keys: Vec<&String> = written[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["at", "service", "message", "id", "cause", "summary", "data"]);
    assert_eq!((&written[0]["service"], &written[0]["message"]), (&json!("outside"), &json!("PlaceOrder")));
    assert_eq!(written[0]["cause"], Value::Null);
    assert_eq!(written[0]["data"]["target"], json!({ "reference": "1" }));
    assert_eq!(written[0]["data"].get("card"), None);
    let held = written.iter().find(|entry| entry["message"] == "StockHeld").unwrap();
    assert_eq!(held["summary"], "2 of 지킬앤하이드 set aside, 8 left");
    assert_eq!((&held["data"]["order"], &held["data"]["offering"]), (&json!("000000000001"), &json!("000000000001")));
    assert_eq!(held["data"]["total"], json!({ "amount": 300_000, "currency": "KRW" }));
    let ids: Vec<u64> = entries.iter().map(|entry| known_ids.number(&entry.id).unwrap()).collect();
    assert!(ids.is_sorted());
    let known = |cause: &Option<String>| cause.as_ref().is_none_or(|cause| entries.iter().any(|e| e.id == *cause));
    assert!(entries.iter().all(|entry| known(&entry.cause)));
}

#[test]
fn every_message_has_a_summary() {
    let dir = walked();
    for said in everything(dir.path()) {
        let shown = entry(&said, &EventIds::of(None));
        assert!(!shown.summary.is_empty() && !shown.summary.contains("Text("), "{shown:?}");
    }
}
