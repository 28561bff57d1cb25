//! The journal as a table: one statement and one commit for each record, which proves that nobody else has taken over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_postgres::error::SqlState;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

use super::connection::{Connection, Params, Trying, is_refusal, refused};
use super::values::{signed, unsigned};
use super::{AGAIN, Address};
use store::{Epoch, Journal, Record, StoreError};

/// So many bytes of records are read at once, and the rest of the last one.
const READ_BYTES: i64 = 8 << 20;
/// So long it is tried to find out what became of an append after its connection broke: a server that is started again is back by then.
const SETTLE: Duration = Duration::from_secs(30);
/// So often the statement of a former owner is ended before it is given up; each time after half a second.
const TRIES: usize = 20;

const READ: &str = "to read the journal";
const APPEND: &str = "an append";
const CLAIM: &str = "to take the next epoch";

/// `FOR SHARE` is what makes this a proof: who takes the next epoch waits until this is committed, and what comes after that finds another.
const INSERT: &str = "INSERT INTO journal (shard, seq, at, sum, body)
    SELECT 0, $1::bigint, $2::bigint, $3::bigint, $4::bytea
    FROM (SELECT 1 FROM shards WHERE shard = 0 AND epoch = $5::bigint FOR SHARE) AS owned";

/// The journal in a database.
#[derive(Debug)]
pub struct PostgresJournal {
    address: Address,
    connection: Connection,
    /// Goes with each append.
    epoch: Epoch,
    /// By which this one knows that it was itself who took the epoch; none before it took one.
    owner: Option<String>,
}

/// How it stands with an append whose connection broke.
enum Settled {
    /// It is durable.
    Done,
    /// It is not known yet, since this came in between.
    NotYet(Error),
}

impl PostgresJournal {
    pub(crate) fn open(address: &Address) -> Result<Self, StoreError> {
        let mut connection = connect(address).trying("to open the journal")?;
        let epoch = epoch(&mut connection).trying(READ)?;
        Ok(Self { address: address.clone(), connection, epoch, owner: None })
    }

    fn insert(&mut self, record: &Record) -> Result<u64, Error> {
        let (seq, at, sum) = (signed(record.seq), signed(record.at), i64::from(record.sum));
        self.connection.execute(INSERT, &[&seq, &at, &sum, &&record.body[..], &signed(self.epoch.0)])
    }

    fn fenced(&mut self) -> StoreError {
        let held = self.epoch;
        match epoch(&mut self.connection).trying(READ) {
            Ok(found) => StoreError::Fenced { held, found },
            Err(error) => error,
        }
    }

    /// Finds out what became of the append of `record`, which ended with `error`, and appends it if it was not.
    fn settle(&mut self, record: &Record, mut error: Error) -> Result<(), StoreError> {
        let began = Instant::now();
        while self.owner.is_some() && began.elapsed() < SETTLE {
            match self.settle_once(record)? {
                Settled::Done => return Ok(()),
                Settled::NotYet(why) => error = why,
            }
            std::thread::park_timeout(AGAIN);
        }
        Err(StoreError::Unknown { seq: record.seq, source: Box::new(refused(APPEND, error)) })
    }

    fn settle_once(&mut self, record: &Record) -> Result<Settled, StoreError> {
        self.connection = match connect(&self.address) {
            Ok(connection) => connection,
            Err(error) => return Ok(Settled::NotYet(error)),
        };
        // Before anything is read: what was sent over the old connection may still come to be, but not behind a new epoch.
        match self.take_again() {
            Ok(Some(epoch)) => self.epoch = epoch,
            Ok(None) => return Err(self.fenced()),
            Err(error) => return Ok(Settled::NotYet(error)),
        }
        let there = self
            .connection
            .query("SELECT sum FROM journal WHERE shard = 0 AND seq = $1::bigint", &[&signed(record.seq)]);
        match there {
            Ok(found) => match found.first().map(|row| row.get::<_, i64>(0)) {
                Some(sum) if sum == i64::from(record.sum) => return Ok(Settled::Done),
                Some(_) => return Err(StoreError::refused(APPEND, format!("there is another record {}", record.seq))),
                None => {}
            },
            Err(error) => return Ok(Settled::NotYet(error)),
        }
        match self.insert(record) {
            Ok(0) => Err(self.fenced()),
            Ok(_) => Ok(Settled::Done),
            Err(error) if is_refusal(&error) => Err(refused(APPEND, error)),
            Err(error) => Ok(Settled::NotYet(error)),
        }
    }

    /// Takes the next epoch if nobody else has taken one since this one did.
    fn take_again(&mut self) -> Result<Option<Epoch>, Error> {
        let owner = self.owner.clone();
        take(
            &mut self.connection,
            "UPDATE shards SET epoch = epoch + 1, backend = pg_backend_pid() WHERE shard = 0 AND owner = $1::text RETURNING epoch",
            &[&owner],
        )
    }
}

/// A connection that answers an append when it is durable, whatever the database is set to.
fn connect(address: &Address) -> Result<Connection, Error> {
    let mut connection = Connection::open(address)?;
    connection.batch(
        "SET lock_timeout = '500ms';
        SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    )?;
    Ok(connection)
}

fn epoch(connection: &mut Connection) -> Result<Epoch, Error> {
    let found = connection.query("SELECT epoch FROM shards WHERE shard = 0", &[])?;
    found.first().map_or(Ok(Epoch::default()), |row| unsigned(row, 0).map(Epoch))
}

/// Has `update` take an epoch. A statement of the former owner that waits for its client would be waited for; its connection is ended.
fn take(connection: &mut Connection, update: &str, params: Params<'_>) -> Result<Option<Epoch>, Error> {
    for _ in 1..TRIES {
        match connection.query(update, params) {
            Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                connection.query(
                    "SELECT pg_terminate_backend(a.pid) FROM shards s JOIN pg_stat_activity a ON a.pid = s.backend
                    WHERE s.shard = 0 AND a.datname = current_database() AND a.application_name = 'maejin'
                        AND a.pid <> pg_backend_pid()",
                    &[],
                )?;
            }
            taken => return taken.and_then(|rows| rows.first().map(|row| unsigned(row, 0).map(Epoch)).transpose()),
        }
    }
    let rows = connection.query(update, params)?;
    rows.first().map(|row| unsigned(row, 0).map(Epoch)).transpose()
}

impl Journal for PostgresJournal {
    fn claim(&mut self) -> Result<Epoch, StoreError> {
        if self.connection.is_closed() {
            self.connection = connect(&self.address).trying(CLAIM)?;
        }
        let owner = Uuid::now_v7().to_string();
        let taken = take(
            &mut self.connection,
            "UPDATE shards SET epoch = epoch + 1, owner = $1::text, backend = pg_backend_pid() WHERE shard = 0 RETURNING epoch",
            &[&owner],
        );
        let missing = || StoreError::refused(CLAIM, "the row of the shard is missing");
        self.epoch = taken.trying(CLAIM)?.ok_or_else(missing)?;
        self.owner = Some(owner);
        Ok(self.epoch)
    }

    fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        match self.insert(record) {
            Ok(0) => Err(self.fenced()),
            Ok(_) => Ok(()),
            Err(error) if is_refusal(&error) => Err(refused(APPEND, error)),
            Err(error) => self.settle(record, error),
        }
    }

    fn last(&mut self) -> Result<Option<Record>, StoreError> {
        let newest = "SELECT seq FROM journal WHERE shard = 0 ORDER BY seq DESC LIMIT 1";
        let found = query(&self.address, &mut self.connection, newest, &[])?;
        match found.first() {
            None => Ok(None),
            Some(row) => Ok(self.read(unsigned(row, 0).trying(READ)?, 1)?.pop()),
        }
    }

    fn read(&mut self, from: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let from = from.max(1);
        let select = "SELECT seq, at, sum, body FROM (
                SELECT *, sum(octet_length(body)) OVER (ORDER BY seq) - octet_length(body) AS bytes_before
                FROM (SELECT * FROM journal WHERE shard = 0 AND seq >= $1::bigint ORDER BY seq LIMIT $2::bigint) AS wanted
            ) AS counted WHERE bytes_before < $3::bigint ORDER BY seq";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let found = query(&self.address, &mut self.connection, select, &[&signed(from), &limit, &READ_BYTES])?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut before = self.sum_before(from)?;
        let mut records = Vec::with_capacity(found.len());
        for (expected, row) in (from..).zip(&found) {
            let record = record(row).trying(READ)?;
            if record.seq != expected {
                return Err(missing(expected));
            }
            record.check(before.ok_or_else(|| missing(from - 1))?)?;
            before = Some(record.sum);
            records.push(record);
        }
        Ok(records)
    }
}

impl PostgresJournal {
    /// The sum of the record before `seq`; `None` if that record is missing.
    fn sum_before(&mut self, seq: u64) -> Result<Option<u32>, StoreError> {
        if seq <= 1 {
            return Ok(Some(0));
        }
        let select = "SELECT sum FROM journal WHERE shard = 0 AND seq = $1::bigint";
        let found = query(&self.address, &mut self.connection, select, &[&signed(seq - 1)])?;
        found.first().map(|row| sum(row, 0)).transpose().trying(READ)
    }
}

/// Asks over `connection`, or another one if that broke: what is in a journal is the same to all.
fn query(
    address: &Address,
    connection: &mut Connection,
    sql: &str,
    params: Params<'_>,
) -> Result<Vec<Row>, StoreError> {
    match connection.query(sql, params) {
        Err(error) if !is_refusal(&error) => {
            *connection = connect(address).trying(READ)?;
            connection.query(sql, params).trying(READ)
        }
        found => found.trying(READ),
    }
}

fn record(row: &Row) -> Result<Record, Error> {
    let body: Arc<[u8]> = row.try_get::<_, &[u8]>(3)?.into();
    Ok(Record { seq: unsigned(row, 0)?, at: unsigned(row, 1)?, sum: sum(row, 2)?, body })
}

fn sum(row: &Row, place: usize) -> Result<u32, Error> {
    Ok(u32::try_from(row.try_get::<_, i64>(place)?).unwrap_or_default())
}

fn missing(seq: u64) -> StoreError {
    StoreError::Damaged { seq, why: "it is missing".to_owned() }
}
