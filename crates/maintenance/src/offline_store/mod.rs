//! The store of a stopped shop: opened to be changed, by `rebuild` and `restore`; or to be read and left as it is, by `check` and the
//! verbs that take `--data`. An existing one only.

mod copied;
mod journal_read;
mod progress;
mod view;

use std::collections::BTreeMap;
use std::path::Path;

use contracts::{Message, Recipes, StorefrontNo};
use engine::Tables;
use order::Order;
use store::sqlite::{SqliteJournal, SqliteReader, SqliteStore};
use store::{Find, StoreError, TableReader};

pub use copied::copied;
pub use journal_read::JournalRead;
pub use progress::Progress;
pub use view::{JournalPrefix, OfflineView, forward};

/// A store that was found and is held, to be changed, until this is dropped.
pub struct OfflineStore {
    store: SqliteStore,
    /// Its journal.
    pub journal: SqliteJournal,
}

/// How far the tables are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forward {
    /// The last record, which the tables contain now.
    pub seq: u64,
    /// Its sum.
    pub sum: u32,
    /// How many records had to be applied for that.
    pub applied: u64,
}

impl OfflineStore {
    /// Opens the store in `dir`.
    ///
    /// # Errors
    /// If there is none, or it is in use, or of a newer version.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        drop(store::sqlite::read_journal(dir)?);
        let store = SqliteStore::open(dir, &host::migrations())?;
        let journal = store.journal()?;
        Ok(Self { store, journal })
    }

    /// Brings its tables up to its journal.
    ///
    /// # Errors
    /// If the journal is damaged or the tables cannot be written.
    pub fn bring_forward(&mut self, progress: &mut Progress) -> Result<Forward, StoreError> {
        let tables = Tables::new(host::tables());
        let mut writer = self.store.writer()?;
        let mut told = |at, last| progress.at(at, last);
        let done = engine::bring_forward::<Message>(&mut self.journal, &tables, &mut writer, &mut told);
        progress.end();
        done.map(|(seq, sum, applied)| Forward { seq, sum, applied })
    }

    /// Its tables, to be read.
    ///
    /// # Errors
    /// If they cannot be opened.
    pub fn reader(&self) -> Result<SqliteReader, StoreError> {
        self.store.reader()
    }
}

/// Refuses tables with orders of a storefront that is not among `known`: without its recipe nobody can tell how they should be.
///
/// # Errors
/// Which one, and what to do.
pub fn refuse_unknown(reader: &mut dyn TableReader, known: &Recipes) -> Result<(), String> {
    let sold = orders_by_storefront(reader).map_err(|error| error.to_string())?;
    match sold.keys().find(|storefront| !known.contains_key(storefront)) {
        None => Ok(()),
        Some(StorefrontNo(number)) => Err(format!(
            "there are orders of storefront number {number}, which is not known; name its directory with --storefronts"
        )),
    }
}

/// How many orders each storefront has, as they say themselves; those with none are left out.
///
/// # Errors
/// If the tables cannot be read.
pub fn orders_by_storefront(reader: &mut dyn TableReader) -> Result<BTreeMap<StorefrontNo, u64>, StoreError> {
    let mut orders = BTreeMap::new();
    Find::all().each(reader, Order::COLUMNS.storefront, |storefront| *orders.entry(storefront).or_default() += 1)?;
    Ok(orders)
}
