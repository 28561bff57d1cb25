//! Each kind of difference between a store and its provider is found, and nothing else.

use std::sync::Mutex;

use contracts::{Numbered, OrderId};
use provider::{BoxFuture, Charge, Listed, Outcome, Page, Provider, Refund, RefundOutcome};
use store::Identity;
use tempfile::TempDir;

use super::{Found, compare, show};
use crate::offline_store::{OfflineStore, Progress};
use contracts::display::StorefrontNames;
use sample::{COUPON, MUSICAL, SHOP, walked};

/// A provider that lists what it is told to, two charges at a time.
struct Book(Mutex<Vec<Listed>>);

impl Provider for Book {
    fn charge(&self, _: Charge) -> BoxFuture<'_, Outcome> {
        panic!("a check charges nobody")
    }
    fn refund(&self, _: Refund) -> BoxFuture<'_, RefundOutcome> {
        panic!("a check gives nothing back")
    }
    fn list(&self, after: Option<String>) -> BoxFuture<'_, Result<Page, String>> {
        let from = after.map_or(0, |after| after.parse::<usize>().unwrap());
        let all = self.0.lock().unwrap();
        let charges: Vec<Listed> = all.iter().skip(from).take(2).cloned().collect();
        let next = (from + 2 < all.len()).then(|| (from + 2).to_string());
        Box::pin(std::future::ready(Ok(Page { charges, next })))
    }
}

/// A store after all walk-throughs, and whose it is.
fn store_and_identity() -> (TempDir, Identity) {
    let dir = walked();
    OfflineStore::open(dir.path()).unwrap().bring_forward(&mut Progress::of("")).unwrap();
    let identity = store::sqlite::read_identity(dir.path()).unwrap().unwrap();
    (dir, identity)
}

/// What an honest provider lists after the walk-throughs, beside a charge of somebody else.
fn honest(identity: &Identity) -> Vec<Listed> {
    let listed = |storefront, number, taken, refunded| Listed {
        key: format!("{identity}.order-{}", OrderId::of(storefront, number).0),
        taken,
        currency: "KRW".to_owned(),
        refunded,
    };
    let elsewhere = Listed { key: format!("{}.order-1", Identity::new_store()), ..listed(SHOP, 1, 1, 0) };
    vec![
        listed(MUSICAL, 1, 140_000, 0),
        listed(MUSICAL, 3, 140_000, 140_000),
        listed(MUSICAL, 4, 0, 0),
        elsewhere,
        listed(COUPON, 1, 30_000, 30_000),
        listed(SHOP, 1, 75_000, 0),
        listed(SHOP, 2, 50_000, 50_000),
    ]
}

fn found_in(dir: &TempDir, whose: &Identity, listed: Vec<Listed>) -> Found {
    let mut reader = store::sqlite::reader(dir.path()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let book = Book(Mutex::new(listed));
    runtime.block_on(compare(&book, whose, &mut reader)).unwrap()
}

/// How many rows break each of the rules, and what is shown.
fn broken(dir: &TempDir, whose: &Identity, listed: Vec<Listed>) -> (Vec<usize>, String) {
    let (found, mut out) = (found_in(dir, whose, listed), Vec::new());
    show(&found, &StorefrontNames::default(), &mut out).unwrap();
    let rows = found.rules().iter().map(|(_, offending)| offending.rows.len()).collect();
    (rows, String::from_utf8(out).unwrap())
}

#[test]
fn an_honest_provider_agrees_to_the_won() {
    let (dir, whose) = store_and_identity();
    let (rows, shown) = broken(&dir, &whose, honest(&whose));
    assert_eq!(rows, [0, 0, 0, 0], "{shown}");
    assert!(shown.contains("of 7 charges listed, 6 are payments of this store"), "{shown}");
    assert!(shown.contains("taken 435000, given back 220000, so the provider keeps 215000"), "{shown}");
    assert!(shown.contains("the store counts 215000 as paid; 1 payments of 15000 are open or parked"), "{shown}");
}

type Plant = fn(&mut Vec<Listed>, &Identity);

#[test]
fn every_planted_difference_is_found_and_named() {
    let (dir, whose) = store_and_identity();
    let plants: [(&str, Plant, [usize; 4], &str); 13] = [
        ("a charge is gone", |all, _| drop(all.remove(5)), [1, 0, 0, 0], "5/order 1"),
        ("a charge that was given back is gone", |all, _| drop(all.remove(6)), [1, 0, 0, 0], "5/order 2"),
        ("one won too much", |all, _| all[5].taken += 1, [0, 0, 1, 0], "75001"),
        ("one won too little", |all, _| all[0].taken -= 1, [0, 0, 1, 0], "139999"),
        ("not taken at all", |all, _| all[0].taken = 0, [0, 0, 1, 0], "2/order 1"),
        ("another currency", |all, _| all[0].currency = "USD".to_owned(), [0, 0, 1, 0], "2/order 1"),
        ("a sale given back", |all, _| all[5].refunded = 75_000, [0, 0, 1, 0], "5/order 1"),
        ("a cancelled order not given back", |all, _| all[4].refunded = 0, [0, 0, 1, 0], "4/order 1"),
        ("given back but for one won", |all, _| all[6].refunded -= 1, [0, 0, 1, 0], "49999"),
        ("a declined order charged", |all, _| all[2].taken = 140_000, [0, 0, 1, 0], "declined"),
        ("listed twice", |all, _| all.push(all[0].clone()), [0, 1, 0, 0], "2/order 1"),
        (
            "a charge of ours that nobody knows",
            |all, whose| all.push(Listed { key: format!("{whose}.order-77"), ..all[0].clone() }),
            [0, 0, 0, 1],
            "this one",
        ),
        (
            "a charge from before a restore",
            |all, whose| all.push(Listed { key: format!("{}.order-77", whose.clone().reborn()), ..all[0].clone() }),
            [0, 0, 0, 1],
            "another, before a restore",
        ),
    ];
    for (what, plant, expected, named) in plants {
        let mut listed = honest(&whose);
        plant(&mut listed, &whose);
        let (rows, shown) = broken(&dir, &whose, listed);
        assert_eq!(rows, expected, "{what}: {shown}");
        assert!(shown.contains("BROKEN") && shown.contains(named), "{what}: {shown}");
    }
}

#[test]
fn what_is_open_may_be_charged_or_not_and_what_was_lost_and_given_back_is_no_difference() {
    let (dir, whose) = store_and_identity();
    for taken in [0, 15_000] {
        let mut listed = honest(&whose);
        let open = OrderId::of(COUPON, 2).0;
        listed.push(Listed { key: format!("{whose}.order-{open}"), taken, ..listed[0].clone() });
        let lost = format!("{}.order-77", whose.clone().reborn());
        listed.push(Listed { key: lost, taken: 7, refunded: 7, ..listed[0].clone() });
        let (rows, shown) = broken(&dir, &whose, listed);
        assert_eq!(rows, [0, 0, 0, 0], "{shown}");
    }
}
