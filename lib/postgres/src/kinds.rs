//! What the columns of a table hold. PostgreSQL wants to know of each value what it is; a table says no more than how its columns are named.

use std::collections::HashMap;
use std::sync::Arc;

use typed::{AnyTerm, Table};

use super::connection::{Connection, Trying};
use store::StoreError;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An integer of 64 bits.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// A number or text, in bytes that are sorted as such values are.
    Mixed,
}

impl Kind {
    /// Its type in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Int => "bigint",
            Self::Text => "text",
            Self::Bytes | Self::Mixed => "bytea",
        }
    }

    /// That of `term`, where the columns are of `kinds`.
    pub fn of(term: &AnyTerm, kinds: &[Self]) -> Self {
        match term {
            AnyTerm::Column(column) => kinds.get(column.place).copied().unwrap_or(Self::Bytes),
            AnyTerm::Without(of, _) => Self::of(of, kinds),
            AnyTerm::Member(..) => Self::Mixed,
            AnyTerm::Start(..) | AnyTerm::AsText(_) => Self::Text,
            AnyTerm::Block(..) | AnyTerm::Low(..) | AnyTerm::Less(..) | AnyTerm::Whether(_) | AnyTerm::AsInteger(_) => {
                Self::Int
            }
        }
    }
}

/// The kinds of tables' columns, as far as they were asked for.
#[derive(Debug, Default)]
pub(crate) struct Kinds(HashMap<u16, Arc<[Kind]>>);

impl Kinds {
    /// Those of `table`.
    pub fn get(&mut self, connection: &mut Connection, table: &Table) -> Result<Arc<[Kind]>, StoreError> {
        if let Some(known) = self.0.get(&table.number) {
            return Ok(known.clone());
        }
        let kinds = ask(connection, table)?;
        self.0.insert(table.number, kinds.clone());
        Ok(kinds)
    }
}

fn ask(connection: &mut Connection, table: &Table) -> Result<Arc<[Kind]>, StoreError> {
    let what = format!("to look at the columns of {}", table.name);
    let select = "SELECT a.attname::text, t.typname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = to_regclass($1::text) AND a.attnum > 0 AND NOT a.attisdropped";
    let mut found = HashMap::new();
    for row in connection.query(select, &[&table.name]).trying(&what)? {
        found.insert(row.get::<_, String>(0), row.get::<_, String>(1));
    }
    let kind = |column: &&str| match found.get(*column).map(String::as_str) {
        Some("int8") => Ok(Kind::Int),
        Some("text") => Ok(Kind::Text),
        Some("bytea") => Ok(Kind::Bytes),
        other => Err(StoreError::refused(&what, format!("{column} is {}", other.unwrap_or("not there")))),
    };
    table.columns.iter().map(kind).collect()
}
