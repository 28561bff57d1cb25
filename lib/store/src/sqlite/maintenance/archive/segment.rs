//! What is known of the segments of a journal, and reading from them.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::DIR;
use crate::sqlite::connect::still;
use crate::sqlite::journal::{rows, sum_at};
use crate::sqlite::read_journal;
use crate::sqlite::trying::Trying;
use crate::{Migration, Record, StoreError};

pub(in crate::sqlite) const MIGRATION: Migration = Migration {
    context: "journal",
    number: 4,
    sql:
        "CREATE TABLE archived ( -- the segments, which together are the journal from its first record on, without a gap
        first    INTEGER PRIMARY KEY, -- the first record in it
        last     INTEGER NOT NULL,    -- the last one
        before   INTEGER NOT NULL,    -- the sum of the record before the first
        sum      INTEGER NOT NULL,    -- the sum of the last
        first_at INTEGER NOT NULL,    -- when the first was made, in milliseconds since 1970
        last_at  INTEGER NOT NULL,    -- when the last was
        file     TEXT NOT NULL,       -- its name in the directory archive
        bytes    INTEGER NOT NULL,    -- its size
        sha256   TEXT NOT NULL        -- of its content, in hexadecimal
    )",
};

/// A file with some records, which are no longer in the journal's own file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its first record.
    pub first: u64,
    /// Its last record.
    pub last: u64,
    /// The sum of the record before the first.
    pub before: u32,
    /// The sum of the last record.
    pub sum: u32,
    /// When its first and its last record were made, in milliseconds since the Unix epoch.
    pub span: (u64, u64),
    /// Its name in [`DIR`].
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

impl Segment {
    /// Where it is, for the store in `dir`.
    pub fn path(&self, dir: &Path) -> PathBuf {
        dir.join(DIR).join(&self.file)
    }

    /// Notes in the journal that these records are in the segment.
    pub(in crate::sqlite) fn note(&self, journal: &Connection) -> Result<(), StoreError> {
        let what = "to note a segment";
        let insert = "INSERT INTO archived (first, last, before, sum, first_at, last_at, file, bytes, sha256)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let (first_at, last_at) = self.span;
        let params =
            (self.first, self.last, self.before, self.sum, first_at, last_at, &self.file, self.bytes, &self.sha256);
        journal.execute(insert, params).trying(what).map(|_| ())
    }
}

/// The segments of the journal in one directory, of which the one read last is kept open.
#[derive(Debug)]
pub(in crate::sqlite) struct Segments {
    dir: PathBuf,
    open: Option<(u64, Connection)>,
}

impl Segments {
    /// Those of the store in `dir`.
    pub(in crate::sqlite) fn of(dir: PathBuf) -> Self {
        Self { dir, open: None }
    }

    /// All that `journal` notes, in order; none where it was made before there were any.
    pub(in crate::sqlite) fn all(journal: &Connection) -> Result<Vec<Segment>, StoreError> {
        let what = "to read which records are archived";
        if !journal.table_exists(None, "archived").trying(what)? {
            return Ok(Vec::new());
        }
        let select =
            "SELECT first, last, before, sum, first_at, last_at, file, bytes, sha256 FROM archived ORDER BY first";
        let mut statement = journal.prepare_cached(select).trying(what)?;
        let found = statement.query_map((), |row| {
            Ok(Segment {
                first: row.get(0)?,
                last: row.get(1)?,
                before: row.get(2)?,
                sum: row.get(3)?,
                span: (row.get(4)?, row.get(5)?),
                file: row.get(6)?,
                bytes: row.get(7)?,
                sha256: row.get(8)?,
            })
        });
        found.trying(what)?.collect::<Result<_, _>>().trying(what)
    }

    /// Up to `limit` records from `from` on, of the segment that has it; `None` if none has.
    pub(in crate::sqlite) fn read(
        &mut self,
        journal: &Connection,
        from: u64,
        limit: usize,
    ) -> Result<Option<Vec<Record>>, StoreError> {
        let Some(segment) = having(journal, from)? else { return Ok(None) };
        let file = self.opened(&segment)?;
        let before = if from == segment.first { Some(segment.before) } else { sum_at(file, from - 1)? };
        let records = rows(file, from, limit, before)?;
        if records.is_empty() {
            return Err(StoreError::Damaged { seq: from, why: format!("it is missing in {}", segment.file) });
        }
        Ok(Some(records))
    }

    /// The sum of the record `seq`, if it is in a segment.
    pub(in crate::sqlite) fn sum_at(&mut self, journal: &Connection, seq: u64) -> Result<Option<u32>, StoreError> {
        match having(journal, seq)? {
            None => Ok(None),
            Some(segment) if segment.last == seq => Ok(Some(segment.sum)),
            Some(segment) => sum_at(self.opened(&segment)?, seq),
        }
    }

    fn opened(&mut self, segment: &Segment) -> Result<&Connection, StoreError> {
        if self.open.as_ref().is_none_or(|(first, _)| *first != segment.first) {
            let path = segment.path(&self.dir);
            if !path.exists() {
                let (first, last) = (segment.first, segment.last);
                return Err(StoreError::ArchivedElsewhere { first, last, file: path });
            }
            self.open = Some((segment.first, still(&path)?));
        }
        Ok(&self.open.as_ref().expect("it was opened above").1)
    }
}

/// The segment that has the record `seq`.
fn having(journal: &Connection, seq: u64) -> Result<Option<Segment>, StoreError> {
    Ok(Segments::all(journal)?.into_iter().find(|segment| (segment.first..=segment.last).contains(&seq)))
}

/// Where the records of a journal are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The segments, in order.
    pub segments: Vec<Segment>,
    /// The first record in the journal's own file, if there is one.
    pub first: Option<u64>,
    /// The last record.
    pub last: Option<u64>,
    /// The size of the journal's own file, without its write-ahead log.
    pub bytes: u64,
    /// How much of that is free to be used again.
    pub free_bytes: u64,
}

/// Where the records of the journal in `dir` are.
///
/// # Errors
/// If there is no store in `dir`, or it cannot be read.
pub fn held(dir: &Path) -> Result<Held, StoreError> {
    let what = "to read the journal";
    let journal = read_journal(dir)?;
    let journal = journal.connection();
    let ends = journal.query_row("SELECT min(seq), max(seq) FROM journal", (), |row| Ok((row.get(0)?, row.get(1)?)));
    let (first, last) = ends.trying(what)?;
    let one = |pragma| journal.pragma_query_value(None, pragma, |row| row.get::<_, u64>(0)).trying(what);
    let page = one("page_size")?;
    let (bytes, free_bytes) = (one("page_count")? * page, one("freelist_count")? * page);
    Ok(Held { segments: Segments::all(journal)?, first, last, bytes, free_bytes })
}

/// The first of the segments with the record `from` or later ones that is not where it was put, in the store in `dir`.
///
/// # Errors
/// If the store cannot be read.
pub fn elsewhere(dir: &Path, from: u64) -> Result<Option<Segment>, StoreError> {
    let mut later = held(dir)?.segments.into_iter().filter(|segment| segment.last >= from);
    Ok(later.find(|segment| !segment.path(dir).exists()))
}
