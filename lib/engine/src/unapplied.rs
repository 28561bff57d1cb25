//! Rows that are durable and that the tables may lack, by the lists that they stand in: who reads such a list need not wait for the tables.

use std::collections::{BTreeMap, VecDeque};
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::{DefaultHashBuilder, HashMap};
use store::StoreError;
use typed::{KeyValue, Row, Text};

use crate::batch::ChangedRow;

/// In so many parts, so that readers of different lists seldom wait for one another.
const PARTS: usize = 16;
/// A reader goes through so many at most. Who has more orders at a speed at which no person does: then the tables are written first.
const ROWS: usize = 64;

/// The rows, until the tables have them. How many they are is bounded by how far the tables may be behind.
#[derive(Debug, Default)]
pub(crate) struct Unapplied {
    hasher: DefaultHashBuilder,
    parts: [Mutex<Part>; PARTS],
}

/// The table and the list.
type ListKey = (u16, Text);

#[derive(Debug, Default)]
struct Part {
    lists: HashMap<ListKey, BTreeMap<KeyValue, Waiting>, DefaultHashBuilder>,
    /// What changed in which record, the oldest first.
    order: VecDeque<(u64, ListKey, KeyValue)>,
}

/// A row as it is after the record `seq`.
#[derive(Debug)]
struct Waiting {
    seq: u64,
    payload: Arc<[u8]>,
    at: Range<usize>,
}

impl Unapplied {
    fn part(&self, list: &ListKey) -> MutexGuard<'_, Part> {
        let hash = usize::try_from(self.hasher.hash_one(list) >> 32).unwrap_or_default();
        self.parts[hash % PARTS].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds those of `rows` that stand in lists, before anybody is told that they are durable. Their forms stand in `payload`.
    pub(crate) fn add(&self, seq: u64, payload: &Arc<[u8]>, rows: &[ChangedRow]) {
        for row in rows {
            let (Some(list), Some(at)) = (&row.list, &row.row) else { continue };
            let list = (row.table, list.clone());
            let mut part = self.part(&list);
            part.order.push_back((seq, list.clone(), row.key.clone()));
            let waiting = Waiting { seq, payload: payload.clone(), at: at.clone() };
            part.lists.entry(list).or_default().insert(row.key.clone(), waiting);
        }
    }

    /// Lets go of what the tables have: they contain everything up to the record `seq`.
    pub(crate) fn applied(&self, seq: u64) {
        for part in &self.parts {
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            let Part { lists, order } = &mut *part;
            while order.front().is_some_and(|(changed, ..)| *changed <= seq) {
                let Some((changed, list, key)) = order.pop_front() else { break };
                if let Some(rows) = lists.get_mut(&list) {
                    if rows.get(&key).is_some_and(|row| row.seq == changed) {
                        rows.remove(&key);
                    }
                    if rows.is_empty() {
                        lists.remove(&list);
                    }
                }
            }
        }
    }

    /// The rows in `list` of the table of `R`; `None` if there are more than a reader should go through.
    ///
    /// # Errors
    /// If a row cannot be read.
    pub(crate) fn rows<R: Row>(&self, list: &Text) -> Result<Option<Vec<R>>, StoreError> {
        let key = (R::TABLE.number, list.clone());
        let part = self.part(&key);
        let waiting = part.lists.get(&key);
        if waiting.is_some_and(|rows| rows.len() > ROWS) {
            return Ok(None);
        }
        let forms = waiting.into_iter().flat_map(BTreeMap::values).map(|row| (row.payload.clone(), row.at.clone()));
        let forms: Vec<_> = forms.collect();
        drop(part);
        let read = |why| StoreError::Row { table: R::TABLE.name, why };
        forms
            .into_iter()
            .map(|(payload, at)| R::decode_from(&payload[at]).map_err(read))
            .collect::<Result<_, _>>()
            .map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    typed::row! {
        /// Something of somebody.
        pub struct Thing in 903 "things" listed by owner {
            0 id: u64,
            1 owner: Text,
            2 count: u64,
        }
    }

    /// The things of a record: whose, which, and how many.
    fn record(unapplied: &Unapplied, seq: u64, things: &[(&str, u64, u64)]) {
        let (mut payload, mut rows) = (Vec::new(), Vec::new());
        for &(owner, id, count) in things {
            let thing = Thing { id, owner: owner.into(), count };
            let from = payload.len();
            thing.encode_into(&mut payload);
            let (row, list) = (Some(from..payload.len()), thing.list().cloned());
            rows.push(ChangedRow { table: Thing::TABLE.number, key: KeyValue::Int(id), row, list, is_new: false });
        }
        unapplied.add(seq, &payload.into(), &rows);
    }

    fn of(unapplied: &Unapplied, owner: &str) -> Vec<(u64, u64)> {
        unapplied.rows::<Thing>(&owner.into()).unwrap().unwrap().iter().map(|thing| (thing.id, thing.count)).collect()
    }

    #[test]
    fn a_list_has_the_last_of_each_row_until_the_tables_have_it() {
        let unapplied = Unapplied::default();
        record(&unapplied, 1, &[("kim", 1, 10), ("lee", 2, 20)]);
        record(&unapplied, 2, &[("kim", 3, 30)]);
        record(&unapplied, 3, &[("kim", 1, 11)]);
        assert_eq!((of(&unapplied, "kim"), of(&unapplied, "lee")), (vec![(1, 11), (3, 30)], vec![(2, 20)]));
        unapplied.applied(1);
        assert_eq!((of(&unapplied, "kim"), of(&unapplied, "lee")), (vec![(1, 11), (3, 30)], vec![]));
        unapplied.applied(2);
        assert_eq!(of(&unapplied, "kim"), [(1, 11)], "it changed since then");
        unapplied.applied(3);
        let parts = unapplied.parts.iter().map(|part| part.lock().unwrap());
        assert!(
            parts.into_iter().all(|part| part.lists.is_empty() && part.order.is_empty()),
            "nothing is kept for good"
        );
    }

    #[test]
    fn of_very_many_none_are_given() {
        let unapplied = Unapplied::default();
        for seq in 1..=300_000 {
            record(&unapplied, seq, &[("kim", seq, 1)]);
        }
        assert_eq!(unapplied.rows::<Thing>(&"kim".into()).unwrap(), None);
        unapplied.applied(300_000 - ROWS as u64);
        assert_eq!(of(&unapplied, "kim").len(), ROWS);
    }
}
