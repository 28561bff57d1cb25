//! Brings the tables up to the journal, in bulk and in the order of their keys.

use rusqlite::{Connection, Transaction, params_from_iter};
use typed::{Sql, Table};

use super::epoch;
use super::trying::Trying;
use super::values::{Bound, BoundKey};
use crate::{Applied, Change, Epoch, Migration, StoreError, TableWriter};

pub(super) const MIGRATIONS: &[Migration] = &[TABLES, SUM, EPOCH];
/// Those that [`applied`] needs.
pub(super) const WITH_SUM: &[Migration] = &[TABLES, SUM];

/// The sum of the last record that the tables contain; NULL until it is known.
const SUM: Migration = Migration { context: "store", number: 2, sql: "ALTER TABLE applied ADD COLUMN sum INTEGER" };

const EPOCH: Migration = Migration { context: "store", number: 3, sql: epoch::TABLE };

const TABLES: Migration = Migration {
    context: "store",
    number: 1,
    sql: "CREATE TABLE applied (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        seq INTEGER NOT NULL -- the last journal record that these tables contain
    );
    INSERT INTO applied (one, seq) VALUES (1, 0);
    CREATE TABLE trail (     -- in which journal records an order, an offering or a seat is spoken of
        subject INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (subject, seq)
    ) WITHOUT ROWID",
};

/// How many pages the write-ahead log may have before they are brought over into the file.
const LOG_PAGES: i64 = 1_000;

/// The tables in an SQLite file.
#[derive(Debug)]
pub struct SqliteWriter {
    connection: Connection,
    /// Goes with each bulk.
    epoch: Epoch,
}

impl SqliteWriter {
    pub(super) fn new(connection: Connection) -> Result<Self, StoreError> {
        connection.pragma_update(None, "synchronous", "NORMAL").trying("tables behind the journal")?;
        // By hand: SQLite would not say that it failed.
        connection.pragma_update(None, "wal_autocheckpoint", 0).trying("tables behind the journal")?;
        let epoch = epoch::read(&connection)?;
        Ok(Self { connection, epoch })
    }

    /// For tables that need not survive anything.
    pub(super) fn temporary(connection: Connection) -> Result<Self, StoreError> {
        let writer = Self::new(connection)?;
        writer.connection.pragma_update(None, "synchronous", "OFF").trying("passing tables")?;
        Ok(writer)
    }

    /// Brings the log over into the file once it is long. After a sync that failed nothing may build upon it, so then this fails.
    fn checkpoint(&self) -> Result<(), StoreError> {
        let what = "to bring the tables' write-ahead log over into tables.db";
        let pages: i64 = self.connection.query_row("PRAGMA wal_checkpoint(NOOP)", (), |row| row.get(1)).trying(what)?;
        if pages < LOG_PAGES {
            return Ok(());
        }
        self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(())).trying(what)
    }
}

/// How far the tables on `connection` are.
pub(super) fn applied(connection: &Connection) -> Result<Applied, StoreError> {
    let read = |row: &rusqlite::Row<'_>| Ok(Applied { seq: row.get(0)?, sum: row.get(1)? });
    connection.query_row("SELECT seq, sum FROM applied", (), read).trying("to read how far the tables are")
}

impl TableWriter for SqliteWriter {
    fn applied(&mut self) -> Result<Applied, StoreError> {
        applied(&self.connection)
    }

    fn claim(&mut self, epoch: Epoch) -> Result<(), StoreError> {
        epoch::raise(&self.connection, epoch)?;
        self.epoch = epoch;
        Ok(())
    }

    fn apply(
        &mut self,
        changes: &mut [Change<'_>],
        trail: &mut [(u64, u64)],
        applied: Applied,
    ) -> Result<(), StoreError> {
        // What comes is mostly in this order already, which a stable sort finds out in one pass.
        changes.sort_by_key(|change| change.table.number);
        for of_table in changes.chunk_by_mut(|a, b| a.table.number == b.table.number) {
            of_table.sort_by(|a, b| a.key.cmp(&b.key));
        }
        trail.sort_unstable();
        let what = "to bring the tables up to the journal";
        let bulk = self.connection.transaction().trying(what)?;
        // First, so that whoever comes late has written nothing yet, and nobody takes another epoch before the end.
        let upto = "UPDATE applied SET seq = ?1, sum = ?2 WHERE EXISTS (SELECT 1 FROM epoch WHERE epoch = ?3)";
        if bulk.execute(upto, (applied.seq, applied.sum, self.epoch.0)).trying(what)? == 0 {
            return Err(epoch::fenced(&bulk, self.epoch));
        }
        for of_table in changes.chunk_by(|a, b| a.table.number == b.table.number) {
            write_table(&bulk, of_table)?;
        }
        for sweeping in changes.chunk_by(|a, b| a.table.number == b.table.number) {
            sweep(&bulk, sweeping[0].table)?;
        }
        let mut insert =
            bulk.prepare_cached("INSERT OR IGNORE INTO trail (subject, seq) VALUES (?1, ?2)").trying(what)?;
        for (subject, seq) in trail.iter() {
            insert.execute((subject, seq)).trying(what)?;
        }
        drop(insert);
        bulk.commit().trying(what)?;
        self.checkpoint()
    }
}

fn write_table(bulk: &Transaction<'_>, changes: &[Change<'_>]) -> Result<(), StoreError> {
    let Some(table) = changes.first().map(|change| change.table) else { return Ok(()) };
    let what = format!("to write {}", table.name);
    let mut put = bulk.prepare_cached(&replace(table)).trying(&what)?;
    let delete = || {
        let sql = format!("DELETE FROM {} WHERE {} = ?1", table.name, table.columns[0]);
        bulk.prepare_cached(&sql).trying(&what)
    };
    let mut deletes = None;
    for change in changes {
        let Some(row) = change.row else {
            let delete = match &mut deletes {
                Some(delete) => delete,
                none => none.insert(delete()?),
            };
            delete.execute([BoundKey(&change.key)]).trying(&what)?;
            continue;
        };
        let mut written = Ok(0);
        row.hand_on(table, &mut |values: &[Sql<'_>]| {
            written = put.execute(params_from_iter(values.iter().map(Bound)));
        })?;
        written.trying(&what)?;
    }
    Ok(())
}

/// Deletes what `table` says is gone.
fn sweep(bulk: &Transaction<'_>, table: &Table) -> Result<(), StoreError> {
    let Some(swept) = table.sweeps else { return Ok(()) };
    let what = format!("to sweep {}", swept.name);
    let (key, below) = (swept.columns[0], table.columns[1]);
    let sql = format!("DELETE FROM {} WHERE {key} < (SELECT {below} FROM {})", swept.name, table.name);
    bulk.prepare_cached(&sql).trying(&what)?.execute(()).trying(&what)?;
    Ok(())
}

/// `INSERT .. ON CONFLICT DO UPDATE` for all columns of `table`. Not `REPLACE`, which would delete and insert each index entry.
fn replace(table: &Table) -> String {
    let columns = table.columns.join(", ");
    let places: Vec<String> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
    let others: Vec<String> = table.columns[1..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let key = table.columns[0];
    format!(
        "INSERT INTO {} ({columns}) VALUES ({}) ON CONFLICT ({key}) DO UPDATE SET {}",
        table.name,
        places.join(", "),
        others.join(", ")
    )
}
