//! Which rows of a table are meant: conditions as data, which hold or do not hold. Against no value only [`Term::is_none`] holds, and
//! [`Term::is_not`].

use std::marker::PhantomData;

use crate::{AnyTerm, Column, Term, Text, Value};

/// How a value stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// It is the same, or both are none.
    Is,
    /// It is another, or one of them is none.
    IsNot,
    /// It comes before it.
    Below,
    /// It is the same or comes before it.
    AtMost,
    /// It comes after it.
    Above,
    /// It is the same or comes after it.
    AtLeast,
}

/// A condition on a row, whatever its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnyFilter {
    /// How a term stands to a value.
    Compare {
        /// What of the row.
        term: AnyTerm,
        /// How.
        how: Comparison,
        /// To what.
        to: Value,
        /// Whether there are only some values of this type: a statement then has the value in itself, so that an index over those rows
        /// alone serves for it.
        closed: bool,
    },
    /// A term is one of these values.
    OneOf {
        /// What of the row.
        term: AnyTerm,
        /// Which values; a row without one is none of them.
        values: Vec<Value>,
        /// As above.
        closed: bool,
    },
    /// A text has this part, in whatever letters, small or not; none counts as an empty text.
    Contains(AnyTerm, Text),
    /// One of these holds.
    Either(Vec<AnyFilter>),
}

/// A condition on a row of `R`.
#[derive(Debug, Clone)]
pub struct Filter<R> {
    filter: AnyFilter,
    of: PhantomData<fn() -> R>,
}

impl<R> Filter<R> {
    fn of(filter: AnyFilter) -> Self {
        Self { filter, of: PhantomData }
    }

    /// The same, whatever its table.
    pub fn any(self) -> AnyFilter {
        self.filter
    }

    /// This one holds, or `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::of(match self.filter {
            AnyFilter::Either(mut filters) => {
                filters.push(other.filter);
                AnyFilter::Either(filters)
            }
            first => AnyFilter::Either(vec![first, other.filter]),
        })
    }

    /// Whether it holds, as what to sort or compare by.
    pub fn whether(self) -> Term<R, bool> {
        Term::of(AnyTerm::Whether(Box::new(self.filter)))
    }
}

impl<R, T: Column> Term<R, T> {
    fn compare(self, how: Comparison, to: &T) -> Filter<R> {
        Filter::of(AnyFilter::Compare { term: self.any(), how, to: to.sql().into(), closed: T::CLOSED })
    }

    /// It is `value`.
    pub fn is(self, value: T) -> Filter<R> {
        self.compare(Comparison::Is, &value)
    }

    /// It is another than `value`, or none.
    pub fn is_not(self, value: T) -> Filter<R> {
        self.compare(Comparison::IsNot, &value)
    }

    /// It comes before `value`.
    pub fn below(self, value: T) -> Filter<R> {
        self.compare(Comparison::Below, &value)
    }

    /// It is `value` or comes before it.
    pub fn at_most(self, value: T) -> Filter<R> {
        self.compare(Comparison::AtMost, &value)
    }

    /// It comes after `value`.
    pub fn above(self, value: T) -> Filter<R> {
        self.compare(Comparison::Above, &value)
    }

    /// It is `value` or comes after it.
    pub fn at_least(self, value: T) -> Filter<R> {
        self.compare(Comparison::AtLeast, &value)
    }

    /// It is one of `values`.
    pub fn one_of(self, values: impl IntoIterator<Item = T>) -> Filter<R> {
        let values = values.into_iter().map(|value| value.sql().into()).collect();
        Filter::of(AnyFilter::OneOf { term: self.any(), values, closed: T::CLOSED })
    }

    /// Its text has `part` in it, in whatever letters, small or not. None counts as an empty text, and an empty part is in every text.
    pub fn contains(self, part: &str) -> Filter<R> {
        Filter::of(AnyFilter::Contains(self.any(), part.into()))
    }
}

impl<R, T: Column> Term<R, Option<T>> {
    /// It has no value.
    pub fn is_none(self) -> Filter<R> {
        self.is(None)
    }

    /// It has a value.
    pub fn is_some(self) -> Filter<R> {
        self.is_not(None)
    }
}

/// `text` as it is searched for: small letters, of whatever script.
pub fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}
