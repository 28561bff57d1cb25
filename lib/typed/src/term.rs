//! What of a row is compared and sorted by: a column for the most part, or something that follows from one.

use std::fmt;
use std::marker::PhantomData;

use crate::{AnyFilter, Cell, Column, Mismatch, Sql, Text, Value};

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnName {
    /// Its name.
    pub name: &'static str,
    /// Its place among the columns, counted from zero.
    pub place: usize,
    /// Whether rows may have no value there.
    pub may_be_null: bool,
}

/// What of a row is compared or sorted by, whatever its table. An engine knows each of these by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnyTerm {
    /// A column.
    Column(ColumnName),
    /// An integer without its lowest bits: which block of consecutive numbers it is in. Indexes have it.
    Block(Box<Self>, u32),
    /// The lowest bits of an integer.
    Low(Box<Self>, u32),
    /// An integer less another.
    Less(Box<Self>, Box<Self>),
    /// The first characters of a text, as far as the first NUL; empty if there is none.
    Start(Box<Self>, u32),
    /// A text without the first of its characters, if that is this one.
    Without(Box<Self>, char),
    /// What a text that is a JSON object has under a name of letters, digits and `_`: text, an integer, truth as 0 or 1, or nothing.
    Member(Box<Self>, Text),
    /// Whether a condition holds, as 0 or 1.
    Whether(Box<AnyFilter>),
    /// As an integer: of a text the digits that it begins with, or zero.
    AsInteger(Box<Self>),
    /// As a text.
    AsText(Box<Self>),
}

impl AnyTerm {
    /// Whether it may have no value.
    pub fn may_be_null(&self) -> bool {
        match self {
            Self::Column(column) => column.may_be_null,
            Self::Member(..) => true,
            Self::Start(..) | Self::Whether(_) => false,
            Self::Less(term, other) => term.may_be_null() || other.may_be_null(),
            Self::Block(term, _)
            | Self::Low(term, _)
            | Self::Without(term, _)
            | Self::AsInteger(term)
            | Self::AsText(term) => term.may_be_null(),
        }
    }
}

/// What of a row of `R` is compared or sorted by; it is a `T`. [`crate::row!`] declares one for each column: `Account::COLUMNS.balance`.
pub struct Term<R, T> {
    term: AnyTerm,
    of: PhantomData<fn() -> (R, T)>,
}

impl<R, T: Column> Term<R, T> {
    /// A column. For [`crate::row!`].
    #[doc(hidden)]
    pub const fn column(name: &'static str, place: usize) -> Self {
        Self::of(AnyTerm::Column(ColumnName { name, place, may_be_null: T::MAY_BE_NULL }))
    }
}

impl<R, T> Term<R, T> {
    pub(crate) const fn of(term: AnyTerm) -> Self {
        Self { term, of: PhantomData }
    }

    /// The same, whatever its table and type.
    pub fn any(self) -> AnyTerm {
        self.term
    }

    fn follows<U>(self, of: impl FnOnce(Box<AnyTerm>) -> AnyTerm) -> Term<R, U> {
        Term::of(of(Box::new(self.term)))
    }

    /// Which block of 2^`bits` consecutive numbers it is in.
    #[must_use]
    pub fn block(self, bits: u32) -> Term<R, Option<i64>> {
        self.follows(|term| AnyTerm::Block(term, bits))
    }

    /// Its lowest `bits` bits.
    #[must_use]
    pub fn low(self, bits: u32) -> Term<R, Option<i64>> {
        self.follows(|term| AnyTerm::Low(term, bits))
    }

    /// It less `other`.
    #[must_use]
    pub fn less<U>(self, other: Term<R, U>) -> Term<R, Option<i64>> {
        self.follows(|term| AnyTerm::Less(term, Box::new(other.term)))
    }

    /// Its first `chars` characters; none where it has none.
    #[must_use]
    pub fn start(self, chars: u32) -> Term<R, Text> {
        self.follows(|term| AnyTerm::Start(term, chars))
    }

    /// Without the first character, if that is `first`.
    #[must_use]
    pub fn without(self, first: char) -> Self {
        self.follows(|term| AnyTerm::Without(term, first))
    }

    /// What the JSON object that it is has under `name`; `None` for a name with other characters than letters, digits and `_` of ASCII.
    pub fn member(self, name: &str) -> Option<Term<R, Any>> {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        is_name.then(|| self.follows(|term| AnyTerm::Member(term, name.into())))
    }

    /// As an integer.
    #[must_use]
    pub fn as_integer(self) -> Term<R, Option<i64>> {
        self.follows(AnyTerm::AsInteger)
    }

    /// As a text.
    #[must_use]
    pub fn as_text(self) -> Term<R, Option<Text>> {
        self.follows(AnyTerm::AsText)
    }

    /// The same with values of any type.
    #[must_use]
    pub fn as_any(self) -> Term<R, Any> {
        Term::of(self.term)
    }

    /// Sorts by it, in one direction or the other.
    pub fn sorted(self, descending: bool) -> Order<R> {
        if descending { self.desc() } else { self.asc() }
    }

    /// Sorts by it: the lowest first, and none before that.
    pub fn asc(self) -> Order<R> {
        Order { order: AnyOrder { term: self.term, descending: false }, of: PhantomData }
    }

    /// Sorts by it: the highest first, and none at the end.
    pub fn desc(self) -> Order<R> {
        Order { order: AnyOrder { term: self.term, descending: true }, of: PhantomData }
    }
}

impl<R, T> Clone for Term<R, T> {
    fn clone(&self) -> Self {
        Self::of(self.term.clone())
    }
}

impl<R, T> fmt::Debug for Term<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.term.fmt(f)
    }
}

/// A value of which only the one who asked knows the type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Any(pub Value);

impl Column for Any {
    const MAY_BE_NULL: bool = true;

    fn sql(&self) -> Sql<'_> {
        self.0.sql()
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        Ok(Self(match cell {
            Cell::Null => Value::Null,
            Cell::Int(value) => Value::Int(value),
            Cell::Text(text) => Value::Text(text.into()),
            Cell::Blob(bytes) => Value::Blob(bytes.into()),
        }))
    }
}

/// What rows are sorted by, whatever their table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyOrder {
    /// What of them.
    pub term: AnyTerm,
    /// Whether the highest comes first.
    pub descending: bool,
}

/// What rows of `R` are sorted by.
#[derive(Debug, Clone)]
pub struct Order<R> {
    order: AnyOrder,
    of: PhantomData<fn() -> R>,
}

impl<R> Order<R> {
    /// The same, whatever its table.
    pub fn any(self) -> AnyOrder {
        self.order
    }
}
