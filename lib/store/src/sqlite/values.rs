//! Values between rows and the driver.

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use typed::{Cell, Cells, KeyValue, Sql, Value as Owned};

/// A value of a statement.
pub(super) struct Bound<'a>(pub &'a Sql<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Sql::Null => ValueRef::Null,
            Sql::Int(value) => ValueRef::Integer(*value),
            Sql::Text(text) => ValueRef::Text(text.as_bytes()),
            Sql::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A value of a find.
pub(super) struct BoundValue<'a>(pub &'a Owned);

impl ToSql for BoundValue<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Owned::Null => ValueRef::Null,
            Owned::Int(value) => ValueRef::Integer(*value),
            Owned::Text(text) => ValueRef::Text(text.as_bytes()),
            Owned::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A key of a statement.
pub(super) struct BoundKey<'a>(pub &'a KeyValue);

impl ToSql for BoundKey<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            KeyValue::Int(key) => ToSqlOutput::Owned(Value::Integer(i64::try_from(*key).unwrap_or(i64::MAX))),
            KeyValue::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

/// The cells of a row that the driver gave.
pub(super) struct Found<'a>(pub &'a rusqlite::Row<'a>);

impl Cells for Found<'_> {
    fn cell(&self, position: usize) -> Cell<'_> {
        match self.0.get_ref(position) {
            Ok(ValueRef::Integer(value)) => Cell::Int(value),
            Ok(ValueRef::Text(bytes)) => std::str::from_utf8(bytes).map_or(Cell::Blob(bytes), Cell::Text),
            Ok(ValueRef::Blob(bytes)) => Cell::Blob(bytes),
            Ok(ValueRef::Null | ValueRef::Real(_)) | Err(_) => Cell::Null,
        }
    }
}
