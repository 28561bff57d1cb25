//! What the store on PostgreSQL promises beyond what every engine does: connections break, owners are taken over from, versions follow
//! one another.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cluster::postgres::{Server, shared};
use postgres::PostgresStore;
use store::{Applied, Change, Epoch, Find, Form, Journal, Migration, Record, StoreError, TableReader, TableWriter};
use typed::{Key, Row, Text};

typed::row! {
    /// Something named.
    pub struct Item in 900 "items" {
        0 id: u64,
        1 name: Option<Text>,
    }
}

const MIGRATIONS: &[Migration] = &[
    Migration { context: "test", number: 1, sql: "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)" },
    Migration { context: "test", number: 2, sql: "CREATE INDEX items_name ON items (name, id) WHERE name IS NOT NULL" },
];

/// So often connections are ended while records are appended.
const ENDED: usize = 50;

fn made() -> (&'static Server, String, PostgresStore) {
    let (server, address) = (shared(), shared().database());
    let store = PostgresStore::open(&address.parse().unwrap(), MIGRATIONS).unwrap();
    (server, address, store)
}

fn count(told: &str) -> u64 {
    told.parse().unwrap()
}

/// Ends all connections of stores to the database at `address`.
fn end_connections(server: &Server, address: &str) -> u64 {
    let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'maejin'";
    count(&server.ask(address, end).unwrap())
}

#[test]
fn connections_that_end_in_the_middle_of_appends_lose_and_double_nothing() {
    let (server, address, store) = made();
    let mut journal = store.journal().unwrap();
    journal.claim().unwrap();
    let is_over = AtomicBool::new(false);
    let appended = std::thread::scope(|scope| {
        let appending = scope.spawn(|| {
            let mut records: Vec<Record> = Vec::new();
            while !is_over.load(Ordering::Acquire) {
                let (seq, sum) = records.last().map_or((0, 0), |record| (record.seq, record.sum));
                let record = Record::after(sum, seq + 1, seq, vec![1; 10_000].into());
                journal.append(&record).unwrap();
                records.push(record);
            }
            records
        });
        let mut ended = 0;
        while ended < ENDED as u64 {
            ended += end_connections(server, &address);
        }
        is_over.store(true, Ordering::Release);
        appending.join().unwrap()
    });
    let (mut read, mut journal) = (Vec::new(), store.journal().unwrap());
    while read.len() < appended.len() {
        let some = journal.read(read.len() as u64 + 1, 256).unwrap();
        assert!(!some.is_empty(), "{} of {} are there", read.len(), appended.len());
        read.extend(some);
    }
    assert_eq!(read, appended);
    assert_eq!(journal.last().unwrap().as_ref(), appended.last());
}

#[test]
fn a_bulk_is_written_although_connections_end() {
    let (server, address, store) = made();
    let (mut writer, mut reader) = (store.writer().unwrap(), store.reader().unwrap());
    for seq in 1..=20_u64 {
        end_connections(server, &address);
        let item = Item { id: seq, name: None };
        let change = Change { table: Item::TABLE, key: item.id.to_value(), row: Some(Form::Row(&item)) };
        writer.apply(&mut [change], &mut [(7, seq)], Applied::of(seq, 7)).unwrap();
        assert_eq!(Find::<Item>::all().count(&mut reader).unwrap(), seq);
    }
    assert_eq!(reader.trail(7, 99).unwrap().len(), 20);
    assert_eq!(writer.applied().unwrap(), Applied::of(20, 7));
}

#[test]
fn who_sleeps_in_the_middle_of_an_append_is_taken_over_from_soon_and_writes_nothing() {
    let (server, address, store) = made();
    let mut heir = store.journal().unwrap();
    // What an append does, and then not a word: its connection holds the lock on the shard's row.
    let mut psql = server.session(&address, "maejin");
    psql.say(
        "UPDATE shards SET backend = pg_backend_pid(); BEGIN; SELECT 1 FROM shards WHERE epoch = 0 FOR SHARE;
        INSERT INTO journal VALUES (0, 1, 1, 1, '')",
    );
    while server.ask(&address, "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'").unwrap()
        != "1"
    {
        std::thread::park_timeout(Duration::from_millis(10));
    }
    let began = Instant::now();
    assert_eq!(heir.claim().unwrap(), Epoch(1));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(heir.last().unwrap(), None);
    heir.append(&Record::after(0, 1, 5, b"a"[..].into())).unwrap();
    drop(psql);
    assert_eq!(heir.read(1, 9).unwrap().len(), 1);
}

#[test]
fn who_was_taken_over_from_does_not_take_it_back_when_its_connection_breaks() {
    let (server, address, store) = made();
    let mut zombie = store.journal().unwrap();
    zombie.claim().unwrap();
    let mut heir = store.journal().unwrap();
    heir.claim().unwrap();
    end_connections(server, &address);
    let record = Record::after(0, 1, 5, b"a"[..].into());
    let refused = zombie.append(&record);
    assert!(matches!(refused, Err(StoreError::Fenced { held: Epoch(1), found: Epoch(2) })), "{refused:?}");
    heir.append(&record).unwrap();
    assert_eq!(heir.read(1, 9).unwrap(), [record]);
}

#[test]
fn steps_are_applied_once_and_a_newer_database_is_refused_and_left_alone() {
    let (server, address, store) = made();
    let parsed = address.parse().unwrap();
    assert_eq!(PostgresStore::open(&parsed, MIGRATIONS).unwrap().identity(), store.identity());
    let refused = PostgresStore::open(&parsed, &MIGRATIONS[..1]).unwrap_err().to_string();
    assert!(refused.contains("test 2") && refused.contains(&store.address().to_string()), "{refused}");
    let index = server.ask(&address, "SELECT indexdef FROM pg_indexes WHERE indexname = 'items_name'").unwrap();
    assert!(index.contains("(name NULLS FIRST, id) WHERE (name IS NOT NULL)"), "{index}");
    assert_eq!(server.ask(&address, "SELECT count(*) FROM migrations").unwrap(), "3");
}

#[test]
fn a_row_that_the_database_refuses_leaves_the_writer_of_use() {
    let (server, address, store) = made();
    server.ask(&address, "ALTER TABLE items ADD CHECK (id < 5)").unwrap();
    let mut writer = store.writer().unwrap();
    let mut write = |id: u64| {
        let item = Item { id, name: Some("\0a".into()) };
        let change = Change { table: Item::TABLE, key: item.id.to_value(), row: Some(Form::Row(&item)) };
        writer.apply(&mut [change], &mut [], Applied::of(id, 7))
    };
    write(1).unwrap();
    assert!(matches!(write(9), Err(StoreError::Refused { .. })));
    write(2).unwrap();
    let found = Find::<Item>::all().by(Item::COLUMNS.id.asc()).rows(&mut store.reader().unwrap()).unwrap();
    assert_eq!(
        found.iter().map(|item| (item.id, item.name.as_deref())).collect::<Vec<_>>(),
        [(1, Some("\0a")), (2, Some("\0a"))]
    );
}
