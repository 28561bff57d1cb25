//! What a field of a row is as a column of a table.

use std::borrow::Cow;

use crate::Text;

/// A value on its way into a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Sql<'a> {
    /// No value.
    Null,
    /// A 64-bit integer; truth as 0 or 1.
    Int(i64),
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Blob(&'a [u8]),
}

/// A value on its way out of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// A 64-bit integer.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

/// A cell does not hold what its column promises.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("a cell that should hold {expected} holds {found}")]
pub struct Mismatch {
    expected: &'static str,
    found: String,
}

impl Mismatch {
    /// `cell` should have held `expected`.
    pub fn new(expected: &'static str, cell: Cell<'_>) -> Self {
        Self { expected, found: format!("{cell:?}") }
    }
}

/// A type that stands in one column.
pub trait Column: Sized {
    /// Whether a row may have no value there.
    const MAY_BE_NULL: bool = false;
    /// Whether there are only some values, all known when this is built.
    const CLOSED: bool = false;

    /// Its value for a statement.
    fn sql(&self) -> Sql<'_>;
    /// Itself from a table's cell.
    ///
    /// # Errors
    /// If the cell holds something else.
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch>;
    /// How many bytes it has in the journal at most.
    fn weight(&self) -> usize {
        match self.sql() {
            Sql::Null => 1,
            Sql::Int(_) => INTEGER,
            Sql::Text(text) => INTEGER + text.len(),
            Sql::Blob(bytes) => INTEGER + bytes.len(),
        }
    }
}

/// The longest form of an integer, or of a length, in bytes.
const INTEGER: usize = 9;
pub(crate) const LENGTH: usize = INTEGER;

macro_rules! integers {
    ($($int:ty),+) => {$(
        impl Column for $int {
            fn sql(&self) -> Sql<'_> {
                Sql::Int(i64::try_from(*self).unwrap_or(i64::MAX))
            }
            fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
                match cell {
                    Cell::Int(value) => Self::try_from(value).map_err(|_| Mismatch::new(stringify!($int), cell)),
                    _ => Err(Mismatch::new(stringify!($int), cell)),
                }
            }
        }
    )+};
}

integers!(i64, u64, u32, u8);

impl Column for bool {
    const CLOSED: bool = true;

    fn sql(&self) -> Sql<'_> {
        Sql::Int(i64::from(*self))
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        match cell {
            Cell::Int(value) => Ok(value != 0),
            _ => Err(Mismatch::new("0 or 1", cell)),
        }
    }
}

impl Column for Text {
    fn sql(&self) -> Sql<'_> {
        Sql::Text(Cow::Borrowed(self.as_str()))
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        match cell {
            Cell::Text(text) => Ok(Self::from(text)),
            _ => Err(Mismatch::new("text", cell)),
        }
    }
}

impl<T: Column> Column for Option<T> {
    const MAY_BE_NULL: bool = true;
    const CLOSED: bool = T::CLOSED;

    fn sql(&self) -> Sql<'_> {
        self.as_ref().map_or(Sql::Null, Column::sql)
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        match cell {
            Cell::Null => Ok(None),
            _ => T::from_cell(cell).map(Some),
        }
    }
    fn weight(&self) -> usize {
        self.as_ref().map_or(1, Column::weight)
    }
}

/// A name is none of a closed set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {name}; there are {}", known.join(", "))]
pub struct UnknownName {
    name: String,
    known: &'static [&'static str],
}

impl UnknownName {
    /// `name` is none of `known`.
    pub fn new(name: &str, known: &'static [&'static str]) -> Self {
        Self { name: name.to_owned(), known }
    }
}

/// Declares a closed set of names that stands in a column as text and in the journal as a number.
///
/// ```
/// typed::names! {
///     /// How it stands with a hold.
///     pub enum HoldState { 0 Held = "held", 1 Sold = "sold" }
/// }
/// assert_eq!((HoldState::Held.as_str(), "sold".parse()), ("held", Ok(HoldState::Sold)));
/// assert_eq!("free".parse::<HoldState>().unwrap_err().to_string(), "there is no free; there are held, sold");
/// ```
#[macro_export]
macro_rules! names {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $n:literal $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, $crate::export::minicbor::Encode, $crate::export::minicbor::Decode)]
        #[cbor(index_only)]
        pub enum $name { $($(#[$variant_doc])* #[doc = concat!("`", $text, "`")] #[n($n)] $variant,)+ }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Their names, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($text),+];

            /// The name as it stands in tables and answers.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownName;

            fn from_str(name: &str) -> Result<Self, $crate::UnknownName> {
                match name {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::UnknownName::new(name, Self::NAMES)),
                }
            }
        }

        impl $crate::Column for $name {
            const CLOSED: bool = true;

            fn sql(&self) -> $crate::Sql<'_> {
                $crate::Sql::Text(std::borrow::Cow::Borrowed(self.as_str()))
            }
            fn from_cell(cell: $crate::Cell<'_>) -> Result<Self, $crate::Mismatch> {
                let name = if let $crate::Cell::Text(name) = cell { name.parse().ok() } else { None };
                name.ok_or_else(|| $crate::Mismatch::new(concat!("one of", $(" ", $text),+), cell))
            }
        }
    };
}
