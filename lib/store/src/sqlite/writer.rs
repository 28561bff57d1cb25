//! Brings the tables up to the journal, in bulk and in the order of their keys.

use rusqlite::{Connection, Transaction, params_from_iter};
use typed::{Sql, Table};

use super::values::{Bound, BoundKey};
use crate::error::Trying;
use crate::{Change, Migration, StoreError, TableWriter};

pub(super) const MIGRATIONS: &[Migration] = &[Migration {
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
}];

/// The tables in an SQLite file.
#[derive(Debug)]
pub struct SqliteWriter {
    connection: Connection,
}

impl SqliteWriter {
    pub(super) fn new(connection: Connection) -> Result<Self, StoreError> {
        connection.pragma_update(None, "synchronous", "NORMAL").trying("tables behind the journal")?;
        Ok(Self { connection })
    }
}

impl TableWriter for SqliteWriter {
    fn applied(&mut self) -> Result<u64, StoreError> {
        let what = "to read how far the tables are";
        self.connection.query_row("SELECT seq FROM applied", (), |row| row.get(0)).trying(what)
    }

    fn apply(&mut self, changes: &mut [Change<'_>], trail: &mut [(u64, u64)], applied: u64) -> Result<(), StoreError> {
        changes.sort_unstable_by(|a, b| (a.table.number, &a.key).cmp(&(b.table.number, &b.key)));
        trail.sort_unstable();
        let what = "to bring the tables up to the journal";
        let bulk = self.connection.transaction().trying(what)?;
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
        bulk.execute("UPDATE applied SET seq = ?1", [applied]).trying(what)?;
        bulk.commit().trying(what)
    }
}

fn write_table(bulk: &Transaction<'_>, changes: &[Change<'_>]) -> Result<(), StoreError> {
    let Some(table) = changes.first().map(|change| change.table) else { return Ok(()) };
    let what = format!("to write {}", table.name);
    let mut put = bulk.prepare_cached(&replace(table)).trying(&what)?;
    let delete = format!("DELETE FROM {} WHERE {} = ?1", table.name, table.columns[0]);
    for change in changes {
        let Some(row) = change.row else {
            bulk.prepare_cached(&delete).trying(&what)?.execute([BoundKey(&change.key)]).trying(&what)?;
            continue;
        };
        let mut written = Ok(0);
        let bound = (table.bind)(row, &mut |values: &[Sql<'_>]| {
            written = put.execute(params_from_iter(values.iter().map(Bound)));
        });
        bound.map_err(|why| StoreError::Row { table: table.name, why })?;
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
