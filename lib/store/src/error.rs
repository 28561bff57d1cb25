//! What can go wrong between a node and its store.

use std::error::Error;
use std::path::PathBuf;

use crate::Epoch;

/// A store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it open.
    #[error("the data directory {} is in use by another maejin; stop that one, or name another directory with --data", .0.display())]
    InUse(PathBuf),
    /// It was written by a newer maejin.
    #[error("the data directory {} was written by a newer maejin: it has the migration {migration}, which this one does not know; run the newer version", .dir.display())]
    Newer {
        /// The directory.
        dir: PathBuf,
        /// The first migration that is not known here.
        migration: String,
    },
    /// A database was written by a newer maejin.
    #[error(
        "the database {database} was written by a newer maejin: it has the migration {migration}, which this one does not know; run the newer version"
    )]
    NewerDatabase {
        /// Where it is.
        database: String,
        /// A migration that is not known here.
        migration: String,
    },
    /// A restore into it did not end.
    #[error("a restore into {} did not end; run it again: maejin restore", .0.display())]
    HalfRestored(PathBuf),
    /// It is a backup, which a shop would change.
    #[error("{} is a backup, and stays one only if nothing changes it; restore it into a data directory: maejin restore --from {} --data DIR", .0.display(), .0.display())]
    Backup(PathBuf),
    /// There are tables, and no journal from which they could be.
    #[error("the data directory {} has tables and no journal with records: journal.db or journal.db-wal is missing or empty. Nothing was changed. Put back what is missing, or restore a backup; tables.db alone is no store", .0.display())]
    NoJournal(PathBuf),
    /// The journal was in use, and its write-ahead log is not there.
    #[error("{} is missing: the journal beside it was copied without it, or it was deleted, and with it the newest records. Nothing was changed. Put it back, or restore a backup; if you are certain that nothing was lost, make an empty file of that name", .0.display())]
    NoLog(PathBuf),
    /// Somebody reads the journal and does not stop.
    #[error("another process is reading the journal in {} and does not let go of it: a backup, maejin events, or sqlite3. End it, and start again", .0.display())]
    Read(PathBuf),
    /// The tables follow another journal.
    #[error(
        "tables.db is of another journal: after record {seq} it notes the sum {noted:08x}, but this journal has {found:08x} there. Nothing was changed. Put back the file that belongs here, or build the tables from this journal: maejin rebuild tables"
    )]
    OtherTables {
        /// The last record that the tables contain.
        seq: u64,
        /// What they note as its sum.
        noted: u32,
        /// Its sum in the journal.
        found: u32,
    },
    /// There is no store.
    #[error("there is no store in {}", .0.display())]
    Missing(PathBuf),
    /// There is none in a database.
    #[error("there is no store in {0}")]
    NoStore(String),
    /// The directory or a file in it cannot be read or written.
    #[error("cannot use the data directory {}: {source}", .dir.display())]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Records were moved into a segment that is not where it was put.
    #[error("the records {first} to {last} of the journal are archived in {}, which is not there; put it back", .file.display())]
    ArchivedElsewhere {
        /// The first record of the segment.
        first: u64,
        /// The last one.
        last: u64,
        /// Where the segment should be.
        file: PathBuf,
    },
    /// A record of the journal is not what was written.
    #[error(
        "the journal is damaged at record {seq}: {why}; nothing was changed. Restore a backup, or ask for help with the file as it is"
    )]
    Damaged {
        /// The record.
        seq: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A whole file is not what was written.
    #[error("the file {} is damaged: {why}; nothing was changed. {}", .file.display(), advice(file))]
    DamagedFile {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The engine below, its driver or the file system refused.
    #[error("the store refused {what}: {source}")]
    Refused {
        /// What was tried.
        what: String,
        /// What the engine says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Somebody else has taken over what this one owned. Nothing was written.
    #[error("another process has taken this over: it has the epoch {found}, and this one {held}; nothing was written")]
    Fenced {
        /// The epoch of who was refused.
        held: Epoch,
        /// The epoch of the owner.
        found: Epoch,
    },
    /// An append ended without a word whether the record is durable. Who takes the next epoch and reads the last record knows.
    #[error("it is not known whether record {seq} is in the journal: {source}")]
    Unknown {
        /// The record.
        seq: u64,
        /// What went wrong.
        source: Box<StoreError>,
    },
    /// A row does not fit its table.
    #[error("a row of {table} cannot be read: {why}")]
    Row {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// What to do about a damaged file.
fn advice(file: &std::path::Path) -> &'static str {
    if file.ends_with("tables.db") {
        "Build it anew from the journal: maejin rebuild tables"
    } else {
        "Restore a backup, or ask for help with the file as it is"
    }
}

impl StoreError {
    /// The store refused `what`, for `source` says why.
    pub fn refused(what: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused { what: what.to_owned(), source: source.into() }
    }
}
