//! Readers for everyone but the engine: as many as are reading at once, some of them kept open in between.

use std::sync::{Mutex, PoisonError};

use crate::{StoreError, TableReader};

/// So many readers are kept open while nobody reads. Who lends bounds how many read at once.
const IDLE: usize = 16;

type Open = Box<dyn Fn() -> Result<Box<dyn TableReader>, StoreError> + Send + Sync>;

/// Lends readers of the tables.
pub struct Pool {
    open: Open,
    idle: Mutex<Vec<Box<dyn TableReader>>>,
}

impl Pool {
    /// A pool that opens its readers with `open`.
    pub fn new(open: Open) -> Self {
        Self { open, idle: Mutex::default() }
    }

    /// Lends a reader to `read`, which sees everything as it is at one moment. Blocks for as long as that takes.
    ///
    /// # Errors
    /// What `read` says, or that no reader can be opened.
    pub fn with<T>(&self, read: impl FnOnce(&mut dyn TableReader) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let lent = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = lent.map_or_else(|| (self.open)(), Ok)?;
        reader.hold_still()?;
        let result = read(&mut *reader);
        reader.let_go()?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(reader);
        }
        drop(idle);
        result
    }
}
