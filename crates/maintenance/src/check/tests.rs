//! The check on real stores: a sound one, and one in which a row or a record was tampered with.

use std::path::{Path, PathBuf};

use contracts::Numbered;
use contracts::{Answer, Message};
use contracts::{OfferingId, OrderId, SeatId};
use engine::Core;
use store::sqlite::SqliteStore;
use store::{Change, Form, Journal, Record, TableReader, TableWriter};
use tempfile::TempDir;
use typed::{Key, Row};

use super::*;
use crate::offline_store::OfflineStore;
use sample::{COUPON, MOVIE, MUSICAL, SHOP, SHOW, Sample, shipped, walked};

fn check(dir: &Path) -> Result<(bool, String), String> {
    let mut out = Vec::new();
    let broken = look_at(dir, &shipped(), None, &mut out)?;
    Ok((broken == 0, String::from_utf8(out).unwrap()))
}

/// Changes a row, by a record of the journal that no message brought about.
fn tamper<R: Row>(dir: &TempDir, key: &R::Key, change: impl FnOnce(R) -> Option<R>) {
    let mut store = OfflineStore::open(dir.path()).unwrap();
    let forward = store.bring_forward(&mut Progress::of("")).unwrap();
    let mut reader = store.reader().unwrap();
    let row = store::rows_of::<R>(reader.load(R::TABLE, &[key.to_value()]).unwrap()).pop().expect("the row is there");
    let services = host::services(&store::Identity::new_store(), &shipped(), None);
    let mut core = Core::<Message, Answer>::open(services, Box::new(reader), forward.seq, forward.sum).unwrap();
    let key = row.key();
    core.put_right::<R>(key, change(row)).unwrap();
    core.begin(1);
    store.journal.append(&core.finish().record.unwrap()).unwrap();
    store.bring_forward(&mut Progress::of("")).unwrap();
}

/// The lines of the rules that are broken, and the rows below them.
fn broken(dir: &TempDir) -> Vec<String> {
    let (whole, out) = check(dir.path()).unwrap();
    assert!(!whole, "{out}");
    let mut lines = Vec::new();
    let mut within = false;
    for line in out.lines() {
        within = line.ends_with("BROKEN") || (within && line.starts_with("       "));
        if within {
            lines.push(line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    lines
}

fn breaks(dir: &TempDir, says: &str, row: &str) {
    let lines = broken(dir);
    assert!(lines.iter().any(|line| line.contains(says)), "{says}: {lines:#?}");
    assert!(lines.iter().any(|line| line == row), "{row}: {lines:#?}");
}

#[test]
fn a_sound_store_keeps_every_promise() {
    let dir = walked();
    let (whole, out) = check(dir.path()).unwrap();
    assert!(whole, "{out}");
    assert!(out.contains("all 26 rules hold"), "{out}");
    assert!(out.contains("confirmed"), "{out}");
    let again = check(dir.path()).unwrap();
    assert_eq!(again, (true, out), "checking changes nothing");
}

#[test]
fn an_empty_store_keeps_every_promise() {
    let dir = TempDir::new().unwrap();
    drop(Sample::open(&dir));
    assert!(check(dir.path()).unwrap().0);
}

#[test]
fn where_there_is_no_store_none_is_made() {
    let dir = TempDir::new().unwrap();
    let nowhere: PathBuf = dir.path().join("nowhere");
    let error = check(&nowhere).unwrap_err();
    assert!(error.contains("there is no store in"), "{error}");
    assert!(!nowhere.exists());
    assert!(check(dir.path()).is_err());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_store_in_use_is_refused() {
    let dir = TempDir::new().unwrap();
    let _running = Sample::open(&dir);
    let error = check(dir.path()).unwrap_err();
    assert!(error.contains("in use"), "{error}");
}

#[test]
fn every_rule_fits_its_line_and_the_tables() {
    let dir = walked();
    let mut store = OfflineStore::open(dir.path()).unwrap();
    store.bring_forward(&mut Progress::of("")).unwrap();
    let mut reader = store.reader().unwrap();
    for rule in rules::all(&shipped()) {
        assert!(rule.says.len() <= 90, "{}", rule.says);
        assert_eq!(rule.offending(&mut reader).unwrap(), rules::Offending::default(), "{}", rule.says);
    }
}

#[test]
fn an_oversold_offering_is_found() {
    let dir = walked();
    tamper::<stock::Offering>(&dir, &OfferingId::of(SHOW, 1), |o| Some(stock::Offering { capacity: 1, ..o }));
    breaks(&dir, "no more is held and sold than there is", "show/offering 1 1 0 2 -1");
}

#[test]
fn stock_that_no_order_holds_is_found() {
    let dir = walked();
    tamper::<stock::Offering>(&dir, &OfferingId::of(SHOP, 1), |o| Some(stock::Offering { held: 4, ..o }));
    breaks(&dir, "is the sum of the holds", "shop/offering 1 4 0 3 3");
}

#[test]
fn a_share_that_no_hold_counts_in_is_found() {
    let dir = walked();
    let order = OrderId::of(SHOP, 1);
    tamper::<stock::Hold>(&dir, &order, |hold| Some(stock::Hold { counted: Some("kim".into()), ..hold }));
    let lines = broken(&dir);
    assert!(lines.iter().any(|line| line.contains("what a customer has of what has a limit")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.contains(":kim 0 ")), "{lines:#?}");
}

#[test]
fn a_seat_of_another_owner_is_found() {
    let dir = walked();
    let other = Some(OrderId::of(MUSICAL, 2));
    tamper::<stock::Seat>(&dir, &SeatId::of(MUSICAL, 1), |s| Some(stock::Seat { owner: other, ..s }));
    breaks(&dir, "has one owner, whose hold names it", "musical/seat 1 sold musical/order 2 -");
    breaks(&dir, "has every seat that its hold names", "musical/order 1 sold 1 2199023255553 0");
}

#[test]
fn a_seat_that_was_lost_is_found() {
    let dir = walked();
    tamper::<stock::Seat>(&dir, &SeatId::of(MUSICAL, 2), |_| None);
    breaks(&dir, "has the capacity of its seats", "musical/offering 1 3 2 0 0 1 1");
}

#[test]
fn a_wrong_charge_is_found() {
    let dir = walked();
    let amount = contracts::Money::krw(1);
    tamper::<payment::Payment>(&dir, &OrderId::of(SHOP, 1), |p| Some(payment::Payment { amount, ..p }));
    breaks(&dir, "was charged exactly the price", "shop/order 1 75000 paid 1");
}

#[test]
fn a_charge_that_was_kept_is_found() {
    let dir = walked();
    let paid = payment::PaymentState::Paid;
    tamper::<payment::Payment>(&dir, &OrderId::of(COUPON, 1), |p| Some(payment::Payment { state: paid, ..p }));
    breaks(&dir, "nothing is kept", "coupon/order 1 cancelled paid 30000 30000");
}

#[test]
fn a_missing_delivery_is_found() {
    let dir = walked();
    tamper::<delivery::Delivery>(&dir, &OrderId::of(SHOP, 1), |_| None);
    breaks(&dir, "the delivery of an order that is confirmed has begun", "shop/order 1 confirmed none");
}

#[test]
fn points_that_do_not_add_up_are_found() {
    let dir = walked();
    tamper::<points::Account>(&dir, &"1".into(), |a| Some(points::Account { balance: 1, ..a }));
    breaks(&dir, "are the sum of the ledger", "1 1 15000");
}

#[test]
fn entries_of_the_ledger_with_the_same_number_or_one_that_was_not_handed_out_are_found() {
    let dir = walked();
    let first = OrderId::of(SHOW, 1).0 * 4;
    tamper::<points::Entry>(&dir, &first, |entry| Some(points::Entry { number: Some(1), ..entry }));
    let lines = broken(&dir);
    assert!(lines.iter().any(|line| line.contains("has a number of its own")), "{lines:#?}");
    tamper::<points::Entry>(&dir, &first, |entry| Some(points::Entry { number: Some(1_000), ..entry }));
    let lines = broken(&dir);
    assert!(lines.iter().any(|line| line.contains(" 1 1000 1 ")), "{lines:#?}");
    tamper::<points::Entry>(&dir, &first, |entry| Some(points::Entry { number: None, ..entry }));
    assert!(check(dir.path()).unwrap().0, "one from before entries were counted");
}

#[test]
fn an_order_without_its_hold_or_its_line_is_found() {
    let dir = walked();
    tamper::<order::Order>(&dir, &OrderId::of(MOVIE, 2), |o| {
        Some(order::Order { state: order::OrderState::Confirmed, ..o })
    });
    breaks(&dir, "is sold if the order is confirmed", "movie/order 2 confirmed none");
    breaks(&dir, "in the state in which it is", "movie/order 2 confirmed rejected");
}

#[test]
fn a_stuck_order_is_found_and_a_parked_one_is_only_shown() {
    let dir = walked();
    let order = OrderId::of(COUPON, 2);
    tamper::<engine::Timer>(&dir, &((1 << 57) + order.0), |_| None);
    tamper::<engine::Intent>(&dir, &((2 << 57) + order.0), |_| None);
    breaks(&dir, "every order has ended, is under way", "coupon/order 2 held 2 2");
    tamper::<order::Order>(&dir, &order, |o| Some(order::Order { parked: Some("nobody answered".into()), ..o }));
    let (whole, out) = check(dir.path()).unwrap();
    assert!(whole, "{out}");
    assert!(out.contains("nobody answered"), "{out}");
}

#[test]
fn orders_of_a_storefront_that_is_not_known_are_not_judged() {
    let dir = walked();
    let unknown = contracts::StorefrontNo(77);
    tamper::<order::Order>(&dir, &OrderId::of(SHOP, 1), |o| Some(order::Order { storefront: unknown, ..o }));
    let error = check(dir.path()).unwrap_err();
    assert!(error.contains("storefront number 77") && error.contains("--storefronts"), "{error}");
}

#[test]
fn a_record_that_was_changed_is_found() {
    let dir = walked();
    let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
    let mut journal = store.journal().unwrap();
    let last = journal.last().unwrap().unwrap();
    let body = b"\x01\x00nonsense".to_vec();
    journal.append(&Record::after(last.sum ^ 1, last.seq + 1, last.at, body.into())).unwrap();
    drop((journal, store));
    let lines = broken(&dir);
    assert!(lines[0].contains("every record of the journal"), "{lines:?}");
    assert!(lines[1].contains(&format!("record {}: its sum is", last.seq + 1)), "{lines:?}");
}

#[test]
fn only_the_first_of_many_offending_rows_are_shown() {
    let dir = TempDir::new().unwrap();
    let mut sample = Sample::open(&dir);
    (1..=25).for_each(|n| sample.offering(SHOW, Some(&n.to_string()), "x", 1, 1));
    drop(sample);
    let mut store = OfflineStore::open(dir.path()).unwrap();
    store.bring_forward(&mut Progress::of("")).unwrap();
    drop(store);
    for n in 1..=25 {
        tamper::<stock::Offering>(&dir, &OfferingId::of(SHOW, n), |o| {
            Some(stock::Offering { capacity: 1, sold: 2, ..o })
        });
    }
    let (_, out) = check(dir.path()).unwrap();
    assert!(out.contains("and 5 more"), "{out}");
}

/// Changes the tables behind the journal's back, in ways that a damaged file or a hand would.
fn harm<R: Row>(dir: &TempDir, key: R::Key, row: Option<R>) {
    let mut store = OfflineStore::open(dir.path()).unwrap();
    store.bring_forward(&mut Progress::of("")).unwrap();
    drop(store);
    let store = SqliteStore::open(dir.path(), &host::migrations()).unwrap();
    let row = row.as_ref().map(|row| Form::Row(row));
    let mut writer = store.writer().unwrap();
    let applied = writer.applied().unwrap();
    writer.apply(&mut [Change { table: R::TABLE, key: key.to_value(), row }], &mut [], applied).unwrap();
}

type Harm<'h> = &'h dyn Fn(&TempDir);

#[test]
fn a_row_of_the_tables_that_the_journal_does_not_have_so_is_found_whatever_it_is() {
    let first = OrderId::of(SHOW, 1);
    let account = |balance| points::Account { balance, ..points::Account::new(&"77".into()) };
    let cases: [(&str, Harm<'_>); 3] = [
        ("is missing", &|dir| harm::<mypage::Line>(dir, first, None)),
        ("is there for nothing", &|dir| harm(dir, "77".into(), Some(account(0)))),
        ("is other than it should be", &|dir| {
            harm(dir, "1".into(), Some(points::Account { customer: "1".into(), ..account(1) }))
        }),
    ];
    for (kind, harm) in cases {
        let dir = walked();
        harm(&dir);
        let lines = broken(&dir);
        assert_eq!(lines.len(), 4, "no promise is broken by what the journal says: {lines:#?}");
        assert!(lines[0].contains("the tables have every row that the journal says last"), "{lines:#?}");
        assert!(lines[1].ends_with(kind), "{lines:#?}");
        assert!(lines[2].contains("maejin rebuild tables"), "{lines:#?}");
        crate::rebuild::tables(dir.path()).unwrap();
        assert!(check(dir.path()).unwrap().0, "built anew they are right");
    }
}

#[test]
fn tables_that_lag_and_none_at_all_are_sound() {
    let dir = walked();
    assert!(check(dir.path()).unwrap().0, "they contain no record yet");
    SqliteStore::forget_tables(dir.path()).unwrap();
    assert!(check(dir.path()).unwrap().0);
    assert!(!dir.path().join("tables.db").exists(), "and none were made");
}
