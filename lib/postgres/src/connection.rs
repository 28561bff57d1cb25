//! A connection to the database, with its prepared statements.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::{StreamExt, pin_mut};
use tokio_postgres::error::Severity;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Error, NoTls, Row, RowStream, Statement};

use super::Address;
use super::waiting::{serving, wait};
use store::StoreError;

/// The values of a statement.
pub(crate) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// So long a server may take to answer a call.
const CONNECT: Duration = Duration::from_secs(5);
/// After so long without a word from the other machine it is asked whether it is still there, or given up.
const SILENT: Duration = Duration::from_secs(10);
/// So many statements are kept prepared, a few kilobytes each at the server; then all are forgotten.
const STATEMENTS: usize = 512;

/// A connection.
pub(crate) struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
}

impl Connection {
    /// Connects to `address`.
    pub fn open(address: &Address) -> Result<Self, Error> {
        let mut config = Config::clone(&address.config);
        config.application_name("maejin");
        config.connect_timeout(CONNECT).keepalives_idle(SILENT).tcp_user_timeout(SILENT);
        let connected = serving().spawn(async move {
            let (client, connection) = config.connect(NoTls).await?;
            // It ends with the client, which is told of its errors.
            tokio::spawn(connection);
            Ok::<_, Error>(client)
        });
        let client = wait(connected).expect("connecting does not panic, and is not cancelled")?;
        Ok(Self { client, statements: HashMap::new() })
    }

    /// Whether nothing can be asked over it any more.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Carries out what `sql` says, which has no values.
    pub fn batch(&mut self, sql: &str) -> Result<(), Error> {
        wait(self.client.batch_execute(sql))
    }

    /// Carries out `sql`; says how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: Params<'_>) -> Result<u64, Error> {
        let statement = self.prepared(sql)?;
        wait(self.client.execute(&statement, params))
    }

    /// The rows that `sql` asks for.
    pub fn query(&mut self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, Error> {
        let statement = self.prepared(sql)?;
        wait(self.client.query(&statement, params))
    }

    /// Hands each row that `sql` asks for to `take`, as it comes.
    pub fn each<E: From<Error>>(
        &mut self,
        sql: &str,
        params: Params<'_>,
        mut take: impl FnMut(&Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let statement = self.prepared(sql)?;
        let rows: RowStream = wait(self.client.query_raw(&statement, params.iter().copied()))?;
        pin_mut!(rows);
        while let Some(row) = wait(rows.next()) {
            take(&row?)?;
        }
        Ok(())
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let statement = wait(self.client.prepare(sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("closed", &self.is_closed()).finish_non_exhaustive()
    }
}

/// Whether the server said that it did not do what it was told. Otherwise nobody knows whether it did.
pub(crate) fn is_refusal(error: &Error) -> bool {
    error.as_db_error().is_some_and(|error| error.parsed_severity() == Some(Severity::Error))
}

/// Names what was tried when the driver or the server refuses.
pub(crate) trait Trying<T> {
    fn trying(self, what: &str) -> Result<T, StoreError>;
}

impl<T> Trying<T> for Result<T, Error> {
    fn trying(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|source| refused(what, source))
    }
}

/// `what` was tried, and `error` came of it.
pub(crate) fn refused(what: &str, error: Error) -> StoreError {
    match error.as_db_error() {
        // The driver's own text is no more than that there was one.
        Some(told) => StoreError::refused(what, format!("{} ({})", told.message(), told.code().code())),
        None => StoreError::refused(what, chain(&error)),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(below) = source {
        let text = below.to_string();
        if !told.contains(&text) {
            told += &format!(": {text}");
        }
        source = below.source();
    }
    told
}
