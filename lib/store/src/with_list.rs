//! A reader of tables that lack some rows of one list, which are known from elsewhere.

use typed::{AnyRow, AnyTerm, KeyValue, Row, Table, Text};

use crate::{AnyFind, Applied, StoreError, TableReader, Take};

/// The tables, with the rows of one list that they may lack.
pub struct WithList<'a, R> {
    /// The tables as they are.
    pub tables: &'a mut dyn TableReader,
    /// Whose rows they are.
    pub list: Text,
    /// The rows.
    pub rows: Vec<R>,
}

impl<R: Row> TableReader for WithList<'_, R> {
    fn hold_still(&mut self) -> Result<(), StoreError> {
        self.tables.hold_still()
    }
    fn let_go(&mut self) -> Result<(), StoreError> {
        self.tables.let_go()
    }
    fn load(&mut self, table: &'static Table, keys: &[KeyValue]) -> Result<Vec<AnyRow>, StoreError> {
        self.tables.load(table, keys)
    }
    fn highest(&mut self, table: &'static Table) -> Result<Vec<u64>, StoreError> {
        self.tables.highest(table)
    }
    fn find(&mut self, find: &AnyFind) -> Result<Vec<AnyRow>, StoreError> {
        self.tables.find(find)
    }
    fn count(&mut self, find: &AnyFind) -> Result<u64, StoreError> {
        self.tables.count(find)
    }
    fn each_of(&mut self, find: &AnyFind, terms: &[AnyTerm], take: Take<'_>) -> Result<(), StoreError> {
        self.tables.each_of(find, terms, take)
    }
    fn applied(&mut self) -> Result<Applied, StoreError> {
        self.tables.applied()
    }
    fn trail(&mut self, subject: u64, last: u64) -> Result<Vec<u64>, StoreError> {
        self.tables.trail(subject, last)
    }
    fn unapplied(&mut self, table: &'static Table, list: &str) -> Vec<AnyRow> {
        let is_asked = table.number == R::TABLE.number && list == self.list.as_str();
        self.rows.iter().filter(|_| is_asked).map(|row| Box::new(row.clone()) as AnyRow).collect()
    }
}
