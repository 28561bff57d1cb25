//! Brings tables forward to the end of the journal: after a crash from where they were, after a loss from the beginning.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use hashbrown::DefaultHashBuilder;
use indexmap::IndexMap;
use indexmap::map::Entry;
use store::{Applied, Change, Epoch, Form, Journal, StoreError, TableWriter, last_followed};
use typed::{KeyValue, Message, SubjectKey, Table};

use crate::batch::ChangedRow;
use crate::record::{Body, RowChange};

/// How many records are read at a time.
const RECORDS: usize = 256;
/// How many changed rows are written in one transaction.
const ROWS: usize = 50_000;

/// The tables of a node, by their numbers.
#[derive(Debug, Default, Clone)]
pub struct Tables(Vec<&'static Table>);

impl Tables {
    /// These tables.
    pub fn new(tables: impl IntoIterator<Item = &'static Table>) -> Self {
        Self(tables.into_iter().collect())
    }

    pub(crate) fn get(&self, number: u16) -> Option<&'static Table> {
        self.0.iter().find(|table| table.number == number).copied()
    }
}

/// Changes that are not in the tables yet: of each row the last.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    /// By the numbers of the tables, and then as they first came: numbers mostly rise, so the store has little left to sort.
    rows: BTreeMap<u16, IndexMap<KeyValue, Waiting, DefaultHashBuilder>>,
    row_count: usize,
    trail: Vec<(u64, u64)>,
    upto: Applied,
    /// The last record that was applied; zero before the first time.
    applied: u64,
}

/// A row that is to be written, as it is after the last change of it.
#[derive(Debug)]
struct Waiting {
    /// Of the record in which it changed last.
    payload: Arc<[u8]>,
    /// Where its form stands in that; `None` if it is gone.
    row: Option<Range<usize>>,
    /// Whether the tables have no such row.
    is_new: bool,
}

impl Pending {
    pub(crate) fn len(&self) -> usize {
        self.row_count + self.trail.len()
    }

    /// Whether there is a record that the tables do not have yet. One without rows and subjects counts too.
    pub(crate) fn is_behind(&self) -> bool {
        self.upto.seq > self.applied
    }

    /// Adds what a record changed, whose forms stand in `payload`.
    pub(crate) fn add(
        &mut self,
        record: Applied,
        payload: &Arc<[u8]>,
        rows: impl IntoIterator<Item = ChangedRow>,
        trail: impl Iterator<Item = SubjectKey>,
    ) {
        let seq = record.seq;
        for ChangedRow { table, key, row, is_new, .. } in rows {
            let payload = payload.clone();
            match self.rows.entry(table).or_default().entry(key) {
                Entry::Occupied(mut waiting) => {
                    let is_new = waiting.get().is_new;
                    waiting.insert(Waiting { payload, row, is_new });
                }
                Entry::Vacant(vacant) => {
                    vacant.insert(Waiting { payload, row, is_new });
                    self.row_count += 1;
                }
            }
        }
        let from = self.trail.len();
        self.trail.extend(trail.filter(|subject| !subject.is_none()).map(|subject| (subject.number(), seq)));
        self.trail[from..].sort_unstable();
        let mut kept = from;
        for at in from..self.trail.len() {
            if at == from || self.trail[at] != self.trail[kept - 1] {
                self.trail[kept] = self.trail[at];
                kept += 1;
            }
        }
        self.trail.truncate(kept);
        self.upto = record;
    }

    pub(crate) fn apply(&mut self, tables: &Tables, writer: &mut dyn TableWriter) -> Result<u64, StoreError> {
        let mut changes = Vec::with_capacity(self.row_count);
        for (number, rows) in &self.rows {
            let Some(table) = tables.get(*number) else {
                let why = format!("it changes a row of table {number}, which this maejin does not know");
                return Err(StoreError::Damaged { seq: self.upto.seq, why });
            };
            for (key, Waiting { payload, row, is_new }) in rows {
                let row = row.clone().map(|at| Form::Journal(&payload[at]));
                // What came and went in between need not be deleted: a timer, mostly, and what was done outside.
                if row.is_some() || !is_new {
                    changes.push(Change { table, key: key.clone(), row });
                }
            }
        }
        writer.apply(&mut changes, &mut self.trail, self.upto)?;
        self.rows.values_mut().for_each(IndexMap::clear);
        self.row_count = 0;
        self.trail.clear();
        self.applied = self.upto.seq;
        Ok(self.applied)
    }
}

/// A shard that was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The epoch in which it is owned.
    pub epoch: Epoch,
    /// The number and the sum of its last record, which the tables contain; zeros if there is none.
    pub last: (u64, u32),
    /// How many records the tables did not contain.
    pub applied: u64,
}

/// Takes over a shard from whoever had it before, if anybody had: from then on nobody else appends to `journal` or writes with `writer`, and
/// the tables are up to the journal. `progress` is told the record reached and the last one.
///
/// # Errors
/// [`StoreError::Fenced`] if another one takes it over meanwhile; [`StoreError::Damaged`] as [`bring_forward`] says.
pub fn take_over<M: Message>(
    journal: &mut dyn Journal,
    tables: &Tables,
    writer: &mut dyn TableWriter,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Taken, StoreError> {
    // In this order: the last record is the last only once nobody else can append.
    let epoch = journal.claim()?;
    writer.claim(epoch)?;
    let (seq, sum, applied) = bring_forward::<M>(journal, tables, writer, progress)?;
    Ok(Taken { epoch, last: (seq, sum), applied })
}

/// Applies to the tables what the journal has beyond them. Returns the number and the sum of the last record, and how many records
/// were applied. `progress` is told the record reached and the last one.
///
/// # Errors
/// [`StoreError::Damaged`] where the journal is not what was written; the tables are then at a record before that one.
pub fn bring_forward<M: Message>(
    journal: &mut dyn Journal,
    tables: &Tables,
    writer: &mut dyn TableWriter,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(u64, u32, u64), StoreError> {
    let applied = writer.applied()?;
    let Some(last) = last_followed(journal, applied)? else { return Ok((0, 0, 0)) };
    adopt(applied, journal, writer)?;
    let mut pending = Pending::default();
    let mut next = applied.seq + 1;
    while next <= last.seq {
        for record in journal.read(next, RECORDS)? {
            let body = Body::<M>::read(record.seq, record.at, &record.body)
                .map_err(|why| StoreError::Damaged { seq: record.seq, why })?;
            let place = Applied::of(record.seq, record.sum);
            let subjects = body.messages.iter().map(|message| message.subject);
            let changed = |RowChange { table, key, row }| ChangedRow { table, key, row, list: None, is_new: false };
            pending.add(place, &body.payload, body.rows.into_iter().map(changed), subjects);
            next = record.seq + 1;
        }
        if pending.len() >= ROWS || next > last.seq {
            pending.apply(tables, writer)?;
            progress(next - 1, last.seq);
        }
    }
    Ok((last.seq, last.sum, last.seq - applied.seq))
}

/// Notes the sum of the last record in tables that an older version wrote: they are taken to be this journal's.
fn adopt(applied: Applied, journal: &mut dyn Journal, writer: &mut dyn TableWriter) -> Result<(), StoreError> {
    if applied.seq == 0 || applied.sum.is_some() {
        return Ok(());
    }
    let found = journal.read(applied.seq, 1)?;
    let sum = found.first().map(|record| record.sum);
    writer.apply(&mut [], &mut [], Applied { sum, ..applied })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system_tables::Watermark;
    use typed::Row;

    /// Tables that keep nothing but the keys of what was changed last, each with whether the row is there.
    #[derive(Default)]
    struct Changes(Vec<(KeyValue, bool)>);

    impl TableWriter for Changes {
        fn applied(&mut self) -> Result<Applied, StoreError> {
            Ok(Applied::default())
        }
        fn claim(&mut self, _: Epoch) -> Result<(), StoreError> {
            Ok(())
        }
        fn apply(&mut self, changes: &mut [Change<'_>], _: &mut [(u64, u64)], _: Applied) -> Result<(), StoreError> {
            self.0 = changes.iter().map(|change| (change.key.clone(), change.row.is_some())).collect();
            Ok(())
        }
    }

    #[test]
    fn a_row_that_came_and_went_in_between_is_not_written_and_one_that_the_tables_may_have_is_deleted() {
        let (tables, mut pending, mut written) =
            (Tables::new([Watermark::TABLE]), Pending::default(), Changes::default());
        let row = || Some(0..3);
        let record = |pending: &mut Pending, seq, key, row, is_new| {
            let rows =
                [ChangedRow { table: Watermark::TABLE.number, key: KeyValue::Int(key), row, list: None, is_new }];
            pending.add(Applied::of(seq, 0), &[0; 3].into(), rows, std::iter::empty());
        };
        for key in [1, 2, 3] {
            record(&mut pending, key, key, row(), key != 3);
        }
        for key in [1, 3] {
            record(&mut pending, 3 + key, key, None, false);
        }
        pending.apply(&tables, &mut written).unwrap();
        assert_eq!(written.0, [(KeyValue::Int(2), true), (KeyValue::Int(3), false)]);

        // What went before this came again, so the tables may have what was there first.
        record(&mut pending, 7, 2, None, false);
        record(&mut pending, 8, 2, row(), true);
        record(&mut pending, 9, 2, None, false);
        pending.apply(&tables, &mut written).unwrap();
        assert_eq!(written.0, [(KeyValue::Int(2), false)]);
    }
}
