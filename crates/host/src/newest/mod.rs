//! Lists with the newest first, over several groups of rows: storefronts, for the most part. Each group is read down its numbers, a
//! stretch at a time and no further than is shown; the newest of what stands first in each comes next.

mod by_age;
mod of_customer;
mod places;
#[cfg(test)]
mod tests;

use store::{StoreError, TableReader};

pub use by_age::{Below, ByAge};
pub use of_customer::OfCustomer;
pub use places::Places;

/// How many rows are read at a time at the most.
const STRETCH: u64 = 64;

/// Rows that are listed with the newest first.
pub trait Listed {
    /// What is listed.
    type Row;

    /// The groups, each with a number that is higher than all of it.
    fn groups(&self, reader: &mut dyn TableReader) -> Result<Vec<(u64, u64)>, StoreError>;
    /// The highest rows of a group below a number.
    fn stretch(&self, reader: &mut dyn TableReader, below: Below) -> Result<Stretch<Self::Row>, StoreError>;
    /// When a row came about: the groups are merged by that.
    fn at(row: &Self::Row) -> u64;
}

/// Some rows of a group.
#[derive(Debug)]
pub struct Stretch<R> {
    /// With their numbers, the highest first.
    rows: Vec<(u64, R)>,
    /// What is left of the group is below this number; nothing is if it is zero.
    left: u64,
}

impl<R> Stretch<R> {
    /// `rows` are all from the number `lowest` to what was asked for, or as many as were asked for.
    pub fn of(rows: Vec<(u64, R)>, request: Below, lowest: u64) -> Self {
        let is_whole = (rows.len() as u64) < request.limit;
        let left = rows.last().filter(|_| !is_whole).map_or(lowest, |(number, _)| *number);
        Self { rows, left }
    }
}

/// One group, as far as it was read.
struct Pile<R> {
    group: u64,
    /// What is read and not shown yet, the newest last.
    rows: Vec<(u64, R)>,
    left: u64,
}

impl<R> Pile<R> {
    /// Reads on until there is a row to show, or nothing left.
    fn fill<L: Listed<Row = R>>(
        &mut self,
        list: &L,
        reader: &mut dyn TableReader,
        limit: u64,
    ) -> Result<(), StoreError> {
        while self.rows.is_empty() && self.left > 0 {
            let Stretch { rows, left } = list.stretch(reader, Below { group: self.group, number: self.left, limit })?;
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
pub fn page<L: Listed>(
    list: &L,
    reader: &mut dyn TableReader,
    after: Option<&Places>,
    limit: usize,
) -> Result<(Vec<L::Row>, Option<Places>), StoreError> {
    let at_once = STRETCH.min(limit as u64 + 1);
    let begin = |(group, above): (u64, u64)| {
        let left = after.map_or(above, |after| after.of_group(group).min(above));
        Pile { group, rows: Vec::new(), left }
    };
    let mut piles: Vec<Pile<L::Row>> = list.groups(reader)?.into_iter().map(begin).collect();
    let mut shown = Vec::with_capacity(limit);
    while shown.len() < limit {
        for pile in &mut piles {
            pile.fill(list, reader, at_once)?;
        }
        let newest = piles.iter_mut().max_by_key(|pile| pile.rows.last().map(|(_, row)| (L::at(row), pile.group)));
        let Some((_, row)) = newest.and_then(|pile| pile.rows.pop()) else { break };
        shown.push(row);
    }
    let mut is_more = piles.iter().any(|pile| !pile.rows.is_empty());
    for pile in &mut piles {
        if !is_more {
            pile.fill(list, reader, at_once)?;
            is_more = !pile.rows.is_empty();
        }
    }
    let places = || Places::new(piles.iter().map(|pile| (pile.group, pile.unshown())).collect());
    Ok((shown, is_more.then(places)))
}
