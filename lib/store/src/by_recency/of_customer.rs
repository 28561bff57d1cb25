//! What belongs to one customer.

use std::marker::PhantomData;

use crate::{StoreError, TableReader};

use super::{ByRecency, Chunk, ChunkRequest, RecencyList};

/// The rows of a customer.
#[derive(Debug)]
pub struct OfCustomer<'a, R> {
    customer: &'a str,
    rows: PhantomData<R>,
}

impl<'a, R: ByRecency> OfCustomer<'a, R> {
    /// Those of `customer`.
    pub fn new(customer: &'a str) -> Self {
        Self { customer, rows: PhantomData }
    }
}

impl<R: ByRecency> RecencyList for OfCustomer<'_, R> {
    type Row = R;

    fn groups(&self, reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        R::groups(reader)
    }
    fn chunk(&self, reader: &mut dyn TableReader, request: ChunkRequest) -> Result<Chunk<R>, StoreError> {
        R::chunk(reader, self.customer, request)
    }
    fn at(row: &R) -> u64 {
        row.at()
    }
}
