//! Brings the tables in memory up to the journal.

use std::sync::{Arc, MutexGuard, PoisonError};

use typed::{KeyValue, Sql, Table, Value};

use super::Shared;
use super::tables::{Tables, Values, key};
use crate::{Applied, Change, Epoch, Form, StoreError, TableWriter};

/// A writer of the tables of a store in memory.
#[derive(Debug)]
pub struct MemoryWriter {
    shared: Shared,
    /// Goes with each bulk.
    epoch: Epoch,
}

impl MemoryWriter {
    pub(super) fn of(shared: Shared) -> Self {
        let epoch = shared.lock().unwrap_or_else(PoisonError::into_inner).epoch;
        Self { shared, epoch }
    }

    fn tables(&self) -> MutexGuard<'_, Arc<Tables>> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TableWriter for MemoryWriter {
    fn applied(&mut self) -> Result<Applied, StoreError> {
        Ok(self.tables().applied)
    }

    fn claim(&mut self, epoch: Epoch) -> Result<(), StoreError> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.epoch > epoch {
            return Err(StoreError::Fenced { held: epoch, found: shared.epoch });
        }
        Arc::make_mut(&mut shared).epoch = epoch;
        self.epoch = epoch;
        Ok(())
    }

    fn apply(
        &mut self,
        changes: &mut [Change<'_>],
        trail: &mut [(u64, u64)],
        applied: Applied,
    ) -> Result<(), StoreError> {
        let mut shared = self.tables();
        if shared.epoch != self.epoch {
            return Err(StoreError::Fenced { held: self.epoch, found: shared.epoch });
        }
        // All rows are read before one of them is there.
        let rows = changes.iter().map(|change| change.row.map(|row| values(change.table, row)).transpose());
        let rows: Vec<Option<Values>> = rows.collect::<Result<_, _>>()?;
        let tables = Arc::make_mut(&mut shared);
        for (change, row) in changes.iter().zip(rows) {
            put(tables, change.table, &change.key, row);
        }
        for change in changes.iter() {
            sweep(tables, change.table);
        }
        if !trail.is_empty() {
            Arc::make_mut(&mut tables.trail).extend(trail.iter().copied());
        }
        tables.applied = applied;
        Ok(())
    }
}

fn values(table: &'static Table, row: Form<'_>) -> Result<Values, StoreError> {
    let mut values: Values = Arc::new([]);
    row.hand_on(table, &mut |bound: &[Sql<'_>]| {
        values = bound.iter().map(|value| Value::from(value.clone())).collect();
    })?;
    Ok(values)
}

fn put(tables: &mut Tables, table: &'static Table, at: &KeyValue, row: Option<Values>) {
    let rows = Arc::make_mut(tables.rows.entry(table.number).or_default());
    match row {
        Some(row) => rows.insert(key(at), row),
        None => rows.remove(&key(at)),
    };
}

/// Deletes what `table` says is gone.
fn sweep(tables: &mut Tables, table: &Table) {
    let Some(swept) = table.sweeps else { return };
    let below = tables.rows_of(table).and_then(|rows| rows.values().next()).and_then(|row| row.get(1)).cloned();
    if let (Some(below), Some(rows)) = (below, tables.rows.get_mut(&swept.number)) {
        let rows = Arc::make_mut(rows);
        *rows = rows.split_off(&below);
    }
}
