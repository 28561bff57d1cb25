//! Values between rows and the driver.
//!
//! PostgreSQL's text has no character 0. So 0 stands as 1 1 and 1 as 1 2 there, which keeps texts apart and in their order.

use std::borrow::Cow;
use std::error::Error;

use bytes::{BufMut, BytesMut};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use typed::{Cell, Cells, KeyValue, Value};

use super::kinds::Kind;

/// `text` as the database has it.
pub(crate) fn kept(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', '\u{1}']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('\u{1}', "\u{1}\u{2}").replace('\0', "\u{1}\u{1}"))
}

/// What `kept` stands for.
pub(crate) fn text(kept: &str) -> Cow<'_, str> {
    if !kept.contains('\u{1}') {
        return Cow::Borrowed(kept);
    }
    let (mut text, mut characters) = (String::with_capacity(kept.len()), kept.chars());
    while let Some(character) = characters.next() {
        text.push(match character {
            '\u{1}' if characters.next() == Some('\u{1}') => '\0',
            other => other,
        });
    }
    Cow::Owned(text)
}

/// A value of a statement, with its kind.
#[derive(Debug, Clone)]
pub(crate) struct Param {
    pub value: Value,
    pub kind: Kind,
}

impl ToSql for Param {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        if self.kind == Kind::Mixed {
            mixed(&self.value, out);
            return Ok(IsNull::No);
        }
        match &self.value {
            Value::Null => return Ok(IsNull::Yes),
            Value::Int(number) => out.put_i64(*number),
            Value::Text(text) => out.put_slice(kept(text).as_bytes()),
            Value::Blob(bytes) => out.put_slice(bytes),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

const INTEGER: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;
/// The length of an integer in the form of [`mixed`].
const INTEGER_BYTES: usize = 8;

/// Puts a value that may be a number or text into bytes that are sorted as such values are: numbers before text.
fn mixed(value: &Value, out: &mut BytesMut) {
    match value {
        Value::Null => {}
        Value::Int(number) => {
            out.put_u8(INTEGER);
            out.put_u64(number.cast_unsigned() ^ (1 << 63));
        }
        Value::Text(text) => {
            out.put_u8(TEXT);
            out.put_slice(kept(text).as_bytes());
        }
        Value::Blob(bytes) => {
            out.put_u8(BYTES);
            out.put_slice(bytes);
        }
    }
}

/// A cell that the server gave.
enum Given<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
    Blob(&'a [u8]),
}

impl<'a> Given<'a> {
    fn of(kind: Kind, bytes: Option<&'a [u8]>) -> Self {
        let Some(bytes) = bytes else { return Self::Null };
        match (kind, bytes.split_first()) {
            (Kind::Int, _) => bytes.try_into().map_or(Self::Null, |bytes| Self::Int(i64::from_be_bytes(bytes))),
            (Kind::Text, _) => Self::text(bytes),
            (Kind::Bytes, _) => Self::Blob(bytes),
            (Kind::Mixed, Some((&TEXT, rest))) => Self::text(rest),
            // A number with a fraction is longer; such a one is no cell, as in SQLite.
            (Kind::Mixed, Some((&INTEGER, rest))) if rest.len() == INTEGER_BYTES => {
                let bits = u64::from_be_bytes(rest.try_into().expect("it has that length"));
                Self::Int((bits ^ (1 << 63)).cast_signed())
            }
            (Kind::Mixed, Some((&BYTES, rest))) => Self::Blob(rest),
            (Kind::Mixed, _) => Self::Null,
        }
    }

    fn text(bytes: &'a [u8]) -> Self {
        std::str::from_utf8(bytes).map_or(Self::Blob(bytes), |kept| Self::Text(text(kept)))
    }
}

/// The bytes of a cell, whatever its type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The cells of a row.
pub(crate) struct Found<'a>(Vec<Given<'a>>);

impl<'a> Found<'a> {
    /// Those of `row`, which are of these kinds.
    pub fn of(row: &'a Row, kinds: &[Kind]) -> Self {
        let bytes = |place| row.try_get::<_, Option<Raw<'a>>>(place).ok().flatten().map(|raw| raw.0);
        Self(kinds.iter().enumerate().map(|(place, kind)| Given::of(*kind, bytes(place))).collect())
    }
}

impl Cells for Found<'_> {
    fn cell(&self, position: usize) -> Cell<'_> {
        match self.0.get(position) {
            None | Some(Given::Null) => Cell::Null,
            Some(Given::Int(value)) => Cell::Int(*value),
            Some(Given::Text(text)) => Cell::Text(text),
            Some(Given::Blob(bytes)) => Cell::Blob(bytes),
        }
    }
}

/// A number as a column has it.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The column `place` of `row`, which holds a number that is not below zero.
pub(crate) fn unsigned(row: &Row, place: usize) -> Result<u64, tokio_postgres::Error> {
    Ok(u64::try_from(row.try_get::<_, i64>(place)?).unwrap_or_default())
}

/// Keys of one table, as one value of a statement.
#[derive(Debug)]
pub(crate) enum Keys {
    Int(Vec<i64>),
    Text(Vec<String>),
}

impl Keys {
    /// These; `None` if there are none.
    pub fn of<'a>(keys: impl Iterator<Item = &'a KeyValue>) -> Option<Self> {
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        for key in keys {
            match key {
                KeyValue::Int(key) => numbers.push(signed(*key)),
                KeyValue::Text(key) => texts.push(kept(key).into_owned()),
            }
        }
        match (numbers.is_empty(), texts.is_empty()) {
            (false, _) => Some(Self::Int(numbers)),
            (true, false) => Some(Self::Text(texts)),
            (true, true) => None,
        }
    }

    /// The type of the list, in SQL.
    pub fn sql(&self) -> &'static str {
        match self {
            Self::Int(_) => "bigint[]",
            Self::Text(_) => "text[]",
        }
    }

    pub fn value(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Int(keys) => keys,
            Self::Text(keys) => keys,
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use typed::Value;

    use super::{kept, mixed, text};

    #[test]
    fn texts_come_back_and_stay_in_their_order() {
        let mut texts =
            ["", "a", "\0", "\0\0", "\u{1}", "\u{1}\0", "\u{1}\u{1}", "\u{2}", "a\0b", "a\u{1}b", "ab", "가"];
        texts.sort_unstable();
        for pair in texts.windows(2) {
            assert!(kept(pair[0]) < kept(pair[1]), "{pair:?}");
        }
        for whole in texts {
            assert_eq!(text(&kept(whole)), whole);
            assert!(!kept(whole).contains('\0'));
        }
    }

    #[test]
    fn numbers_come_before_text_and_in_their_order() {
        let sorted = [i64::MIN, -1, 0, 1, i64::MAX].map(Value::Int).into_iter();
        let sorted = sorted.chain(["", "\0", "a", "가"].map(|text| Value::Text(text.into())));
        let forms: Vec<BytesMut> = sorted
            .map(|value| {
                let mut bytes = BytesMut::new();
                mixed(&value, &mut bytes);
                bytes
            })
            .collect();
        assert!(forms.is_sorted());
    }
}
