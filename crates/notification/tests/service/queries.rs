//! The tables are what the rows are, and are read in pages.

use contracts::{Numbered, OfferingId, OrderId};
use notification::queries::{Place, Sort, SortBy, numbered, of_customer, page};
use notification::{By, Notice, NoticeKind, NoticeState, tables};
use store::{Change, TableReader, TableWriter};
use tempfile::TempDir;
use typed::{Key, Row};

use crate::given::{MOVIE, MUSICAL, open_store, order};

fn notice(order: OrderId, number: u64, customer: &str, at: u64) -> Notice {
    Notice {
        id: order.0 * 4,
        storefront: order.storefront(),
        number,
        owner: order,
        customer: customer.into(),
        customer_name: None,
        offering: Some(OfferingId::of(order.storefront(), 1)),
        offering_name: None,
        quantity: 1,
        kind: NoticeKind::Confirmed,
        text: "confirmed".into(),
        channel: By::Inbox,
        state: NoticeState::Sent,
        failure: None,
        at,
        sent_at: Some(at),
    }
}

/// A store with three notices of a storefront and one of another.
fn given_notices(dir: &TempDir) -> (Vec<Notice>, Box<dyn TableReader>) {
    let notices = vec![
        notice(order(MOVIE, 1), 1, "7", 30),
        notice(order(MOVIE, 2), 2, "8", 10),
        notice(order(MOVIE, 3), 3, "7", 20),
        notice(order(MUSICAL, 1), 1, "7", 20),
    ];
    let store = open_store(dir);
    for notice in &notices {
        let mut row = Vec::new();
        notice.encode_into(&mut row);
        let change = Change { table: Notice::TABLE, key: notice.key().to_value(), row: Some(&row) };
        store.writer().unwrap().apply(&mut [change], &mut [], 1).unwrap();
    }
    (notices, Box::new(store.reader().unwrap()))
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
    let (notices, mut reader) = given_notices(&dir);
    let by = |by, descending| Sort { by, descending };
    let mut numbers = |offset, limit, sort: &[Sort]| {
        let page = page(&mut *reader, MOVIE, offset, limit, sort).unwrap();
        assert_eq!(page.total, 3);
        page.notices.iter().map(|notice| notice.number).collect::<Vec<_>>()
    };

    assert_eq!(numbers(0, 20, &[]), [1, 2, 3]);
    assert_eq!(numbers(1, 1, &[]), [2]);
    assert_eq!(numbers(0, 20, &[by(SortBy::Customer, true)]), [2, 1, 3]);
    assert_eq!(numbers(0, 20, &[by(SortBy::Customer, true), by(SortBy::At, false)]), [2, 3, 1]);
    assert_eq!(page(&mut *reader, MOVIE, 0, 1, &[]).unwrap().notices, notices[..1]);
}

#[test]
fn every_way_to_sort_names_a_column() {
    let dir = TempDir::new().unwrap();
    let (_, mut reader) = given_notices(&dir);
    use SortBy::*;
    for by in [Number, Order, Customer, CustomerName, Offering, OfferingName, Quantity, Kind, At] {
        let found = page(&mut *reader, MOVIE, 0, 20, &[Sort { by, descending: true }]).unwrap();
        assert_eq!(found.notices.len(), 3, "{by:?}");
    }
}

#[test]
fn one_notice_is_found_by_its_number() {
    let dir = TempDir::new().unwrap();
    let (notices, mut reader) = given_notices(&dir);

    assert_eq!(numbered(&mut *reader, MOVIE, 2).unwrap().as_ref(), Some(&notices[1]));
    assert_eq!(numbered(&mut *reader, MOVIE, 4).unwrap(), None);
}

#[test]
fn an_inbox_is_read_from_the_newest_to_the_oldest_page_by_page() {
    let dir = TempDir::new().unwrap();
    let (notices, mut reader) = given_notices(&dir);
    let customer = "7".into();
    let mut read = |after: Option<&Notice>| of_customer(&mut *reader, &customer, after.map(Place::from), 2).unwrap();

    let first = read(None);
    assert_eq!(first, [notices[0].clone(), notices[2].clone()]);
    let second = read(first.last());
    assert_eq!(second, [notices[3].clone()]);
    assert_eq!(read(second.last()), []);
}
