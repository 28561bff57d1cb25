//! Rows as somebody asks for them who only looks: from memory, and those that only the tables can tell as they were fetched.

use std::collections::HashMap;

use store::{StoreError, TableReader};
use typed::{AnyRow, Key, KeyValue, Row, Table};

use crate::caches::Caches;
use crate::row_cache::RowCache;

/// Rows by their keys, as they are between two requests.
pub struct Rows<'a> {
    caches: Option<&'a Caches>,
    fetched: Option<&'a Fetched>,
}

/// Rows that only the tables can tell: they are to be fetched, and asked for again.
#[derive(Debug, Default)]
pub struct Missing(Vec<(&'static Table, KeyValue)>);

/// Rows that were fetched from the tables, and keys of which the tables have none.
#[derive(Default)]
pub(crate) struct Fetched(HashMap<(u16, KeyValue), Option<AnyRow>>);

impl<'a> Rows<'a> {
    pub(crate) fn of(caches: &'a Caches, fetched: Option<&'a Fetched>) -> Self {
        Self { caches: Some(caches), fetched }
    }

    /// The row of `key`, if there is one.
    ///
    /// # Errors
    /// If it must be fetched first.
    pub fn get<R: Row>(&self, key: &R::Key) -> Result<Option<&'a R>, Missing> {
        let cached = self.caches.and_then(Caches::peek::<R>).map(|cache: &'a RowCache<R>| cache.peek(key));
        if let Some(Ok(row)) = cached {
            return Ok(row);
        }
        let key = key.to_value();
        // A row that memory does not have is in the tables as it is: fetched a moment ago is as good as now.
        let fetched = self.fetched.and_then(|fetched| fetched.0.get(&(R::TABLE.number, key.clone())));
        match fetched {
            Some(row) => Ok(row.as_ref().and_then(|row| row.downcast_ref::<R>())),
            None => Err(Missing(vec![(R::TABLE, key)])),
        }
    }
}

impl Missing {
    /// These and `others`, so that all are fetched together.
    pub fn and(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether nothing is missing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What `find` finds in rows by their keys where no node runs: those of tables that nobody changes.
///
/// # Errors
/// If the tables cannot be read.
pub fn find_in_tables<T>(
    reader: &mut dyn TableReader,
    find: impl Fn(&Rows<'_>) -> Result<T, Missing>,
) -> Result<T, StoreError> {
    let mut fetched = Fetched::default();
    loop {
        match find(&Rows { caches: None, fetched: Some(&fetched) }) {
            Ok(found) => return Ok(found),
            Err(missing) => fetched.fetch(missing, reader)?,
        }
    }
}

impl Fetched {
    /// Fetches what is `missing`.
    pub(crate) fn fetch(&mut self, missing: Missing, reader: &mut dyn TableReader) -> Result<(), StoreError> {
        for (table, key) in missing.0 {
            let row = reader.load(table, std::slice::from_ref(&key))?.pop();
            self.0.insert((table.number, key), row);
        }
        Ok(())
    }
}
