//! The epoch in a file of a store: one row, in the journal's and in the tables' file, so that each refuses by itself whoever comes late.

use rusqlite::{Connection, OptionalExtension};

use super::trying::Trying;
use crate::{Epoch, StoreError};

/// Makes the row. What was stored before there were epochs is of epoch 0.
pub(super) const TABLE: &str = "CREATE TABLE epoch (
        one   INTEGER PRIMARY KEY CHECK (one = 1),
        epoch INTEGER NOT NULL -- of the owner who may write; each who opens the store to sell takes the next one
    );
    INSERT INTO epoch (one, epoch) VALUES (1, 0)";

/// The epoch in `file`; 0 in one from before there were any.
pub(super) fn read(file: &Connection) -> Result<Epoch, StoreError> {
    let what = "to read the epoch";
    if !file.table_exists(None, "epoch").trying(what)? {
        return Ok(Epoch::default());
    }
    let found = file.query_row("SELECT epoch FROM epoch", (), |row| row.get(0)).optional().trying(what)?;
    Ok(Epoch(found.unwrap_or_default()))
}

/// Takes the next one.
pub(super) fn next(file: &Connection) -> Result<Epoch, StoreError> {
    let next = "UPDATE epoch SET epoch = epoch + 1 RETURNING epoch";
    file.query_row(next, (), |row| row.get(0)).map(Epoch).trying("to take the next epoch")
}

/// Puts `epoch` into `file`, unless there is a later one: then it says so.
pub(super) fn raise(file: &Connection, epoch: Epoch) -> Result<(), StoreError> {
    let raise = "UPDATE epoch SET epoch = ?1 WHERE epoch <= ?1";
    let raised = file.execute(raise, [epoch.0]).trying("to take an epoch")?;
    if raised == 0 { Err(fenced(file, epoch)) } else { Ok(()) }
}

/// Why nothing was written to `file` with the epoch `held`.
pub(super) fn fenced(file: &Connection, held: Epoch) -> StoreError {
    match read(file) {
        Ok(found) => StoreError::Fenced { held, found },
        Err(error) => error,
    }
}
