//! The rows in memory, of all tables of a node.

use store::{StoreError, TableReader};
use typed::{KeyValue, Row};

use crate::shelf::{AnyShelf, NotHere, Shelf};

/// So many bytes a row has in a record beside its own form and the text of its key, at most.
const AROUND: usize = 32;

/// Opens the shelf of one table. Made by [`shelf`].
pub type OpenShelf = Box<dyn Fn(&mut dyn TableReader) -> Result<Opened, StoreError> + Send>;

/// A shelf that was opened.
pub struct Opened(Box<dyn AnyShelf>);

/// What a service names its tables by: `shelf::<Hold>()`.
pub fn shelf<R: Row>() -> OpenShelf {
    Box::new(|reader| Ok(Opened(Box::new(Shelf::<R>::open(reader)?))))
}

/// A row that must be fetched before its message can be handled.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub table: u16,
    pub key: KeyValue,
}

/// All shelves of a node, found by the number of their table.
pub(crate) struct Memory {
    shelves: Vec<Box<dyn AnyShelf>>,
    by_table: Vec<Option<u16>>,
    /// The places of the shelves that changed since the last `keep` or `roll_back`; a place may stand here twice.
    changed: Vec<u16>,
    /// How long the changed rows are in a record at most, and how long those were that are kept.
    weight: usize,
    kept_weight: usize,
    /// The record that is being made.
    pub seq: u64,
    /// How often a row was set, whether that was kept or not.
    pub writes: u64,
}

impl Memory {
    pub(crate) fn open(tables: &[OpenShelf], reader: &mut dyn TableReader, seq: u64) -> Result<Self, StoreError> {
        let (shelves, by_table, changed) = (Vec::new(), Vec::new(), Vec::new());
        let mut memory = Self { shelves, by_table, changed, weight: 0, kept_weight: 0, seq, writes: 0 };
        for open in tables {
            let Opened(shelf) = open(reader)?;
            let number = usize::from(shelf.table().number);
            memory.by_table.resize(memory.by_table.len().max(number + 1), None);
            assert!(memory.by_table[number].is_none(), "two tables have the number {number}");
            memory.by_table[number] = u16::try_from(memory.shelves.len()).ok();
            memory.shelves.push(shelf);
        }
        Ok(memory)
    }

    fn place(&self, table: u16) -> u16 {
        let place = self.by_table.get(usize::from(table)).copied().flatten();
        place.unwrap_or_else(|| panic!("no service on this node has a table with the number {table}"))
    }

    fn any(&mut self, table: u16) -> &mut Box<dyn AnyShelf> {
        let place = self.place(table);
        &mut self.shelves[usize::from(place)]
    }

    pub(crate) fn shelf<R: Row>(&mut self) -> &mut Shelf<R> {
        let shelf = self.any(R::TABLE.number).as_any_mut().downcast_mut();
        shelf.unwrap_or_else(|| panic!("two rows claim the table {}", R::TABLE.name))
    }

    pub(crate) fn get<R: Row>(&mut self, key: &R::Key) -> Result<Option<R>, Wanted> {
        match self.shelf::<R>().get(key) {
            Ok(row) => Ok(row.cloned()),
            Err(NotHere) => Err(Wanted { table: R::TABLE.number, key: typed::Key::to_value(key) }),
        }
    }

    pub(crate) fn set<R: Row>(&mut self, key: R::Key, row: Option<R>) {
        let (seq, place) = (self.seq, self.place(R::TABLE.number));
        self.changed.push(place);
        self.writes += 1;
        let text = if let KeyValue::Text(text) = typed::Key::to_value(&key) { text.len() } else { 0 };
        self.weight += AROUND + text + row.as_ref().map_or(0, Row::weight);
        self.shelf::<R>().set(key, row, seq);
    }

    pub(crate) fn fetch(&mut self, wanted: &Wanted, reader: &mut dyn TableReader) -> Result<(), StoreError> {
        self.any(wanted.table).fetch(std::slice::from_ref(&wanted.key), reader)
    }

    pub(crate) fn fetch_all(&mut self, wanted: &mut [Wanted], reader: &mut dyn TableReader) -> Result<(), StoreError> {
        wanted.sort_unstable_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
        for of_table in wanted.chunk_by(|a, b| a.table == b.table) {
            let keys: Vec<KeyValue> = of_table.iter().map(|wanted| wanted.key.clone()).collect();
            self.any(of_table[0].table).fetch(&keys, reader)?;
        }
        Ok(())
    }

    /// How long the rows that changed in this record are at most. One that changed often counts as often.
    pub(crate) fn weight(&self) -> usize {
        self.weight
    }

    /// Begins the record `seq`.
    pub(crate) fn begin(&mut self, seq: u64) {
        (self.seq, self.weight, self.kept_weight) = (seq, 0, 0);
    }

    pub(crate) fn keep(&mut self) {
        self.kept_weight = self.weight;
        self.changed.drain(..).for_each(|place| self.shelves[usize::from(place)].keep());
    }

    pub(crate) fn roll_back(&mut self) {
        self.weight = self.kept_weight;
        self.changed.drain(..).for_each(|place| self.shelves[usize::from(place)].roll_back());
    }

    pub(crate) fn age(&mut self, applied: u64) {
        self.shelves.iter_mut().for_each(|shelf| shelf.age(applied));
    }

    pub(crate) fn shelves_mut(&mut self) -> impl Iterator<Item = &mut Box<dyn AnyShelf>> {
        self.shelves.iter_mut()
    }
}

/// The rows in memory, to be looked at.
pub struct View<'a>(pub(crate) &'a mut Memory);

impl View<'_> {
    /// The row of `key`: `Some(None)` if there is none, `None` if only the table on disk can tell.
    pub fn get<R: Row>(&self, key: &R::Key) -> Option<Option<R>> {
        let place = self.0.by_table.get(usize::from(R::TABLE.number)).copied().flatten()?;
        let shelf = self.0.shelves[usize::from(place)].as_any().downcast_ref::<Shelf<R>>()?;
        shelf.peek(key).ok().map(|row| row.cloned())
    }
}
