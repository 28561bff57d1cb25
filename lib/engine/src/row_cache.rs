//! The rows of one table that are in memory: all that the table on disk does not have yet, and those used lately.

use std::any::Any;

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;
use store::{StoreError, TableReader};
use typed::{Key, KeyValue, Row, Table, Text};

use crate::highest::Highest;

/// How many rows of a table each of the two generations keeps. Two of them, of some 300 bytes each, are about 20 MB at most.
const GENERATION: usize = 32_768;

/// A row in memory.
struct Slot<R> {
    /// The row as it is; `None` where there is none. Apart, because maps move what they hold when they grow. Not shared with the table
    /// writer, which has its form: what one thread makes and another one drops is seldom at hand when it is wanted.
    row: Option<Box<R>>,
    /// The record in which it changed last; zero if it is as the table on disk has it.
    changed: u64,
    /// Whether it is known that there was no such row before that record.
    fresh: bool,
}

/// What the engine does with a table without knowing its rows.
pub(crate) trait AnyRowCache: Send {
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
    fn table(&self) -> &'static Table;
    /// Keeps what was changed since the last call of this or of `roll_back`.
    fn keep(&mut self);
    /// Takes back what was changed since.
    fn roll_back(&mut self);
    /// Gives `take` each row that changed in record `seq`, once, in the form of the journal; `None` where it is gone. The
    /// form is made in `room`.
    fn take_changes(&mut self, seq: u64, room: &mut Vec<u8>, take: TakeChange<'_>);
    /// Fetches the row of `key` from the table.
    fn fetch(&mut self, keys: &[KeyValue], reader: &mut dyn TableReader) -> Result<(), StoreError>;
    /// Lets go of rows not used lately, if the table on disk has them: it is at record `applied`.
    fn evict(&mut self, applied: u64);
}

/// Takes the key of a row that changed, and the row; `None` if it is gone.
pub(crate) type TakeChange<'a> = &'a mut dyn FnMut(KeyValue, Option<Changed<'_>>);

/// A row that changed.
pub(crate) struct Changed<'a> {
    /// Its form in the journal.
    pub form: &'a [u8],
    /// The list that it stands in, if its table has lists.
    pub list: Option<&'a Text>,
    /// Whether it is known that there was no such row before.
    pub is_new: bool,
}

/// The rows of one table.
pub(crate) struct RowCache<R: Row> {
    young: HashMap<R::Key, Slot<R>>,
    old: HashMap<R::Key, Slot<R>>,
    /// The highest integer key seen in each group: a higher one is new.
    highest: Highest,
    undo: Vec<(R::Key, Option<Slot<R>>)>,
    touched: Vec<R::Key>,
    /// How many of `touched` are kept.
    kept: usize,
}

/// A row is not in memory, and whether there is one is not known without a look at the table.
pub(crate) struct NotCached;

impl<R: Row> RowCache<R> {
    /// An empty cache over the table as `reader` finds it.
    pub(crate) fn open(reader: &mut dyn TableReader) -> Result<Self, StoreError> {
        let highest = reader.highest(R::TABLE)?.into_iter().filter_map(|key| u64::group(&KeyValue::Int(key))).collect();
        let (young, old) = (HashMap::new(), HashMap::new());
        Ok(Self { young, old, highest, undo: Vec::new(), touched: Vec::new(), kept: 0 })
    }

    /// The row of `key`, if there is one.
    pub(crate) fn get(&mut self, key: &R::Key) -> Result<Option<&R>, NotCached> {
        // First: a row that is made anew is asked for as well, and to look for it in vain is to look at memory that is not at hand.
        if is_new::<R>(&self.highest, key) {
            return Ok(None);
        }
        let slot = match self.young.entry_ref(key) {
            EntryRef::Occupied(young) => young.into_mut(),
            EntryRef::Vacant(vacant) => match self.old.remove(key) {
                Some(slot) => vacant.insert_with_key(key.clone(), slot),
                None => return Err(NotCached),
            },
        };
        Ok(slot.row.as_deref())
    }

    /// The row of `key` if it is in memory, without keeping it there any longer for that.
    pub(crate) fn peek(&self, key: &R::Key) -> Result<Option<&R>, NotCached> {
        if is_new::<R>(&self.highest, key) {
            return Ok(None);
        }
        let slot = self.young.get(key).or_else(|| self.old.get(key));
        slot.map(|slot| slot.row.as_deref()).ok_or(NotCached)
    }

    /// The keys of the rows that changed in the record that is being made.
    pub(crate) fn touched(&self) -> &[R::Key] {
        &self.touched
    }

    /// Puts `row` in the place of `key`, as part of record `seq`.
    pub(crate) fn set(&mut self, key: R::Key, row: Option<R>, seq: u64) {
        let is_new = R::Key::GROUPED
            && R::Key::group(&key.to_value()).is_some_and(|(group, key)| self.highest.rises(group, key));
        let mut slot = Slot { row: row.map(Box::new), changed: seq, fresh: is_new };
        let follow = |slot: &mut Slot<R>, before: &Slot<R>| {
            slot.fresh = if before.changed == seq { before.fresh } else { before.row.is_none() };
            before.changed == seq
        };
        let (before, is_touched) = match self.young.entry_ref(&key) {
            EntryRef::Occupied(mut young) => {
                let is_touched = follow(&mut slot, young.get());
                (Some(young.insert(slot)), is_touched)
            }
            EntryRef::Vacant(vacant) => {
                let old = if is_new { None } else { self.old.remove(&key) };
                let is_touched = old.as_ref().is_some_and(|old| follow(&mut slot, old));
                vacant.insert_with_key(key.clone(), slot);
                (old, is_touched)
            }
        };
        if !is_touched {
            self.touched.push(key.clone());
        }
        self.undo.push((key, before));
    }
}

/// Whether `key` is above all that were seen in its group: then it is in no cache and in no table.
fn is_new<R: Row>(highest: &Highest, key: &R::Key) -> bool {
    R::Key::GROUPED && R::Key::group(&key.to_value()).is_some_and(|(group, key)| highest.is_below(group, key))
}

impl<R: Row> AnyRowCache for RowCache<R> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn table(&self) -> &'static Table {
        R::TABLE
    }

    fn keep(&mut self) {
        self.undo.clear();
        self.kept = self.touched.len();
    }

    fn roll_back(&mut self) {
        self.touched.truncate(self.kept);
        while let Some((key, before)) = self.undo.pop() {
            match before {
                Some(slot) => drop(self.young.insert(key, slot)),
                None => drop(self.young.remove(&key)),
            }
        }
    }

    fn take_changes(&mut self, seq: u64, room: &mut Vec<u8>, take: TakeChange<'_>) {
        self.kept = 0;
        for key in self.touched.drain(..) {
            let Some(slot) = self.young.get_mut(&key).filter(|slot| slot.changed == seq) else { continue };
            match &slot.row {
                Some(row) => {
                    room.clear();
                    row.encode_into(room);
                    debug_assert!(room.len() <= row.weight(), "{row:?} has {} bytes", room.len());
                    take(key.to_value(), Some(Changed { form: room, list: row.list(), is_new: slot.fresh }));
                }
                // Not zero: an earlier record may have deleted it, and the table on disk may not know that yet.
                None if slot.fresh => slot.changed = seq - 1,
                None => take(key.to_value(), None),
            }
        }
    }

    fn fetch(&mut self, keys: &[KeyValue], reader: &mut dyn TableReader) -> Result<(), StoreError> {
        let wanted = |key: &KeyValue| R::Key::from_value(key).filter(|key| self.peek(key).is_err());
        let missing: Vec<R::Key> = keys.iter().filter_map(wanted).collect();
        let values: Vec<KeyValue> = missing.iter().map(Key::to_value).collect();
        for row in store::rows_of::<R>(reader.load(R::TABLE, &values)?) {
            self.young.insert(row.key(), Slot { row: Some(Box::new(row)), changed: 0, fresh: false });
        }
        for key in missing {
            self.young.entry(key).or_insert(Slot { row: None, changed: 0, fresh: true });
        }
        Ok(())
    }

    fn evict(&mut self, applied: u64) {
        if self.young.len() <= GENERATION {
            return;
        }
        // The maps change places and keep their room: to make it anew for each generation costs more than the rows.
        std::mem::swap(&mut self.young, &mut self.old);
        self.young.retain(|_, slot| slot.changed > applied);
    }
}
