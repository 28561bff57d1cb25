//! The tables are what the rows are, and are read in pages.

use contracts::{Numbered, OfferingId, OrderId, StorefrontNo};
use delivery::queries::{Sort, SortBy, numbered, of_order, page};
use delivery::{Delivery, DeliveryState, tables};
use store::{Change, TableReader, TableWriter};
use tempfile::TempDir;
use typed::{Key, Row};

use crate::given::{STOREFRONT, open_store, order};

fn delivery(order: OrderId, number: u64, quantity: u32, ended_at: Option<u64>) -> Delivery {
    Delivery {
        owner: order,
        storefront: order.storefront(),
        number,
        customer: "7".into(),
        offering: OfferingId::of(order.storefront(), 1),
        quantity,
        product: "A-100".into(),
        state: if ended_at.is_some() { DeliveryState::Completed } else { DeliveryState::Started },
        started_at: 5,
        ended_at,
        version: 1,
    }
}

/// A store with three deliveries of a storefront and one of another.
fn given_deliveries(dir: &TempDir) -> (Vec<Delivery>, Box<dyn TableReader>) {
    let deliveries = vec![
        delivery(order(1), 1, 3, Some(8)),
        delivery(order(2), 2, 1, None),
        delivery(order(3), 3, 3, Some(6)),
        delivery(OrderId::of(StorefrontNo(6), 1), 1, 2, None),
    ];
    let store = open_store(dir);
    for delivery in &deliveries {
        let mut row = Vec::new();
        delivery.encode_into(&mut row);
        let change = Change { table: Delivery::TABLE, key: delivery.key().to_value(), row: Some(&row) };
        store.writer().unwrap().apply(&mut [change], &mut [], 1).unwrap();
    }
    (deliveries, Box::new(store.reader().unwrap()))
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
    let (deliveries, mut reader) = given_deliveries(&dir);
    let by = |by, descending| Sort { by, descending };
    let mut numbers = |offset, limit, sort: &[Sort]| {
        let page = page(&mut *reader, STOREFRONT, offset, limit, sort).unwrap();
        assert_eq!(page.total, 3);
        page.deliveries.iter().map(|delivery| delivery.number).collect::<Vec<_>>()
    };

    assert_eq!(numbers(0, 20, &[]), [1, 2, 3]);
    assert_eq!(numbers(1, 1, &[]), [2]);
    assert_eq!(numbers(0, 20, &[by(SortBy::Quantity, true)]), [1, 3, 2]);
    assert_eq!(numbers(0, 20, &[by(SortBy::Quantity, true), by(SortBy::EndedAt, false)]), [3, 1, 2]);
    assert_eq!(page(&mut *reader, STOREFRONT, 0, 1, &[]).unwrap().deliveries, deliveries[..1]);
}

#[test]
fn every_way_to_sort_names_a_column() {
    let dir = TempDir::new().unwrap();
    let (_, mut reader) = given_deliveries(&dir);
    use SortBy::*;
    for by in [Number, Order, Customer, Offering, Quantity, State, StartedAt, EndedAt] {
        let found = page(&mut *reader, STOREFRONT, 0, 20, &[Sort { by, descending: true }]).unwrap();
        assert_eq!(found.deliveries.len(), 3, "{by:?}");
    }
}

#[test]
fn one_delivery_is_found_by_its_number_or_its_order() {
    let dir = TempDir::new().unwrap();
    let (deliveries, mut reader) = given_deliveries(&dir);

    assert_eq!(numbered(&mut *reader, STOREFRONT, 2).unwrap().as_ref(), Some(&deliveries[1]));
    assert_eq!(numbered(&mut *reader, STOREFRONT, 4).unwrap(), None);
    assert_eq!(of_order(&mut *reader, order(3)).unwrap().as_ref(), Some(&deliveries[2]));
    assert_eq!(of_order(&mut *reader, order(4)).unwrap(), None);
}
