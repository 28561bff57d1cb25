//! Brings a database to the newest version, one numbered step after the other, all in one transaction.

use std::collections::HashSet;

use tokio_postgres::Row;

use super::connection::{Connection, Trying};
use super::translated::{index_of, nones_first, statements};
use super::{Address, schema};
use store::{Migration, StoreError};

const NOTES: &str = "CREATE TABLE IF NOT EXISTS migrations (
    context TEXT NOT NULL, number BIGINT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now(), PRIMARY KEY (context, number))";
/// Two who begin at once would make the same tables. The number is this program's alone: its name in ASCII.
const ALONE: &str = "SELECT pg_advisory_xact_lock(120291003197806)";
/// Of the steps that make what only PostgreSQL has.
const OWN: &str = "postgres";

/// Applies what was not applied before: the own steps, then those of `migrations`.
pub(crate) fn run(address: &Address, connection: &mut Connection, migrations: &[Migration]) -> Result<(), StoreError> {
    let what = "to bring the database to this version";
    connection.batch("BEGIN").trying(what)?;
    connection.query(ALONE, &[]).trying(what)?;
    connection.batch(NOTES).trying(what)?;
    let done = applied(connection)?;
    let own = (1..).zip(schema::steps()).map(|(number, sql)| (OWN, number, vec![sql]));
    let others = migrations.iter().map(|migration| (migration.context, migration.number, statements(migration.sql)));
    let steps: Vec<(&str, u32, Vec<String>)> = own.chain(others).collect();
    for (context, number) in &done {
        if !steps.iter().any(|(known, step, _)| known == context && step == number) {
            let migration = format!("{context} {number}");
            return Err(StoreError::NewerDatabase { database: address.to_string(), migration });
        }
    }
    for (context, number, statements) in steps {
        if done.contains(&(context.to_owned(), number)) {
            continue;
        }
        let what = format!("migration {context} {number}");
        for statement in statements {
            step(connection, &statement).trying(&what)?;
        }
        let note = "INSERT INTO migrations (context, number) VALUES ($1::text, $2::bigint)";
        connection.execute(note, &[&context, &i64::from(number)]).trying(&what)?;
    }
    connection.batch("COMMIT").trying(what)
}

fn step(connection: &mut Connection, statement: &str) -> Result<(), tokio_postgres::Error> {
    let Some((table, _)) = index_of(statement) else { return connection.batch(statement) };
    let select = "SELECT attname::text FROM pg_attribute
        WHERE attrelid = to_regclass($1::text) AND attnum > 0 AND NOT attisdropped AND NOT attnotnull";
    let nullable: Vec<String> = connection.query(select, &[&table])?.iter().map(|row| row.get(0)).collect();
    connection.batch(&nones_first(statement, &nullable))
}

fn applied(connection: &mut Connection) -> Result<HashSet<(String, u32)>, StoreError> {
    let found = connection.query("SELECT context, number FROM migrations", &[]).trying("to read the migrations")?;
    let step = |row: &Row| (row.get(0), u32::try_from(row.get::<_, i64>(1)).unwrap_or(u32::MAX));
    Ok(found.iter().map(step).collect())
}
