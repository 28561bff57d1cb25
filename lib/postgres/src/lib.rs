//! The store's engine on PostgreSQL, behind the port of `store`. A store in a database: the journal, synced at each append, and the tables behind it, which are not waited for.

mod address;
mod connection;
mod journal;
mod kinds;
mod migrate;
mod reader;
mod schema;
mod statement;
mod translated;
mod values;
mod waiting;
mod writer;

use std::time::Duration;

pub use address::{Address, NoAddress};
pub use journal::PostgresJournal;
pub use reader::PostgresReader;
pub use writer::PostgresWriter;

use connection::{Connection, Trying};

use store::{Identity, Migration, Pool, StoreError};

/// How long to wait before a connection is tried once more.
const AGAIN: Duration = Duration::from_millis(50);

/// A store in a database.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    address: Address,
    identity: Identity,
}

impl PostgresStore {
    /// Opens the store at `address`, makes it in a database that has none, and brings its tables to the newest of `migrations`. Whoever has
    /// it open already goes on, until somebody takes the next epoch.
    ///
    /// # Errors
    /// If the database cannot be reached, does not fit, or is of a newer version. Nothing is changed then.
    pub fn open(address: &Address, migrations: &[Migration]) -> Result<Self, StoreError> {
        let mut connection = Connection::open(address).trying(&format!("to connect to {address}"))?;
        fits(&mut connection)?;
        migrate::run(address, &mut connection, migrations)?;
        Ok(Self { address: address.clone(), identity: identity(&mut connection)? })
    }

    /// Where it is.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Who it is to others.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The journal, to append to and to be read.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn journal(&self) -> Result<PostgresJournal, StoreError> {
        PostgresJournal::open(&self.address)
    }

    /// The tables, to be brought up to the journal.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn writer(&self) -> Result<PostgresWriter, StoreError> {
        PostgresWriter::open(&self.address)
    }

    /// The tables, to be read.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn reader(&self) -> Result<PostgresReader, StoreError> {
        PostgresReader::open(&self.address)
    }

    /// Readers for everyone else.
    pub fn pool(&self) -> Pool {
        let address = self.address.clone();
        Pool::new(Box::new(move || Ok(Box::new(PostgresReader::open(&address)?))))
    }
}

/// Connects to the database at `address`, which has a store.
fn connect(address: &Address) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(address).trying(&format!("to connect to {address}"))?;
    let found = connection.query("SELECT to_regclass('identity') IS NULL", &[]).trying("to look for a store")?;
    match found.first().map(|row| row.get(0)) {
        Some(true) => Err(StoreError::NoStore(address.to_string())),
        _ => Ok(connection),
    }
}

/// The journal at `address`, to be read, also while the shop runs.
///
/// # Errors
/// If there is none.
pub fn read_journal(address: &Address) -> Result<PostgresJournal, StoreError> {
    connect(address)?;
    PostgresJournal::open(address)
}

/// The tables at `address`, to be read, also while the shop runs.
///
/// # Errors
/// If there are none.
pub fn reader(address: &Address) -> Result<PostgresReader, StoreError> {
    connect(address)?;
    PostgresReader::open(address)
}

/// Who the store at `address` is to others.
///
/// # Errors
/// If there is none.
pub fn read_identity(address: &Address) -> Result<Identity, StoreError> {
    identity_in(&mut connect(address)?)
}

/// Refuses a database that would keep other text than it is given.
fn fits(connection: &mut Connection) -> Result<(), StoreError> {
    let what = "the database";
    let found = connection
        .query("SELECT current_setting('server_encoding'), current_setting('server_version_num')::bigint", &[]);
    let found = found.trying(what)?;
    let Some(row) = found.first() else { return Ok(()) };
    let (encoding, version): (String, i64) = (row.get(0), row.get(1));
    if encoding != "UTF8" {
        return Err(StoreError::refused(what, format!("its encoding is {encoding}; make one with ENCODING 'UTF8'")));
    }
    if version < OLDEST {
        return Err(StoreError::refused(
            what,
            format!("PostgreSQL {} is too old; it has to be 15 or newer", version / 10_000),
        ));
    }
    Ok(())
}

/// The first version of PostgreSQL that the suite was run on.
const OLDEST: i64 = 150_000;

/// The identity in a database, made now if there is none.
fn identity(connection: &mut Connection) -> Result<Identity, StoreError> {
    let what = "the store's identity";
    let new = Identity::new_store();
    let put = "INSERT INTO identity (one, store, incarnation) VALUES (1, $1::text, $2::text) ON CONFLICT DO NOTHING";
    connection.execute(put, &[&new.store, &new.incarnation.to_string()]).trying(what)?;
    identity_in(connection)
}

fn identity_in(connection: &mut Connection) -> Result<Identity, StoreError> {
    let what = "the store's identity";
    let found = connection.query("SELECT store, incarnation FROM identity", &[]).trying(what)?;
    let row = found.first().ok_or_else(|| StoreError::refused(what, "it is missing"))?;
    let incarnation = row.get::<_, String>(1).parse().map_err(|why| StoreError::refused(what, format!("{why}")))?;
    Ok(Identity { store: row.get(0), incarnation })
}
