//! Reads the tables, on a connection of its own.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};
use typed::{AnyRow, AnyTerm, GROUP_SHIFT, KeyValue, Mismatch, Table};

use super::connection::{Connection, Params, Trying, is_refusal, refused};
use super::kinds::{Kind, Kinds};
use super::statement::Statement;
use super::values::{Found, Keys, Param, signed, unsigned};
use super::writer;
use super::{AGAIN, Address};
use store::{AnyFind, Applied, StoreError, TableReader, Take};

/// So long it is asked again after a connection broke: who handles messages must read on, and a server that is started again is back soon.
const AGAIN_FOR: Duration = Duration::from_secs(20);

const MOMENT: &str = "to read the tables as of one moment";

/// A reader of the tables in a database.
#[derive(Debug)]
pub struct PostgresReader {
    address: Address,
    connection: Connection,
    kinds: Kinds,
    /// Whether it reads as of one moment, which a new connection would not know.
    still: bool,
}

impl PostgresReader {
    pub(crate) fn open(address: &Address) -> Result<Self, StoreError> {
        let connection = Connection::open(address).trying("to open the tables")?;
        Ok(Self { address: address.clone(), connection, kinds: Kinds::default(), still: false })
    }

    /// Opens another connection if that broke and nothing hangs on it.
    fn mend(&mut self) -> Result<(), StoreError> {
        let began = Instant::now();
        while self.connection.is_closed() && !self.still {
            match Connection::open(&self.address) {
                Ok(connection) => self.connection = connection,
                Err(error) if began.elapsed() > AGAIN_FOR => return Err(refused("to open the tables", error)),
                Err(_) => std::thread::park_timeout(AGAIN),
            }
        }
        Ok(())
    }

    fn kinds(&mut self, table: &Table) -> Result<Arc<[Kind]>, StoreError> {
        self.mend()?;
        match self.kinds.get(&mut self.connection, table) {
            Err(_) if !self.still => {
                self.connection = Connection::open(&self.address).trying(&reading(table))?;
                self.kinds.get(&mut self.connection, table)
            }
            known => known,
        }
    }

    fn query(&mut self, what: &str, sql: &str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
        self.mend()?;
        let began = Instant::now();
        loop {
            match self.connection.query(sql, params) {
                Err(error) if !is_refusal(&error) && !self.still && began.elapsed() < AGAIN_FOR => {
                    std::thread::park_timeout(AGAIN);
                    if let Ok(connection) = Connection::open(&self.address) {
                        self.connection = connection;
                    }
                }
                found => return found.trying(what),
            }
        }
    }
}

impl PostgresReader {
    /// Hands each entry of the trail to `take`: a subject, and a record in which it is spoken of.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn each_of_trail(&mut self, take: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        let each = |row: &Row| -> Result<(), Error> {
            take(unsigned(row, 0)?, unsigned(row, 1)?);
            Ok(())
        };
        self.connection
            .each("SELECT subject, seq FROM trail ORDER BY subject, seq", &[], each)
            .trying("to read the trail")
    }
}

impl TableReader for PostgresReader {
    fn hold_still(&mut self) -> Result<(), StoreError> {
        self.mend()?;
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        if let Err(error) = self.connection.batch(begin) {
            if is_refusal(&error) {
                return Err(refused(MOMENT, error));
            }
            self.connection = Connection::open(&self.address).trying(MOMENT)?;
            self.connection.batch(begin).trying(MOMENT)?;
        }
        self.still = true;
        Ok(())
    }

    fn let_go(&mut self) -> Result<(), StoreError> {
        self.still = false;
        self.connection.batch("COMMIT").trying(MOMENT)
    }

    fn load(&mut self, table: &'static Table, keys: &[KeyValue]) -> Result<Vec<AnyRow>, StoreError> {
        let kinds = self.kinds(table)?;
        let Some(keys) = Keys::of(keys.iter()) else { return Ok(Vec::new()) };
        let (columns, key, of) = (table.columns.join(", "), table.columns[0], keys.sql());
        let sql = format!("SELECT {columns} FROM {} WHERE {key} = ANY($1::{of})", table.name);
        let found = self.query(&reading(table), &sql, &[keys.value()])?;
        found.iter().map(|row| typed(table, row, &kinds)).collect()
    }

    fn highest(&mut self, table: &'static Table) -> Result<Vec<u64>, StoreError> {
        if self.kinds(table)?.first() != Some(&Kind::Int) {
            return Ok(Vec::new());
        }
        let (key, name) = (table.columns[0], table.name);
        let below =
            |bound: &str| format!("(SELECT {key} FROM {name} WHERE {key} < {bound} ORDER BY {key} DESC LIMIT 1)");
        let sql = format!(
            "WITH RECURSIVE highest (key) AS ({} UNION ALL SELECT {} FROM highest WHERE key IS NOT NULL)
            SELECT key FROM highest WHERE key >= 0",
            below("$1::bigint"),
            below(&format!("(highest.key >> {GROUP_SHIFT} << {GROUP_SHIFT})")),
        );
        let what = reading(table);
        self.query(&what, &sql, &[&i64::MAX])?.iter().map(|row| unsigned(row, 0).trying(&what)).collect()
    }

    fn find(&mut self, find: &AnyFind) -> Result<Vec<AnyRow>, StoreError> {
        let kinds = self.kinds(find.table)?;
        let Statement { sql, params, .. } = Statement::rows(find, &kinds);
        let found = self.query(&reading(find.table), &sql, &bound(&params))?;
        found.iter().map(|row| typed(find.table, row, &kinds)).collect()
    }

    fn count(&mut self, find: &AnyFind) -> Result<u64, StoreError> {
        let kinds = self.kinds(find.table)?;
        let Statement { sql, params, .. } = Statement::count(find, &kinds);
        let what = reading(find.table);
        let found = self.query(&what, &sql, &bound(&params))?;
        found.first().map_or(Ok(0), |row| unsigned(row, 0).trying(&what))
    }

    fn each_of(&mut self, find: &AnyFind, terms: &[AnyTerm], take: Take<'_>) -> Result<(), StoreError> {
        let kinds = self.kinds(find.table)?;
        let Statement { sql, params, .. } = Statement::terms(find, terms, &kinds);
        let given: Vec<Kind> = terms.iter().map(|term| Kind::of(term, &kinds)).collect();
        let (params, is_begun) = (bound(&params), Cell::new(false));
        let mut each = |row: &Row| {
            is_begun.set(true);
            let mismatch =
                |why: Mismatch| Ended::Told(StoreError::Row { table: find.table.name, why: why.to_string() });
            take(&Found::of(row, &given)).map_err(mismatch)
        };
        let mut ended = self.connection.each(&sql, &params, &mut each);
        if matches!(&ended, Err(Ended::Broken(error)) if !is_refusal(error)) && !is_begun.get() && !self.still {
            self.connection = Connection::open(&self.address).trying(&reading(find.table))?;
            ended = self.connection.each(&sql, &params, &mut each);
        }
        ended.map_err(|ended| match ended {
            Ended::Told(error) => error,
            Ended::Broken(error) => refused(&reading(find.table), error),
        })
    }

    fn applied(&mut self) -> Result<Applied, StoreError> {
        let what = "to read how far the tables are";
        let found = self.query(what, writer::APPLIED, &[])?;
        writer::applied(&found).trying(what)
    }

    fn trail(&mut self, subject: u64, last: u64) -> Result<Vec<u64>, StoreError> {
        let what = "to read the trail";
        let sql = "SELECT seq FROM trail WHERE subject = $1::bigint AND seq <= $2::bigint ORDER BY seq";
        let found = self.query(what, sql, &[&signed(subject), &signed(last)])?;
        found.iter().map(|row| unsigned(row, 0).trying(what)).collect()
    }
}

/// Why rows come no more.
enum Ended {
    Told(StoreError),
    Broken(Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

fn reading(table: &Table) -> String {
    format!("to read {}", table.name)
}

fn bound(params: &[Param]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|param| param as _).collect()
}

fn typed(table: &'static Table, row: &Row, kinds: &[Kind]) -> Result<AnyRow, StoreError> {
    let mismatch = |why: Mismatch| StoreError::Row { table: table.name, why: why.to_string() };
    (table.load)(&Found::of(row, kinds)).map_err(mismatch)
}
