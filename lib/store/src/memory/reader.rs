//! Reads the tables in memory.

use std::sync::{Arc, PoisonError};

use typed::{AnyRow, AnyTerm, GROUP_SHIFT, KeyValue, Table, Value};

use super::Shared;
use super::condition::value_of;
use super::tables::{RowCells, Tables, key};
use crate::{AnyFind, Applied, StoreError, TableReader, Take};

/// A reader of the tables of a store in memory.
#[derive(Debug)]
pub struct MemoryReader {
    shared: Shared,
    /// The tables as of the moment that they are read as of, if they are.
    still: Option<Arc<Tables>>,
}

impl MemoryReader {
    pub(super) fn of(shared: Shared) -> Self {
        Self { shared, still: None }
    }

    fn tables(&self) -> Arc<Tables> {
        let now = || self.shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.still.clone().unwrap_or_else(now)
    }
}

impl TableReader for MemoryReader {
    fn hold_still(&mut self) -> Result<(), StoreError> {
        self.still = Some(self.tables());
        Ok(())
    }

    fn let_go(&mut self) -> Result<(), StoreError> {
        self.still = None;
        Ok(())
    }

    fn load(&mut self, table: &'static Table, keys: &[KeyValue]) -> Result<Vec<AnyRow>, StoreError> {
        let tables = self.tables();
        let Some(rows) = tables.rows_of(table) else { return Ok(Vec::new()) };
        keys.iter().filter_map(|at| rows.get(&key(at))).map(|row| typed(table, row)).collect()
    }

    fn highest(&mut self, table: &'static Table) -> Result<Vec<u64>, StoreError> {
        let tables = self.tables();
        let (mut highest, mut below) = (Vec::new(), i64::MAX);
        while let Some(rows) = tables.rows_of(table)
            && let Some((Value::Int(key), _)) = rows.range(..Value::Int(below)).next_back()
        {
            highest.push(u64::try_from(*key).unwrap_or_default());
            below = (key >> GROUP_SHIFT) << GROUP_SHIFT;
        }
        Ok(highest)
    }

    fn find(&mut self, find: &AnyFind) -> Result<Vec<AnyRow>, StoreError> {
        self.tables().found(find).into_iter().map(|row| typed(find.table, row)).collect()
    }

    fn count(&mut self, find: &AnyFind) -> Result<u64, StoreError> {
        Ok(self.tables().found(find).len() as u64)
    }

    fn each_of(&mut self, find: &AnyFind, terms: &[AnyTerm], take: Take<'_>) -> Result<(), StoreError> {
        for row in self.tables().found(find) {
            let values: Vec<Value> = terms.iter().map(|term| value_of(term, row)).collect();
            take(&RowCells(&values))
                .map_err(|mismatch| StoreError::Row { table: find.table.name, why: mismatch.to_string() })?;
        }
        Ok(())
    }

    fn applied(&mut self) -> Result<Applied, StoreError> {
        Ok(self.tables().applied)
    }

    fn trail(&mut self, subject: u64, last: u64) -> Result<Vec<u64>, StoreError> {
        Ok(self.tables().trail.range((subject, 0)..=(subject, last)).map(|(_, seq)| *seq).collect())
    }
}

fn typed(table: &'static Table, row: &[Value]) -> Result<AnyRow, StoreError> {
    (table.load)(&RowCells(row)).map_err(|mismatch| StoreError::Row { table: table.name, why: mismatch.to_string() })
}
