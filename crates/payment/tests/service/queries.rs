//! The tables are what the rows are, and are read in pages.

use contracts::{Money, Numbered, OfferingId, OrderId, StorefrontNo};
use payment::queries::{Sort, SortBy, numbered, of_order, page};
use payment::{Payment, PaymentState, tables};
use store::{Change, TableReader, TableWriter};
use tempfile::TempDir;
use typed::{Key, Row};

use crate::given::{STOREFRONT, open_store, order};

fn payment(order: OrderId, number: u64, amount: i64, paid_at: Option<u64>) -> Payment {
    Payment {
        owner: order,
        storefront: order.storefront(),
        number,
        customer: "7".into(),
        offering: OfferingId::of(order.storefront(), 1),
        amount: Money::krw(amount),
        card: None,
        state: if paid_at.is_some() { PaymentState::Paid } else { PaymentState::Requested },
        reference: paid_at.map(|_| "ch_1".into()),
        reason: None,
        requested_at: 5,
        paid_at,
        refunded_at: None,
        version: 2,
        given_back: None,
    }
}

/// A store with three payments of a storefront and one of another.
fn given_payments(dir: &TempDir) -> (Vec<Payment>, Box<dyn TableReader>) {
    let payments = vec![
        payment(order(1), 1, 300, Some(8)),
        payment(order(2), 2, 100, None),
        payment(order(3), 3, 300, Some(6)),
        payment(OrderId::of(StorefrontNo(5), 1), 1, 200, None),
    ];
    let store = open_store(dir);
    for payment in &payments {
        let mut row = Vec::new();
        payment.encode_into(&mut row);
        let change = Change { table: Payment::TABLE, key: payment.key().to_value(), row: Some(&row) };
        store.writer().unwrap().apply(&mut [change], &mut [], 1).unwrap();
    }
    (payments, Box::new(store.reader().unwrap()))
}

#[test]
fn the_columns_of_the_tables_are_those_of_the_rows() {
    let dir = TempDir::new().unwrap();
    let mut reader = open_store(&dir).reader().unwrap();
    for table in tables() {
        let sql = format!("SELECT name FROM pragma_table_info('{}') ORDER BY cid", table.name);
        assert_eq!(reader.report(&sql, &[]).unwrap().concat(), table.columns, "{table:?}");
    }
}

#[test]
fn a_page_is_sorted_as_asked_and_then_by_number() {
    let dir = TempDir::new().unwrap();
    let (payments, mut reader) = given_payments(&dir);
    let by = |by, descending| Sort { by, descending };
    let mut numbers = |offset, limit, sort: &[Sort]| {
        let page = page(&mut *reader, STOREFRONT, offset, limit, sort).unwrap();
        assert_eq!(page.total, 3);
        page.payments.iter().map(|payment| payment.number).collect::<Vec<_>>()
    };

    assert_eq!(numbers(0, 20, &[]), [1, 2, 3]);
    assert_eq!(numbers(1, 1, &[]), [2]);
    assert_eq!(numbers(9, 20, &[]), [0; 0]);
    assert_eq!(numbers(0, 20, &[by(SortBy::Amount, true)]), [1, 3, 2]);
    assert_eq!(numbers(0, 20, &[by(SortBy::Amount, true), by(SortBy::PaidAt, false)]), [3, 1, 2]);
    assert_eq!(page(&mut *reader, STOREFRONT, 0, 1, &[]).unwrap().payments, payments[..1]);
}

#[test]
fn every_way_to_sort_names_a_column() {
    let dir = TempDir::new().unwrap();
    let (_, mut reader) = given_payments(&dir);
    use SortBy::*;
    for by in [Number, Order, Customer, Offering, Amount, Card, State, RequestedAt, PaidAt, RefundedAt] {
        let found = page(&mut *reader, STOREFRONT, 0, 20, &[Sort { by, descending: true }]).unwrap();
        assert_eq!(found.payments.len(), 3, "{by:?}");
    }
}

#[test]
fn one_payment_is_found_by_its_number_or_its_order() {
    let dir = TempDir::new().unwrap();
    let (payments, mut reader) = given_payments(&dir);

    assert_eq!(numbered(&mut *reader, STOREFRONT, 2).unwrap().as_ref(), Some(&payments[1]));
    assert_eq!(numbered(&mut *reader, STOREFRONT, 4).unwrap(), None);
    assert_eq!(of_order(&mut *reader, order(3)).unwrap().as_ref(), Some(&payments[2]));
    assert_eq!(of_order(&mut *reader, order(4)).unwrap(), None);
}
