//! Compares a table with what it should be, page by page in the order of keys, and puts right where it differs.

use std::cmp::Ordering;
use std::collections::VecDeque;

use store::{Find, StoreError, TableReader};
use typed::{Column, Row, Term};

/// How many rows are read at a time.
const ROWS: u64 = 5_000;

/// How a table differed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// How many rows there should be.
    pub all: u64,
    /// How many were other than they should be.
    pub changed: u64,
    /// How many were missing.
    pub added: u64,
    /// How many should not have been there.
    pub removed: u64,
}

/// The rows of a table, in the order of their keys.
struct Rows<'r, R: Row> {
    reader: &'r mut dyn TableReader,
    key: Term<R, R::Key>,
    read: VecDeque<R>,
    last: Option<R::Key>,
}

impl<R: Row<Key: Column>> Rows<'_, R> {
    fn peek(&mut self) -> Result<Option<&R>, StoreError> {
        if self.read.is_empty() {
            let mut next = Find::all().by(self.key.clone().asc()).limit(ROWS);
            if let Some(last) = self.last.take() {
                next = next.with(self.key.clone().above(last));
            }
            self.read = next.rows(self.reader)?.into();
            self.last = self.read.back().map(Row::key);
        }
        Ok(self.read.front())
    }
}

/// Adds to `difference` how the table of `R` in `real` differs from the one in `right`, and gives what puts it right to `put`. `key` is
/// its key.
pub fn differences<R: Row<Key: Column>>(
    right: &mut dyn TableReader,
    real: &mut dyn TableReader,
    key: Term<R, R::Key>,
    difference: &mut Difference,
    put: &mut dyn FnMut(R::Key, Option<R>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut right = Rows::<R> { reader: right, key: key.clone(), read: VecDeque::new(), last: None };
    let mut real = Rows::<R> { reader: real, key, read: VecDeque::new(), last: None };
    loop {
        let order = match (right.peek()?, real.peek()?) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(right), Some(real)) => right.key().cmp(&real.key()),
        };
        let should = if order.is_le() { right.read.pop_front() } else { None };
        let is = if order.is_ge() { real.read.pop_front() } else { None };
        difference.all += u64::from(should.is_some());
        if should == is {
            continue;
        }
        match (&should, &is) {
            (Some(_), Some(_)) => difference.changed += 1,
            (Some(_), None) => difference.added += 1,
            _ => difference.removed += 1,
        }
        if let Some(key) = should.as_ref().or(is.as_ref()).map(Row::key) {
            put(key, should)?;
        }
    }
}
