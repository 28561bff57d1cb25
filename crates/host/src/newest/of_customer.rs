//! What belongs to one customer.

use std::marker::PhantomData;

use store::{StoreError, TableReader};

use super::{Below, ByAge, Listed, Stretch};

/// The rows of a customer.
#[derive(Debug)]
pub struct OfCustomer<'a, R> {
    customer: &'a str,
    rows: PhantomData<R>,
}

impl<'a, R: ByAge> OfCustomer<'a, R> {
    /// Those of `customer`.
    pub fn new(customer: &'a str) -> Self {
        Self { customer, rows: PhantomData }
    }
}

impl<R: ByAge> Listed for OfCustomer<'_, R> {
    type Row = R;

    fn groups(&self, reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        R::groups(reader)
    }
    fn stretch(&self, reader: &mut dyn TableReader, below: Below) -> Result<Stretch<R>, StoreError> {
        R::stretch(reader, self.customer, below)
    }
    fn at(row: &R) -> u64 {
        row.at()
    }
}
