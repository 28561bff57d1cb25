//! Lists with the newest first, over several groups of rows: storefronts, for the most part. Each group is read down its numbers, a
//! chunk at a time and no further than is shown; the newest of what stands first in each comes next.

mod chunk;
mod of_customer;
mod row;

use crate::{StoreError, TableReader};

pub use chunk::{BLOCK_BITS, Chunk, ChunkRequest};
pub use of_customer::OfCustomer;
pub use row::{ByRecency, of_block};

/// Where a page ends: how far each group was read, with its number, and a number that what is still to be shown is below. A group that is
/// not named has nothing left: what came about in it since then is newer than the page before.
pub type Places = Vec<(u64, u64)>;

/// How many rows are read at a time at the most.
const CHUNK: u64 = 64;

/// Rows that are listed with the newest first.
pub trait RecencyList {
    /// What is listed.
    type Row;

    /// The groups, each with a number that is higher than all of it.
    ///
    /// # Errors
    /// If a table cannot be read.
    fn groups(&self, reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError>;
    /// The highest rows of a group below a number.
    ///
    /// # Errors
    /// If a table cannot be read.
    fn chunk(&self, reader: &mut dyn TableReader, request: ChunkRequest) -> Result<Chunk<Self::Row>, StoreError>;
    /// When a row came about: the groups are merged by that.
    fn at(row: &Self::Row) -> u64;
}

/// One group, as far as it was read.
struct GroupCursor<R> {
    group: u64,
    /// What is read and not shown yet, the newest last.
    rows: Vec<(u64, R)>,
    left: u64,
}

impl<R> GroupCursor<R> {
    /// Reads on until there is a row to show, or nothing left.
    fn fill<L: RecencyList<Row = R>>(
        &mut self,
        list: &L,
        reader: &mut dyn TableReader,
        limit: u64,
    ) -> Result<(), StoreError> {
        while self.rows.is_empty() && self.left > 0 {
            let Chunk { rows, left } =
                list.chunk(reader, ChunkRequest { group: self.group, number: self.left, limit })?;
            (self.rows, self.left) = (rows, left);
            self.rows.reverse();
        }
        Ok(())
    }

    /// What is still to be shown is below this number.
    fn unshown(&self) -> u64 {
        self.rows.last().map_or(self.left, |(number, _)| number + 1)
    }
}

/// The first `limit` rows of `list` after the page that ended at `after`, and where this page ends; `None` if it is the last one.
///
/// # Errors
/// If a table cannot be read.
pub fn page<L: RecencyList>(
    list: &L,
    reader: &mut dyn TableReader,
    after: Option<&Places>,
    limit: usize,
) -> Result<(Vec<L::Row>, Option<Places>), StoreError> {
    let at_once = CHUNK.min(limit as u64 + 1);
    let begin = |(group, above): (u64, u64)| {
        let below = |after: &Places| after.iter().find(|(known, _)| *known == group).map_or(0, |(_, below)| *below);
        let left = after.map_or(above, |after| below(after).min(above));
        GroupCursor { group, rows: Vec::new(), left }
    };
    let mut cursors: Vec<GroupCursor<L::Row>> = list.groups(reader)?.into_iter().map(begin).collect();
    let mut shown = Vec::with_capacity(limit);
    while shown.len() < limit {
        for cursor in &mut cursors {
            cursor.fill(list, reader, at_once)?;
        }
        let newest =
            cursors.iter_mut().max_by_key(|cursor| cursor.rows.last().map(|(_, row)| (L::at(row), cursor.group)));
        let Some((_, row)) = newest.and_then(|cursor| cursor.rows.pop()) else { break };
        shown.push(row);
    }
    let mut is_more = cursors.iter().any(|cursor| !cursor.rows.is_empty());
    for cursor in &mut cursors {
        if !is_more {
            cursor.fill(list, reader, at_once)?;
            is_more = !cursor.rows.is_empty();
        }
    }
    let places = cursors.iter().map(|cursor| (cursor.group, cursor.unshown()));
    let end = || places.filter(|(_, below)| *below > 0).collect();
    Ok((shown, is_more.then(end)))
}
