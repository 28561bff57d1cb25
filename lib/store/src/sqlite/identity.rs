//! Where a store's identity is kept: beside the journal, since the tables may be deleted at any time.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension};

use super::trying::Trying;
use crate::{Identity, Migration, StoreError};

pub(super) const MIGRATION: Migration = Migration {
    context: "journal",
    number: 2,
    sql: "CREATE TABLE identity (
        one         INTEGER PRIMARY KEY CHECK (one = 1),
        store       TEXT NOT NULL, -- made with the store
        incarnation TEXT NOT NULL  -- another one after each restore
    )",
};

const READ: &str = "to read the store's identity";

/// The identity in a journal's file; `None` in one from before there were any.
pub(super) fn read(journal: &Connection) -> Result<Option<Identity>, StoreError> {
    if !journal.table_exists(None, "identity").trying(READ)? {
        return Ok(None);
    }
    let read = |row: &rusqlite::Row<'_>| {
        let incarnation = row.get::<_, String>(1)?.parse();
        let incarnation = incarnation.map_err(|why| Error::FromSqlConversionFailure(1, Type::Text, Box::new(why)))?;
        Ok(Identity { store: row.get(0)?, incarnation })
    };
    journal.query_row("SELECT store, incarnation FROM identity", (), read).optional().trying(READ)
}

/// Writes it into a journal's file, in the place of another one.
pub(super) fn write(journal: &Connection, identity: &Identity) -> Result<(), StoreError> {
    let put = "INSERT OR REPLACE INTO identity (one, store, incarnation) VALUES (1, ?1, ?2)";
    journal
        .execute(put, (&identity.store, identity.incarnation.to_string()))
        .trying("to write the store's identity")?;
    Ok(())
}

/// The identity in a journal's file, made now if there is none.
pub(super) fn ensure(journal: &Connection) -> Result<Identity, StoreError> {
    if let Some(identity) = read(journal)? {
        return Ok(identity);
    }
    let identity = Identity::new_store();
    write(journal, &identity)?;
    Ok(identity)
}
