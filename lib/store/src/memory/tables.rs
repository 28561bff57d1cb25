//! The tables in memory: of each its rows by their keys, as values of its columns.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use typed::{AnyFilter, AnyTerm, Cell, Cells, Comparison, KeyValue, Table, Value};

use super::condition::{holds, value_of};
use crate::{AnyFind, Applied, Epoch};

/// The values of a row's columns.
pub(super) type Values = Arc<[Value]>;

/// Rows by their keys.
pub(super) type Rows = BTreeMap<Value, Values>;

/// All tables, as of one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables {
    /// By the number of the table.
    pub rows: BTreeMap<u16, Arc<Rows>>,
    /// In which records a subject is spoken of.
    pub trail: Arc<BTreeSet<(u64, u64)>>,
    pub applied: Applied,
    pub epoch: Epoch,
}

impl Tables {
    pub fn rows_of(&self, table: &Table) -> Option<&Rows> {
        self.rows.get(&table.number).map(|rows| &**rows)
    }

    /// The rows of `find`, in its order.
    pub fn found(&self, find: &AnyFind) -> Vec<&Values> {
        let Some(rows) = self.rows_of(find.table) else { return Vec::new() };
        let Some(range) = range(&find.filters) else { return Vec::new() };
        let skip = usize::try_from(find.skip).unwrap_or(usize::MAX);
        let limit = find.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let wanted = |row: &&Values| find.filters.iter().all(|filter| holds(filter, row)) && is_after(find, row);
        let rows = rows.range(range).map(|(_, row)| row);
        match find.order.first() {
            None => rows.filter(wanted).skip(skip).take(limit).collect(),
            // No two rows have one key, so that nothing else sorts them.
            Some(first) if is_key(&first.term) && !first.descending => {
                rows.filter(wanted).skip(skip).take(limit).collect()
            }
            Some(first) if is_key(&first.term) => rows.rev().filter(wanted).skip(skip).take(limit).collect(),
            Some(_) => {
                let mut sorted: Vec<(Vec<Value>, &Values)> =
                    rows.filter(wanted).map(|row| (place(find, row), row)).collect();
                sorted.sort_by(|(a, _), (b, _)| compared(find, a, b));
                sorted.into_iter().map(|(_, row)| row).skip(skip).take(limit).collect()
            }
        }
    }
}

/// What a row is sorted by.
fn place(find: &AnyFind, row: &[Value]) -> Vec<Value> {
    find.order.iter().map(|order| value_of(&order.term, row)).collect()
}

/// How two rows are sorted, as far as both places are known.
fn compared(find: &AnyFind, a: &[Value], b: &[Value]) -> std::cmp::Ordering {
    let each = find.order.iter().zip(a.iter().zip(b));
    let each = each.map(|(order, (a, b))| if order.descending { b.cmp(a) } else { a.cmp(b) });
    each.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
}

fn is_after(find: &AnyFind, row: &[Value]) -> bool {
    find.after.is_empty() || find.order.is_empty() || compared(find, &place(find, row), &find.after).is_gt()
}

fn is_key(term: &AnyTerm) -> bool {
    matches!(term, AnyTerm::Column(column) if column.place == 0)
}

/// The keys that rows can have for which `filters` hold; `None` if there are none.
fn range(filters: &[AnyFilter]) -> Option<(Bound<Value>, Bound<Value>)> {
    let (mut low, mut high) = (Bound::Unbounded, Bound::Unbounded);
    for filter in filters {
        let AnyFilter::Compare { term, how, to, .. } = filter else { continue };
        if !is_key(term) {
            continue;
        }
        let to = to.clone();
        match how {
            Comparison::Is => {
                low = higher(low, Bound::Included(to.clone()));
                high = lower(high, Bound::Included(to));
            }
            Comparison::IsNot => {}
            Comparison::Below => high = lower(high, Bound::Excluded(to)),
            Comparison::AtMost => high = lower(high, Bound::Included(to)),
            Comparison::Above => low = higher(low, Bound::Excluded(to)),
            Comparison::AtLeast => low = higher(low, Bound::Included(to)),
        }
    }
    let is_some = match (&low, &high) {
        (Bound::Included(low), Bound::Included(high)) => low <= high,
        (Bound::Included(low) | Bound::Excluded(low), Bound::Included(high) | Bound::Excluded(high)) => low < high,
        _ => true,
    };
    is_some.then_some((low, high))
}

/// The narrower of two lower bounds.
fn higher(a: Bound<Value>, b: Bound<Value>) -> Bound<Value> {
    match (&a, &b) {
        (Bound::Unbounded, _) => b,
        (_, Bound::Unbounded) => a,
        (Bound::Excluded(x), Bound::Included(y)) if x == y => a,
        (Bound::Included(x) | Bound::Excluded(x), Bound::Included(y) | Bound::Excluded(y)) => {
            if x > y {
                a
            } else {
                b
            }
        }
    }
}

/// The narrower of two upper bounds.
fn lower(a: Bound<Value>, b: Bound<Value>) -> Bound<Value> {
    match (&a, &b) {
        (Bound::Unbounded, _) => b,
        (_, Bound::Unbounded) => a,
        (Bound::Excluded(x), Bound::Included(y)) if x == y => a,
        (Bound::Included(x) | Bound::Excluded(x), Bound::Included(y) | Bound::Excluded(y)) => {
            if x < y {
                a
            } else {
                b
            }
        }
    }
}

/// The cells of a row.
pub(super) struct RowCells<'a>(pub &'a [Value]);

impl Cells for RowCells<'_> {
    fn cell(&self, position: usize) -> Cell<'_> {
        self.0.get(position).map_or(Cell::Null, Value::cell)
    }
}

/// A key as a value.
pub(super) fn key(key: &KeyValue) -> Value {
    key.into()
}
