//! What belongs to one customer.

use crate::{StoreError, TableReader, rows_of};

use super::{ByRecency, Chunk, ChunkRequest, RecencyList};

/// The rows of a customer.
#[derive(Debug)]
pub struct OfCustomer<'a, R> {
    customer: &'a str,
    /// Those that the tables may lack.
    unapplied: Vec<R>,
}

impl<'a, R: ByRecency> OfCustomer<'a, R> {
    /// Those of `customer`, as `reader` knows them.
    pub fn new(customer: &'a str, reader: &mut dyn TableReader) -> Self {
        Self { customer, unapplied: rows_of(reader.unapplied(R::TABLE, customer)) }
    }
}

impl<R: ByRecency> RecencyList for OfCustomer<'_, R> {
    type Row = R;

    fn groups(&self, reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError> {
        let mut groups = R::groups(reader)?;
        for row in &self.unapplied {
            let (group, above) = (row.group(), row.number() + 1);
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, known)) => *known = above.max(*known),
                None => groups.push((group, above)),
            }
        }
        Ok(groups)
    }
    fn chunk(&self, reader: &mut dyn TableReader, request: ChunkRequest) -> Result<Chunk<R>, StoreError> {
        let mut chunk = R::chunk(reader, self.customer, request)?;
        let stretch = chunk.left..request.number;
        for row in &self.unapplied {
            if row.group() == request.group && stretch.contains(&row.number()) {
                chunk.put(row.number(), row, |before| before.version() <= row.version());
            }
        }
        Ok(chunk)
    }
    fn at(row: &R) -> u64 {
        row.at()
    }
}
