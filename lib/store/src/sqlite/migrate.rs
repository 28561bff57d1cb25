//! Brings the files of a store to the newest version, one numbered step after the other.

use std::path::Path;

use rusqlite::Connection;

use super::trying::Trying;
use crate::{Migration, StoreError};

const NOTES: &str = "CREATE TABLE IF NOT EXISTS migrations (
    context TEXT NOT NULL, number INTEGER NOT NULL, applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')),
    PRIMARY KEY (context, number)) WITHOUT ROWID";

/// Refuses tables that have a migration which is not among `known`.
pub(super) fn refuse_newer(dir: &Path, tables: &Connection, known: &[Migration]) -> Result<(), StoreError> {
    for (context, number) in applied(tables)? {
        let ours = super::writer::MIGRATIONS.iter().chain(known);
        if !ours.into_iter().any(|m| m.context == context && m.number == number) {
            return Err(StoreError::Newer { dir: dir.to_owned(), migration: format!("{context} {number}") });
        }
    }
    Ok(())
}

/// Whether all of `migrations` were applied.
pub(super) fn are_applied(connection: &Connection, migrations: &[Migration]) -> Result<bool, StoreError> {
    let done = applied(connection)?;
    Ok(migrations.iter().all(|m| done.iter().any(|(context, number)| context == m.context && *number == m.number)))
}

/// Applies those of `migrations` that were not applied before, each in a transaction of its own.
pub(super) fn run(connection: &mut Connection, migrations: &[Migration]) -> Result<(), StoreError> {
    connection.execute_batch(NOTES).trying("to note migrations")?;
    let done = applied(connection)?;
    for migration in migrations {
        if done.iter().any(|(context, number)| context == migration.context && *number == migration.number) {
            continue;
        }
        let what = format!("migration {} {}", migration.context, migration.number);
        let step = connection.transaction().trying(&what)?;
        step.execute_batch(migration.sql).trying(&what)?;
        let note = "INSERT INTO migrations (context, number) VALUES (?1, ?2)";
        step.execute(note, (migration.context, migration.number)).trying(&what)?;
        step.commit().trying(&what)?;
    }
    Ok(())
}

fn applied(connection: &Connection) -> Result<Vec<(String, u32)>, StoreError> {
    if !connection.table_exists(None, "migrations").trying("to look for migrations")? {
        return Ok(Vec::new());
    }
    let what = "to read the migrations";
    let mut statement = connection.prepare("SELECT context, number FROM migrations").trying(what)?;
    let found = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).trying(what)?;
    found.collect::<Result<_, _>>().trying(what)
}
