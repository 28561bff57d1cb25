//! Lists over blocks that are far apart, over storefronts, over moments that are the same, and over a store from before.

use std::fmt::Debug;

use contracts::{Numbered, OrderId, StorefrontNo};
use edge::page::{Cursor, PageOf, Sorted};
use edge::query::Query;
use mypage::{Line, LineCounter};
use notification::{Notice, NoticeCounter};
use points::{Entry, EntryCounter};
use store::sqlite::{SqliteReader, SqliteStore};
use store::{Change, Find, Form, Migration, TableReader, TableWriter, WithList};
use tempfile::TempDir;
use typed::{Key, Row};

use contracts::queries::PageCursor;
use maintenance::offline_store::{OfflineStore, Progress};
use sample::walked;
use store::by_recency::{ByRecency, ChunkRequest, OfCustomer, page};

const BLOCK: u64 = 1 << 17;

/// Any row of its type; what matters in it is replaced.
fn any<R: Row>() -> R {
    let dir = walked();
    let mut store = OfflineStore::open(dir.path()).unwrap();
    store.bring_forward(&mut Progress::of("")).unwrap();
    Find::all().one(&mut store.reader().unwrap()).unwrap().unwrap()
}

fn open(dir: &TempDir) -> SqliteStore {
    SqliteStore::open(dir.path(), &crate::migrations()).unwrap()
}

fn write<R: Row>(store: &SqliteStore, rows: &[R]) {
    let mut changes: Vec<Change<'_>> = rows
        .iter()
        .map(|row| Change { table: R::TABLE, key: row.key().to_value(), row: Some(Form::Row(row)) })
        .collect();
    store.writer().unwrap().apply(&mut changes, &mut [], store::Applied::default()).unwrap();
}

/// A row of a list, made for a test.
trait Made: ByRecency {
    /// Those with these storefronts, numbers and moments.
    fn made(customer: &str, places: &[(u32, u64, u64)]) -> Vec<Self>;
    /// Notes in the counters that these numbers were handed out.
    fn count(store: &SqliteStore, places: &[(u32, u64, u64)]);
    fn place(&self) -> (u64, u32, u64);
}

impl Made for Line {
    fn made(customer: &str, places: &[(u32, u64, u64)]) -> Vec<Self> {
        let any = any::<Self>();
        let made = |&(storefront, number, placed_at): &(u32, u64, u64)| Self {
            owner: OrderId::of(StorefrontNo(storefront), number),
            storefront: StorefrontNo(storefront),
            customer: customer.into(),
            placed_at,
            ..any.clone()
        };
        places.iter().map(made).collect()
    }
    fn count(store: &SqliteStore, _: &[(u32, u64, u64)]) {
        write(store, &[LineCounter { id: 2, next: 2 }]);
    }
    fn place(&self) -> (u64, u32, u64) {
        (self.placed_at, self.storefront.0, self.owner.number())
    }
}

impl Made for Notice {
    fn made(customer: &str, places: &[(u32, u64, u64)]) -> Vec<Self> {
        let any = any::<Self>();
        // Ids go the other way than numbers: an early order may be the last to be cancelled.
        let made = |&(storefront, number, at): &(u32, u64, u64)| Self {
            id: (u64::from(storefront) << 42) + (1 << 41) - number,
            storefront: StorefrontNo(storefront),
            number,
            customer: customer.into(),
            at,
            ..any.clone()
        };
        places.iter().map(made).collect()
    }
    fn count(store: &SqliteStore, places: &[(u32, u64, u64)]) {
        for &(storefront, ..) in places {
            let highest = places.iter().filter(|place| place.0 == storefront).map(|place| place.1).max().unwrap();
            write(store, &[NoticeCounter { storefront: u64::from(storefront), next: highest + 1 }]);
        }
    }
    fn place(&self) -> (u64, u32, u64) {
        (self.at, self.storefront.0, self.number)
    }
}

impl Made for Entry {
    fn made(customer: &str, places: &[(u32, u64, u64)]) -> Vec<Self> {
        let any = any::<Self>();
        let made = |&(storefront, number, at): &(u32, u64, u64)| Self {
            id: (1 << 60) - number,
            number: Some(number),
            owner: Some(OrderId::of(StorefrontNo(storefront), number)),
            customer: customer.into(),
            at,
            ..any.clone()
        };
        places.iter().map(made).collect()
    }
    fn count(store: &SqliteStore, places: &[(u32, u64, u64)]) {
        let highest = places.iter().map(|place| place.1).max().unwrap();
        write(store, &[EntryCounter { id: EntryCounter::OF_ALL, next: highest + 1 }]);
    }
    fn place(&self) -> (u64, u32, u64) {
        (self.at, self.owner.unwrap().storefront().0, self.number.unwrap())
    }
}

/// Everything of customer `7`, so many at a time. Only the last page is short.
#[track_caller]
fn all<R: ByRecency>(reader: &mut dyn TableReader, limit: usize) -> Vec<R> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (rows, end) = page(&OfCustomer::<R>::new("7", reader), reader, after.as_ref(), limit).unwrap();
        assert!(rows.len() <= limit && (end.is_none() || rows.len() == limit), "only the last page is short");
        all.extend(rows);
        let Some(end) = end else { return all };
        after = Some(PageCursor::read(&PageCursor(end).text()).expect("what a list gave is read again").0);
    }
}

/// Numbers of a storefront: dense ones, the ends of blocks, and far ones; six at a time of the same millisecond.
fn far_apart(storefront: u32) -> Vec<(u32, u64, u64)> {
    let edges = [BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 9 * BLOCK - 1, 9 * BLOCK + 5, 40 * BLOCK];
    let numbers = (1..=150).chain(edges).zip(0..);
    numbers.map(|(number, turn)| (storefront, number, 1_000 + turn / 6 + u64::from(storefront % 2))).collect()
}

/// Writes for customer `7` the rows of `places`, and between them others for other customers. What is expected of the list.
fn written<R: Made>(store: &SqliteStore, places: &[(u32, u64, u64)]) -> Vec<(u64, u32, u64)> {
    let others: Vec<_> = places.iter().map(|(storefront, number, at)| (*storefront, number + 3 * BLOCK, *at)).collect();
    let free = |other: &(u32, u64, u64)| places.iter().all(|place| (place.0, place.1) != (other.0, other.1));
    let others: Vec<_> = others.into_iter().filter(free).collect();
    write(store, &R::made("70", &others));
    write(store, &R::made("7", places));
    R::count(store, &[places, &others].concat());
    let mut expected: Vec<_> = places.iter().map(|(storefront, number, at)| (*at, *storefront, *number)).collect();
    expected.sort_unstable_by(|a, b| b.cmp(a));
    expected
}

#[track_caller]
fn comes_newest_first<R: Made>(places: &[(u32, u64, u64)]) {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let expected = written::<R>(&store, places);
    let mut reader = store.reader().unwrap();
    for limit in [1, 2, 7, 64, 65, 200, 1_000] {
        let found: Vec<_> = all::<R>(&mut reader, limit).iter().map(Made::place).collect();
        assert_eq!(found, expected, "{limit} at a time");
    }
}

#[test]
fn lines_of_many_blocks_and_storefronts_come_newest_first() {
    comes_newest_first::<Line>(&[far_apart(1), far_apart(2), far_apart(9_999)].concat());
}

#[test]
fn notices_of_many_blocks_and_storefronts_come_newest_first() {
    comes_newest_first::<Notice>(&[far_apart(1), far_apart(2), far_apart(9_999)].concat());
}

#[test]
fn entries_of_many_blocks_come_newest_first() {
    comes_newest_first::<Entry>(&far_apart(3));
}

#[test]
fn a_customer_without_rows_has_an_empty_page() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut reader = store.reader().unwrap();
    assert_eq!(all::<Line>(&mut reader, 1), [], "there is nothing at all");
    written::<Line>(&store, &far_apart(1));
    let (rows, end) = page(&OfCustomer::<Line>::new("nobody", &mut reader), &mut reader, None, 10).unwrap();
    assert_eq!((rows, end), (vec![], None));
}

#[test]
fn what_comes_about_between_two_pages_is_not_on_the_second() {
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    let mut reader = store.reader().unwrap();
    write(&store, &Line::made("7", &[(1, 1, 10), (1, 2, 20), (2, 1, 30)]));
    let (first, end) = page(&OfCustomer::<Line>::new("7", &mut reader), &mut reader, None, 1).unwrap();
    assert_eq!(first[0].place(), (30, 2, 1));
    write(&store, &Line::made("7", &[(1, 3, 40), (2, 2, 40), (3, 1, 40)]));
    let (second, last) = page(&OfCustomer::<Line>::new("7", &mut reader), &mut reader, end.as_ref(), 10).unwrap();
    assert_eq!(second.iter().map(Made::place).collect::<Vec<_>>(), [(20, 1, 2), (10, 1, 1)]);
    assert_eq!(last, None);
}

#[test]
fn where_the_clock_went_back_every_row_is_still_there_once() {
    let places = [(1, 1, 100), (1, 2, 50), (1, BLOCK + 9, 60), (2, 1, 75), (2, 2, 40), (2, 3, 200)];
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    write(&store, &Line::made("7", &places));
    let mut reader = store.reader().unwrap();
    for limit in [1, 2, 3, 200] {
        let mut found: Vec<_> = all::<Line>(&mut reader, limit).iter().map(|line| line.owner).collect();
        found.sort_unstable();
        let mut expected = places.map(|(storefront, number, _)| OrderId::of(StorefrontNo(storefront), number));
        expected.sort_unstable();
        assert_eq!(found, expected, "{limit} at a time");
    }
}

#[test]
fn places_that_no_list_gave_are_not_read_and_forged_ones_do_no_harm() {
    for wrong in ["", "1", "1.", ".1", "1.2-", "-1.2", "1.+2", "01.2", "1.0", "1.2.3", "a.b", "1.99999999999999999999"]
    {
        assert_eq!(PageCursor::read(wrong), None, "{wrong}");
    }
    let dir = TempDir::new().unwrap();
    let store = open(&dir);
    written::<Notice>(&store, &far_apart(1));
    let mut reader = store.reader().unwrap();
    let forged = PageCursor::read(&format!("1.{}-77.5", u64::MAX)).unwrap();
    let list = OfCustomer::<Notice>::new("7", &mut reader);
    let found = page(&list, &mut reader, Some(&forged.0), 3).unwrap();
    assert_eq!(found, page(&list, &mut reader, None, 3).unwrap());
}

#[test]
fn a_cursor_over_as_many_storefronts_as_a_shop_may_have_is_taken() {
    let most = (1..=storefronts::STOREFRONTS_MAX as u64).map(|group| (9_999 - group, contracts::NUMBER_MAX + 1));
    let sorted = Sorted { mark: 'o', by_number: false };
    let first = PageOf::read(&Query::read(None, &[]).unwrap(), sorted).unwrap();
    let cursor = PageCursor(most.collect());
    let next = first.ending(vec![()], Some(&Cursor { number: 0, key: cursor.text() })).next.unwrap();
    let query = format!("after={next}");
    let read = PageOf::read(&Query::read(Some(&query), &["after"]).unwrap(), sorted).unwrap();
    assert_eq!(PageCursor::read(&read.after.unwrap().key), Some(cursor));
}

#[test]
fn a_block_is_read_by_its_index_alone() {
    fn is_search<R: ByRecency>(reader: &mut SqliteReader, how: &str) {
        let request = ChunkRequest { group: 1, number: 9 * BLOCK, limit: 10 };
        assert_eq!(reader.plan(R::in_block("7", request).limit(10).any()).unwrap(), [how]);
    }
    let dir = TempDir::new().unwrap();
    let reader = &mut open(&dir).reader().unwrap();
    is_search::<Line>(reader, "SEARCH my_page USING INDEX my_page_by_age (<expr>=? AND customer=? AND rowid<?)");
    let notices = "SEARCH notices USING INDEX notices_by_age (storefront=? AND <expr>=? AND customer=? AND number<?)";
    is_search::<Notice>(reader, notices);
    let entries = "SEARCH points_ledger USING INDEX points_ledger_by_age (<expr>=? AND customer=? AND number<?)";
    is_search::<Entry>(reader, entries);
}

typed::row! {
    /// An entry as it was before entries were counted.
    pub struct Uncounted in 71 "points_ledger" {
        0 id: u64,
        1 customer: typed::Text,
        2 owner: Option<OrderId>,
        3 points: i64,
        4 balance: i64,
        5 at: u64,
    }
}

/// A store as it was before lists by age.
fn from_before(dir: &TempDir) -> SqliteStore {
    let by_age = |step: &Migration| step.sql.contains("by_age");
    let before: Vec<_> = crate::migrations().into_iter().filter(|step| !by_age(step)).collect();
    assert_eq!(before.len(), crate::migrations().len() - 3);
    SqliteStore::open(dir.path(), &before).unwrap()
}

#[track_caller]
fn are<T: PartialEq + Debug, R: ByRecency>(reader: &mut dyn TableReader, what: impl Fn(&R) -> T, expected: &[T]) {
    for limit in [1, 2, 3, 200] {
        let found: Vec<T> = all::<R>(reader, limit).iter().map(&what).collect();
        assert_eq!(found, expected, "{limit} at a time");
    }
}

#[test]
fn what_a_store_from_before_has_is_still_listed_under_what_came_since() {
    let dir = TempDir::new().unwrap();
    let places = [(1, 1, 10), (1, 2, 10), (2, 1, 11)];
    let before = from_before(&dir);
    let any = any::<Entry>();
    let old = |(id, customer, at): (u64, &str, u64)| {
        let (owner, points, balance) = (any.owner, any.points, any.balance);
        Uncounted { id, customer: customer.into(), owner, points, balance, at }
    };
    write(&before, &[(9, "7", 10), (4, "7", 12), (5, "7", 12), (8, "70", 13), (12, "7", 11)].map(old));
    write(&before, &Line::made("7", &places));
    write(&before, &Notice::made("7", &places));
    Notice::count(&before, &places);
    drop(before);

    let store = open(&dir);
    let mut reader = store.reader().unwrap();
    are(&mut reader, |entry: &Entry| entry.id, &[5, 4, 12, 9]);
    let since = [(1, 3, 20), (2, BLOCK, 21)];
    write(&store, &Line::made("7", &since));
    write(&store, &Notice::made("7", &since));
    Notice::count(&store, &since);
    write(&store, &Entry::made("7", &[(1, 1, 20), (1, 2, 20)]));
    Entry::count(&store, &[(1, 2, 20)]);
    let expected = [(21, 2, BLOCK), (20, 1, 3), (11, 2, 1), (10, 1, 2), (10, 1, 1)];
    are(&mut reader, Line::place, &expected);
    are(&mut reader, Notice::place, &expected);
    are(&mut reader, |entry: &Entry| entry.id, &[(1 << 60) - 2, (1 << 60) - 1, 5, 4, 12, 9]);
    let how = "SEARCH points_ledger USING INDEX points_ledger_by_age (<expr>=? AND customer=?)";
    assert_eq!(reader.plan(points::queries::whose_uncounted("7").any()).unwrap(), [how]);
}

#[test]
fn a_list_is_the_same_whether_the_tables_have_its_rows_or_lack_some() {
    let places = [far_apart(1), far_apart(2), far_apart(9_999)].concat();
    for lacks in [1, 2, 3, 10, 150] {
        let dir = TempDir::new().unwrap();
        let store = open(&dir);
        let lines: Vec<_> = Line::made("7", &places).into_iter().zip(1..).collect();
        let of = |line: &Line, version| Line { version, ..line.clone() };
        // Every so many are not there yet; of the others some are, as they were before or became later.
        let is_lacking = |turn: usize| turn.is_multiple_of(lacks);
        let there = lines.iter().filter(|(_, turn)| !is_lacking(*turn) || turn % 4 == 0 || turn % 4 == 1);
        let there: Vec<_> = there.map(|(line, turn)| of(line, if turn % 4 == 0 { 1 } else { 3 })).collect();
        let rows = lines.iter().filter(|(_, turn)| is_lacking(*turn)).map(|(line, _)| of(line, 2)).collect();
        write(&store, &there);
        let mut tables = store.reader().unwrap();
        let mut reader = WithList { tables: &mut tables, list: "7".into(), rows };
        let mut expected: Vec<_> = lines.iter().map(|(line, _)| line.place()).collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        for limit in [1, 7, 64, 200, 1_000] {
            let found = all::<Line>(&mut reader, limit);
            assert_eq!(found.iter().map(Made::place).collect::<Vec<_>>(), expected, "{limit} at a time, 1 of {lacks}");
            let older = found.iter().filter(|line| line.version == 1).count();
            let fresh = lines.iter().filter(|(_, turn)| !is_lacking(*turn) && turn % 4 == 0).count();
            assert_eq!(older, fresh, "the older of two versions is shown nowhere");
        }
    }
}
