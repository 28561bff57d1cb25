//! What is asked of tables whose rows are listed by customer. Their index has the rows by age first, in blocks of 131,072, and only
//! within a block by customer (ADR 0009): one statement reads one block.

use typed::Row;

use crate::{Find, StoreError, TableReader};

use super::chunk::{Chunk, ChunkRequest};

/// A row of a table that has such an index.
pub trait ByRecency: Row {
    /// The rows of `customer` in the block of `request`, the newest first.
    fn in_block(customer: &str, request: ChunkRequest) -> Find<Self>;

    /// Its group.
    fn group(&self) -> u64;
    /// Its number within its group: the higher, the newer.
    fn number(&self) -> u64;
    /// Counts its changes, if it changes.
    fn version(&self) -> u64 {
        0
    }
    /// When it came about.
    fn at(&self) -> u64;
    /// The groups, each with a number that is higher than all of it.
    ///
    /// # Errors
    /// If a table cannot be read.
    fn groups(reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError>;

    /// The newest rows of `customer` in the block below.
    ///
    /// # Errors
    /// If a table cannot be read.
    fn chunk(reader: &mut dyn TableReader, customer: &str, request: ChunkRequest) -> Result<Chunk<Self>, StoreError> {
        of_block(reader, customer, request)
    }
}

/// The newest rows of `customer` in the block of `request`.
///
/// # Errors
/// If the table cannot be read.
pub fn of_block<R: ByRecency>(
    reader: &mut dyn TableReader,
    customer: &str,
    request: ChunkRequest,
) -> Result<Chunk<R>, StoreError> {
    let rows = R::in_block(customer, request).limit(request.limit).rows(reader)?;
    let rows = rows.into_iter().map(|row| (row.number(), row)).collect();
    Ok(Chunk::of(rows, request, request.lowest_of_block()))
}
