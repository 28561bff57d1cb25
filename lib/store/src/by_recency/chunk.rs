//! Some rows of a group, and how they are asked for: a block of the index at a time.

use crate::StoreError;

/// How many bits of a number count within a block. The migrations have it, too.
pub const BLOCK_BITS: u32 = 17;

/// What is asked of a group: its highest rows below a number.
#[derive(Debug, Clone, Copy)]
pub struct ChunkRequest {
    /// The group.
    pub group: u64,
    /// More than zero.
    pub number: u64,
    /// How many at the most.
    pub limit: u64,
}

impl ChunkRequest {
    /// The block that the number before it is in.
    pub fn block(self) -> u64 {
        (self.number - 1) >> BLOCK_BITS
    }

    /// The lowest number of that block.
    pub fn lowest_of_block(self) -> u64 {
        self.block() << BLOCK_BITS
    }
}

/// Some rows of a group, read together.
#[derive(Debug)]
pub struct Chunk<R> {
    /// With their numbers, the highest first.
    pub(super) rows: Vec<(u64, R)>,
    /// What is left of the group is below this number; nothing is if it is zero.
    pub(super) left: u64,
}

impl<R> Chunk<R> {
    /// `rows` are all from the number `lowest` to what was asked for, or as many as were asked for.
    pub fn of(rows: Vec<(u64, R)>, request: ChunkRequest, lowest: u64) -> Self {
        let is_whole = (rows.len() as u64) < request.limit;
        let left = rows.last().filter(|_| !is_whole).map_or(lowest, |(number, _)| *number);
        Self { rows, left }
    }

    /// Puts `row` in the place of its number; where there is one already, only if `is_older` says so of that.
    pub(super) fn put(&mut self, number: u64, row: &R, is_older: impl Fn(&R) -> bool)
    where
        R: Clone,
    {
        match self.rows.binary_search_by(|(there, _)| number.cmp(there)) {
            Ok(at) if is_older(&self.rows[at].1) => self.rows[at].1 = row.clone(),
            Ok(_) => {}
            Err(at) => self.rows.insert(at, (number, row.clone())),
        }
    }

    /// The same stretch of the group, with what `others` makes of its rows.
    ///
    /// # Errors
    /// What `others` says.
    pub fn map<S>(
        self,
        others: impl FnOnce(Vec<R>) -> Result<Vec<(u64, S)>, StoreError>,
    ) -> Result<Chunk<S>, StoreError> {
        let rows = others(self.rows.into_iter().map(|(_, row)| row).collect())?;
        Ok(Chunk { rows, left: self.left })
    }
}
