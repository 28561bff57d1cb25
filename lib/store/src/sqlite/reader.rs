//! Reads the tables, on a connection of its own.

use std::collections::HashMap;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use typed::{AnyRow, AnyTerm, GROUP_SHIFT, KeyValue, Table, Value, folded};

use super::statement::Statement;
use super::trying::Trying;
use super::values::{BoundKey, BoundValue, Found};
use super::writer;
use crate::{AnyFind, Applied, StoreError, TableReader, Take};

const MOMENT: &str = "to read the tables as of one moment";

/// A reader of the tables in an SQLite file.
#[derive(Debug)]
pub struct SqliteReader {
    pub(super) connection: Connection,
    /// How a row of each table is found by its key, by the number of the table.
    by_key: HashMap<u16, String>,
}

impl SqliteReader {
    pub(super) fn new(connection: Connection) -> Self {
        let how = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        let fold = |call: &Context<'_>| Ok(call.get::<Option<String>>(0)?.map(|text| folded(&text)));
        connection.create_scalar_function("fold", 1, how, fold).expect("a new connection takes a function");
        Self { connection, by_key: HashMap::new() }
    }

    pub(super) fn statement(&self, sql: &str) -> Result<rusqlite::Statement<'_>, StoreError> {
        self.connection.prepare(sql).trying(sql)
    }

    fn highest_below(&self, table: &'static Table, bound: i64) -> Result<Option<u64>, StoreError> {
        let what = format!("to read {}", table.name);
        let key = table.columns[0];
        let sql = format!("SELECT {key} FROM {} WHERE {key} < ?1 ORDER BY {key} DESC LIMIT 1", table.name);
        let mut statement = self.connection.prepare_cached(&sql).trying(&what)?;
        let found = statement.query_row([bound], |row| Ok(row.get_ref(0)?.as_i64().ok())).optional().trying(&what)?;
        Ok(found.flatten().and_then(|key| u64::try_from(key).ok()))
    }
}

impl TableReader for SqliteReader {
    fn hold_still(&mut self) -> Result<(), StoreError> {
        self.connection.prepare_cached("BEGIN").trying(MOMENT)?.execute(()).trying(MOMENT).map(drop)
    }

    fn let_go(&mut self) -> Result<(), StoreError> {
        self.connection.prepare_cached("COMMIT").trying(MOMENT)?.execute(()).trying(MOMENT).map(drop)
    }

    fn load(&mut self, table: &'static Table, keys: &[KeyValue]) -> Result<Vec<AnyRow>, StoreError> {
        let sql = self.by_key.entry(table.number).or_insert_with(|| {
            format!("SELECT {} FROM {} WHERE {} = ?1", table.columns.join(", "), table.name, table.columns[0])
        });
        let mut statement = self.connection.prepare_cached(sql).trying(sql)?;
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            let mut found = statement.query([BoundKey(key)]).trying(sql)?;
            if let Some(row) = found.next().trying(sql)? {
                rows.push(typed(table, row)?);
            }
        }
        Ok(rows)
    }

    fn highest(&mut self, table: &'static Table) -> Result<Vec<u64>, StoreError> {
        let mut bound = i64::MAX;
        let mut highest = Vec::new();
        while let Some(key) = self.highest_below(table, bound)? {
            highest.push(key);
            let group_start = (key >> GROUP_SHIFT) << GROUP_SHIFT;
            bound = i64::try_from(group_start).unwrap_or(i64::MAX);
        }
        Ok(highest)
    }

    fn find(&mut self, find: &AnyFind) -> Result<Vec<AnyRow>, StoreError> {
        let what = reading(find);
        let Statement { sql, params } = Statement::rows(find);
        let mut statement = self.connection.prepare_cached(&sql).trying(&what)?;
        let mut found = statement.query(bound(&params)).trying(&what)?;
        let mut rows = Vec::new();
        while let Some(row) = found.next().trying(&what)? {
            rows.push(typed(find.table, row)?);
        }
        Ok(rows)
    }

    fn count(&mut self, find: &AnyFind) -> Result<u64, StoreError> {
        let what = reading(find);
        let Statement { sql, params } = Statement::count(find);
        let mut statement = self.connection.prepare_cached(&sql).trying(&what)?;
        statement.query_row(bound(&params), |row| row.get(0)).trying(&what)
    }

    fn each_of(&mut self, find: &AnyFind, terms: &[AnyTerm], take: Take<'_>) -> Result<(), StoreError> {
        let what = reading(find);
        let Statement { sql, params } = Statement::terms(find, terms);
        let mut statement = self.connection.prepare_cached(&sql).trying(&what)?;
        let mut found = statement.query(bound(&params)).trying(&what)?;
        while let Some(row) = found.next().trying(&what)? {
            take(&Found(row))
                .map_err(|mismatch| StoreError::Row { table: find.table.name, why: mismatch.to_string() })?;
        }
        Ok(())
    }

    fn applied(&mut self) -> Result<Applied, StoreError> {
        writer::applied(&self.connection)
    }

    fn trail(&mut self, subject: u64, last: u64) -> Result<Vec<u64>, StoreError> {
        let what = "to read the trail";
        let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let sql = "SELECT seq FROM trail WHERE subject = ?1 AND seq <= ?2 ORDER BY seq";
        let mut statement = self.connection.prepare_cached(sql).trying(what)?;
        let found = statement.query_map((bound(subject), bound(last)), |row| row.get(0)).trying(what)?;
        found.collect::<Result<_, _>>().trying(what)
    }
}

/// What is tried when `find` is carried out.
fn reading(find: &AnyFind) -> String {
    format!("to read {}", find.table.name)
}

pub(super) fn bound(params: &[Value]) -> impl rusqlite::Params + '_ {
    params_from_iter(params.iter().map(BoundValue))
}

fn typed(table: &'static Table, row: &rusqlite::Row<'_>) -> Result<AnyRow, StoreError> {
    (table.load)(&Found(row)).map_err(|mismatch| StoreError::Row { table: table.name, why: mismatch.to_string() })
}
