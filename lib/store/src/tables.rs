//! The typed tables, which follow the journal.

use typed::{AnyRow, AnyTerm, Cells, HandOn, KeyValue, Mismatch, Row, Table, Values};

use crate::{AnyFind, Epoch, StoreError};

/// A row as it is now.
#[derive(Debug)]
pub struct Change<'a> {
    /// Its table.
    pub table: &'static Table,
    /// Its key.
    pub key: KeyValue,
    /// The row; `None` if it is gone.
    pub row: Option<Form<'a>>,
}

/// A row on its way into a table.
#[derive(Debug, Clone, Copy)]
pub enum Form<'a> {
    /// As the journal has it.
    Journal(&'a [u8]),
    /// As it is in memory: whoever has it there need not have it read from the journal's form again.
    Row(&'a dyn Values),
}

impl Form<'_> {
    /// Hands on the values of the columns of `table`, whose row it is.
    ///
    /// # Errors
    /// If it is no row of that table.
    pub fn hand_on(self, table: &Table, take: HandOn<'_>) -> Result<(), StoreError> {
        match self {
            Self::Journal(bytes) => (table.bind)(bytes, take).map_err(|why| StoreError::Row { table: table.name, why }),
            Self::Row(row) => {
                row.values(take);
                Ok(())
            }
        }
    }
}

/// The last record that tables contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Its place; zero if they contain none.
    pub seq: u64,
    /// Its sum, which tells one journal from another; none where an older maejin wrote the tables.
    pub sum: Option<u32>,
}

impl Applied {
    /// The record `seq` with the sum `sum`.
    pub fn of(seq: u64, sum: u32) -> Self {
        Self { seq, sum: Some(sum) }
    }
}

/// Brings tables up to the journal.
pub trait TableWriter: Send {
    /// The last record that the tables contain.
    ///
    /// # Errors
    /// If it cannot be read.
    fn applied(&mut self) -> Result<Applied, StoreError>;

    /// Takes `epoch`, which the journal has given: from now on this one writes, and all who opened the tables with an older one are refused,
    /// who would put old rows over new ones.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if the tables have a later one.
    fn claim(&mut self, epoch: Epoch) -> Result<(), StoreError>;

    /// Applies `changes`, at most one for each row, and notes in which records the subjects of `trail` are spoken of and that everything
    /// up to the record `applied` is there now: all in one transaction. What a row of `changes` sweeps is gone afterwards. Not synced: the
    /// journal is the truth.
    ///
    /// # Errors
    /// If a row cannot be written, or, with [`StoreError::Fenced`], somebody else has taken an epoch since; then none was.
    fn apply(
        &mut self,
        changes: &mut [Change<'_>],
        trail: &mut [(u64, u64)],
        applied: Applied,
    ) -> Result<(), StoreError>;
}

/// Takes the cells of a row, or says which does not fit.
pub type Take<'a> = &'a mut dyn FnMut(&dyn Cells) -> Result<(), Mismatch>;

/// Reads tables, as they are.
pub trait TableReader: Send {
    /// Everything is read as it is at one moment from now on, until [`Self::let_go`].
    ///
    /// # Errors
    /// If the tables cannot be read.
    fn hold_still(&mut self) -> Result<(), StoreError>;

    /// Everything is read as it is again.
    ///
    /// # Errors
    /// If the tables cannot be read.
    fn let_go(&mut self) -> Result<(), StoreError>;

    /// The rows of `table` with these keys, in no particular order; missing ones are left out.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn load(&mut self, table: &'static Table, keys: &[KeyValue]) -> Result<Vec<AnyRow>, StoreError>;

    /// The highest key of `table` in each group of keys; empty for a table with text keys.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn highest(&mut self, table: &'static Table) -> Result<Vec<u64>, StoreError>;

    /// The rows that `find` picks, in its order.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn find(&mut self, find: &AnyFind) -> Result<Vec<AnyRow>, StoreError>;

    /// How many rows `find` picks, counted as far as its limit.
    ///
    /// # Errors
    /// If the table cannot be read.
    fn count(&mut self, find: &AnyFind) -> Result<u64, StoreError>;

    /// Hands `terms` of each row that `find` picks to `take`, as it is read: however many there are, none is kept.
    ///
    /// # Errors
    /// If the table cannot be read, or a row is refused.
    fn each_of(&mut self, find: &AnyFind, terms: &[AnyTerm], take: Take<'_>) -> Result<(), StoreError>;

    /// The last record that the tables contain.
    ///
    /// # Errors
    /// If it cannot be read.
    fn applied(&mut self) -> Result<Applied, StoreError>;

    /// The records up to `last` in which `subject` is spoken of, in order.
    ///
    /// # Errors
    /// If they cannot be read.
    fn trail(&mut self, subject: u64, last: u64) -> Result<Vec<u64>, StoreError>;

    /// The rows of `table` in `list` that are newer than those in the table, or not there yet, as far as this reader knows of any. Some may
    /// be in the table all the same, also as they became later.
    fn unapplied(&mut self, _table: &'static Table, _list: &str) -> Vec<AnyRow> {
        Vec::new()
    }
}

/// The typed rows that a reader gave. Rows of another type are an error in the caller, and are left out.
pub fn rows_of<R: Row>(found: Vec<AnyRow>) -> Vec<R> {
    found.into_iter().filter_map(|row| row.downcast::<R>().ok()).map(|row| *row).collect()
}
