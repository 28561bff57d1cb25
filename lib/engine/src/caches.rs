//! The rows in memory, of all tables of a node.

use store::{StoreError, TableReader};
use typed::{KeyValue, Row};

use crate::row_cache::{AnyRowCache, NotCached, RowCache};
use crate::rows::Rows;

/// So many bytes a row has in a record beside its own form and the text of its key, at most.
const AROUND: usize = 32;

/// Opens the cache of one table. Made by [`row_cache`].
pub type OpenCache = Box<dyn Fn(&mut dyn TableReader) -> Result<OpenedCache, StoreError> + Send>;

/// A cache that was opened.
pub struct OpenedCache(Box<dyn AnyRowCache>);

/// What a service names its tables by: `row_cache::<Hold>()`.
pub fn row_cache<R: Row>() -> OpenCache {
    Box::new(|reader| Ok(OpenedCache(Box::new(RowCache::<R>::open(reader)?))))
}

/// A row that must be fetched before its message can be handled.
#[derive(Debug, Clone)]
pub(crate) struct MissingRow {
    pub table: u16,
    pub key: KeyValue,
}

/// All caches of a node, found by the number of their table.
pub(crate) struct Caches {
    all: Vec<Box<dyn AnyRowCache>>,
    by_table: Vec<Option<u16>>,
    /// The places of the caches that changed since the last `keep` or `roll_back`; a place may stand here twice.
    changed: Vec<u16>,
    /// How long the changed rows are in a record at most, and how long those were that are kept.
    weight: usize,
    kept_weight: usize,
    /// The record that is being made.
    pub seq: u64,
    /// How often a row was set, whether that was kept or not.
    pub writes: u64,
}

impl Caches {
    pub(crate) fn open(tables: &[OpenCache], reader: &mut dyn TableReader, seq: u64) -> Result<Self, StoreError> {
        let (all, by_table, changed) = (Vec::new(), Vec::new(), Vec::new());
        let mut caches = Self { all, by_table, changed, weight: 0, kept_weight: 0, seq, writes: 0 };
        for open in tables {
            let OpenedCache(cache) = open(reader)?;
            let number = usize::from(cache.table().number);
            caches.by_table.resize(caches.by_table.len().max(number + 1), None);
            assert!(caches.by_table[number].is_none(), "two tables have the number {number}");
            caches.by_table[number] = u16::try_from(caches.all.len()).ok();
            caches.all.push(cache);
        }
        Ok(caches)
    }

    fn place(&self, table: u16) -> u16 {
        let place = self.by_table.get(usize::from(table)).copied().flatten();
        place.unwrap_or_else(|| panic!("no service on this node has a table with the number {table}"))
    }

    fn any(&mut self, table: u16) -> &mut Box<dyn AnyRowCache> {
        let place = self.place(table);
        &mut self.all[usize::from(place)]
    }

    pub(crate) fn cache<R: Row>(&mut self) -> &mut RowCache<R> {
        let cache = self.any(R::TABLE.number).as_any_mut().downcast_mut();
        cache.unwrap_or_else(|| panic!("two rows claim the table {}", R::TABLE.name))
    }

    /// The cache of a table, if there is one.
    pub(crate) fn peek<R: Row>(&self) -> Option<&RowCache<R>> {
        let place = self.by_table.get(usize::from(R::TABLE.number)).copied().flatten()?;
        self.all[usize::from(place)].as_any().downcast_ref()
    }

    pub(crate) fn get<R: Row>(&mut self, key: &R::Key) -> Result<Option<R>, MissingRow> {
        self.look(key).map(|row| row.cloned())
    }

    pub(crate) fn look<R: Row>(&mut self, key: &R::Key) -> Result<Option<&R>, MissingRow> {
        let missing = |NotCached| MissingRow { table: R::TABLE.number, key: typed::Key::to_value(key) };
        self.cache::<R>().get(key).map_err(missing)
    }

    pub(crate) fn set<R: Row>(&mut self, key: R::Key, row: Option<R>) {
        let (seq, place) = (self.seq, self.place(R::TABLE.number));
        self.changed.push(place);
        self.writes += 1;
        let text = if let KeyValue::Text(text) = typed::Key::to_value(&key) { text.len() } else { 0 };
        self.weight += AROUND + text + row.as_ref().map_or(0, Row::weight);
        self.cache::<R>().set(key, row, seq);
    }

    pub(crate) fn fetch(&mut self, missing: &MissingRow, reader: &mut dyn TableReader) -> Result<(), StoreError> {
        self.any(missing.table).fetch(std::slice::from_ref(&missing.key), reader)
    }

    pub(crate) fn fetch_all(
        &mut self,
        missing: &mut [MissingRow],
        reader: &mut dyn TableReader,
    ) -> Result<(), StoreError> {
        missing.sort_unstable_by(|a, b| (a.table, &a.key).cmp(&(b.table, &b.key)));
        for of_table in missing.chunk_by(|a, b| a.table == b.table) {
            let keys: Vec<KeyValue> = of_table.iter().map(|row| row.key.clone()).collect();
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
        self.changed.drain(..).for_each(|place| self.all[usize::from(place)].keep());
    }

    pub(crate) fn roll_back(&mut self) {
        self.weight = self.kept_weight;
        self.changed.drain(..).for_each(|place| self.all[usize::from(place)].roll_back());
    }

    pub(crate) fn evict(&mut self, applied: u64) {
        self.all.iter_mut().for_each(|cache| cache.evict(applied));
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Box<dyn AnyRowCache>> {
        self.all.iter_mut()
    }
}

/// The rows in memory, to be looked at.
pub struct CacheView<'a>(pub(crate) &'a mut Caches);

impl CacheView<'_> {
    /// The row of `key`: `Some(None)` if there is none, `None` if only the table on disk can tell.
    pub fn get<R: Row>(&self, key: &R::Key) -> Option<Option<R>> {
        self.0.peek::<R>()?.peek(key).ok().map(|row| row.cloned())
    }

    /// The same rows, for a query.
    pub fn rows(&self) -> Rows<'_> {
        Rows::of(self.0, None)
    }
}
