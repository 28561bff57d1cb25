//! Compares the tables with the journal: builds them anew from it beside, and looks row by row for what differs.

use store::sqlite::{Differences, SqliteReader, TemporaryTables, compare, compare_trail};
use store::{Applied, Journal, StoreError, TableWriter, last_followed};

use crate::offline_store::{JournalPrefix, OfflineView, forward};

/// How many faults of the file are told.
const FAULTS: u32 = 20;

/// What was found.
pub struct Compared {
    /// The tables as the journal says they are now.
    pub right: SqliteReader,
    /// What the tables have otherwise, a line each.
    pub wrong: Vec<String>,
    /// Where they are built.
    _built: TemporaryTables,
}

/// Builds the tables of `store` from its journal, which is sound, and compares those it has.
///
/// # Errors
/// If the journal cannot be read, or there is no room to build them.
pub fn compared(store: &mut OfflineView) -> Result<Compared, StoreError> {
    let own = own(store);
    compared_with(&mut store.journal, own)
}

/// The same of tables of which `copy` is a copy, up to the record `applied` of `journal`.
///
/// # Errors
/// If the journal cannot be read, or there is no room to build them.
pub fn compared_copy(
    journal: &mut dyn Journal,
    copy: TemporaryTables,
    applied: Applied,
) -> Result<Compared, StoreError> {
    let followed = last_followed(journal, applied);
    let own = followed.and_then(|_| Ok(Some(Own { reader: copy.reader()?, applied, _copy: Some(copy) })));
    compared_with(journal, own)
}

fn compared_with(journal: &mut dyn Journal, own: Result<Option<Own>, StoreError>) -> Result<Compared, StoreError> {
    let built = TemporaryTables::empty(&host::migrations())?;
    let mut wrong = Vec::new();
    match own {
        Ok(None) => {}
        Ok(Some(mut own)) => {
            forward(&mut JournalPrefix { journal, last: own.applied.seq }, &built, "building the tables")?;
            faults(&mut own.reader, &mut wrong);
            differences(&built.reader()?, &own.reader, &mut wrong);
        }
        Err(why) => wrong.push(format!("the tables cannot be read: {why}")),
    }
    forward(journal, &built, "building the tables")?;
    Ok(Compared { right: built.reader()?, wrong, _built: built })
}

/// The tables that a store has, or a copy of them in the newest form.
struct Own {
    reader: SqliteReader,
    applied: Applied,
    _copy: Option<TemporaryTables>,
}

/// The tables of `store`, if there are any: a store without them is sound, and the next start builds them.
fn own(store: &mut OfflineView) -> Result<Option<Own>, StoreError> {
    let migrations = host::migrations();
    let reader = match store.files().reader() {
        Err(StoreError::Missing(_)) => return Ok(None),
        found => found?,
    };
    let own = match store.files().applied(&migrations)? {
        Some(applied) => Own { reader, applied, _copy: None },
        None => {
            let copy = store.files().copied(&migrations)?;
            Own { reader: copy.reader()?, applied: copy.writer()?.applied()?, _copy: Some(copy) }
        }
    };
    last_followed(&mut store.journal, own.applied)?;
    Ok(Some(own))
}

/// What SQLite itself finds wrong with the file, indexes that lack a row among it.
fn faults(own: &mut SqliteReader, wrong: &mut Vec<String>) {
    match own.faults(FAULTS) {
        Ok(found) => wrong.extend(found),
        Err(why) => wrong.push(why.to_string()),
    }
}

/// The rows in which `own` differs from `right`.
fn differences(right: &SqliteReader, own: &SqliteReader, wrong: &mut Vec<String>) {
    for table in host::tables() {
        let mut found = Differences::default();
        let done = compare(right, own, table, &mut found);
        tell(table.name, &found, done, wrong);
    }
    let mut found = Differences::default();
    let done = compare_trail(right, own, &mut found);
    tell("trail", &found, done, wrong);
}

/// Adds to `wrong` what was `found` in `table` until the comparison was `done`.
fn tell(table: &str, found: &Differences, done: Result<(), StoreError>, wrong: &mut Vec<String>) {
    wrong.extend(found.first.iter().map(|[table, key, kind]| format!("{table} {key} {kind}")));
    let more = found.count - found.first.len() as u64;
    if more > 0 {
        wrong.push(format!("{table}: and {more} more"));
    }
    if let Err(why) = done {
        wrong.push(format!("{table}: {why}"));
    }
}
