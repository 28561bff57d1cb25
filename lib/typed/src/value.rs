//! A value of a column that belongs to whoever has it.

use std::borrow::Cow;

use crate::{Cell, KeyValue, Sql, Text};

/// A value. Values are in the order in which every engine sorts them: none first, then integers, then text by its bytes, then bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// No value.
    Null,
    /// A 64-bit integer; truth as 0 or 1.
    Int(i64),
    /// Text.
    Text(Text),
    /// Bytes.
    Blob(Box<[u8]>),
}

impl Value {
    /// The same, as a cell of a table.
    pub fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Int(value) => Cell::Int(*value),
            Self::Text(text) => Cell::Text(text),
            Self::Blob(bytes) => Cell::Blob(bytes),
        }
    }

    /// The same, on its way into a statement.
    pub fn sql(&self) -> Sql<'_> {
        match self {
            Self::Null => Sql::Null,
            Self::Int(value) => Sql::Int(*value),
            Self::Text(text) => Sql::Text(Cow::Borrowed(text)),
            Self::Blob(bytes) => Sql::Blob(bytes),
        }
    }
}

impl From<Sql<'_>> for Value {
    fn from(value: Sql<'_>) -> Self {
        match value {
            Sql::Null => Self::Null,
            Sql::Int(value) => Self::Int(value),
            Sql::Text(text) => Self::Text(text.as_ref().into()),
            Sql::Blob(bytes) => Self::Blob(bytes.into()),
        }
    }
}

impl From<&KeyValue> for Value {
    fn from(key: &KeyValue) -> Self {
        match key {
            KeyValue::Int(key) => Self::Int(i64::try_from(*key).unwrap_or(i64::MAX)),
            KeyValue::Text(text) => Self::Text(text.clone()),
        }
    }
}
