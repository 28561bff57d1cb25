//! All tables anew, from the rows in the journal.

use std::fmt;
use std::path::Path;

use store::sqlite::SqliteStore;
use store::{AnyFind, StoreError, TableReader};

use crate::offline_store::{JournalRead, OfflineStore, OfflineView, Progress};

/// What was rebuilt.
#[derive(Debug, PartialEq, Eq)]
pub struct Rebuilt {
    records: u64,
    messages: u64,
    /// How many rows each table has now.
    rows: Vec<(&'static str, u64)>,
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rebuilt all tables from {} journal records with {} messages:", self.records, self.messages)?;
        self.rows.iter().try_for_each(|(table, rows)| write!(f, "\n  {table:<22} {rows:>10}"))
    }
}

/// Rebuilds the tables of the store in `dir`. The journal is read to its end before anything is deleted.
pub fn rebuild(dir: &Path) -> Result<Rebuilt, String> {
    // As it is: the tables may be anything, also another journal's.
    let mut store = OfflineView::open(dir).map_err(|error| error.to_string())?;
    let mut progress = Progress::of("reading the journal");
    let read = JournalRead::of(&mut store.journal, &mut progress).map_err(|error| error.to_string())?;
    drop(store);
    if let Some(damage) = &read.damage {
        return Err(format!("the journal is damaged, so the tables stay as they are: {damage}"));
    }
    if let Some(elsewhere) = read.elsewhere.first() {
        return Err(format!("the tables stay as they are: {elsewhere}"));
    }
    again(dir, &read).map_err(|error| error.to_string())
}

fn again(dir: &Path, read: &JournalRead) -> Result<Rebuilt, StoreError> {
    SqliteStore::forget_tables(dir)?;
    let mut store = OfflineStore::open(dir)?;
    let forward = store.bring_forward(&mut Progress::of("building the tables"))?;
    let mut reader = store.reader()?;
    let mut rows = Vec::new();
    for table in host::tables() {
        rows.push((table.name, reader.count(&AnyFind::all(table))?));
    }
    Ok(Rebuilt { records: forward.applied, messages: read.messages, rows })
}
