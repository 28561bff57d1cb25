//! What only SQLite can say of its tables: for whoever checks a store that nobody sells from, and for tests. This is the one door through
//! which SQL text comes in from outside.

use rusqlite::types::ValueRef;

use crate::sqlite::SqliteReader;
use crate::sqlite::reader::bound;
use crate::sqlite::statement::Statement;
use crate::sqlite::trying::Trying;
use crate::{AnyFind, StoreError};

impl SqliteReader {
    /// What `sql` picks, each row as text. Rules that join the tables of many services are written so.
    ///
    /// # Errors
    /// If the statement is refused.
    pub fn report_in_sql(&mut self, sql: &str) -> Result<Vec<Vec<String>>, StoreError> {
        let mut statement = self.connection.prepare(sql).trying(sql)?;
        let columns = statement.column_count();
        let found = statement
            .query_map((), |row| {
                (0..columns).map(|column| row.get_ref(column).map(to_text)).collect::<Result<Vec<_>, _>>()
            })
            .trying(sql)?;
        found.collect::<Result<_, _>>().trying(sql)
    }

    /// The columns of `table` as its file has them, without those that are computed, and whether each is of the key.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn columns(&mut self, table: &str) -> Result<Vec<(String, bool)>, StoreError> {
        let what = "to read the columns of a table";
        let mut statement = self.connection.prepare("SELECT name, pk FROM pragma_table_info(?1)").trying(what)?;
        let columns = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?))).trying(what)?;
        columns.collect::<Result<_, _>>().trying(what)
    }

    /// What is wrong with the file itself, indexes that lack a row among it; `limit` faults at the most.
    ///
    /// # Errors
    /// If it cannot be read at all.
    pub fn faults(&mut self, limit: u32) -> Result<Vec<String>, StoreError> {
        let found = self.report_in_sql(&format!("PRAGMA integrity_check({limit})"))?;
        Ok(found.into_iter().flatten().filter(|fault| fault != "ok").collect())
    }

    /// How SQLite carries out `find`, a step in each line: for tests of what is read often.
    ///
    /// # Errors
    /// If it refuses the statement.
    pub fn plan(&mut self, find: &AnyFind) -> Result<Vec<String>, StoreError> {
        let Statement { mut sql, params } = Statement::rows(find);
        sql.insert_str(0, "EXPLAIN QUERY PLAN ");
        let mut statement = self.connection.prepare(&sql).trying(&sql)?;
        let steps = statement.query_map(bound(&params), |row| row.get(3)).trying(&sql)?;
        steps.collect::<Result<_, _>>().trying(&sql)
    }
}

fn to_text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => value.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
