//! Brings the journal's write-ahead log over into its file, so that the log can begin anew. SQLite would do so within an append, and
//! would not say that it failed.

use rusqlite::Connection;

use super::trying::Trying;
use crate::StoreError;

/// From here on the log is brought over: 4 MB of 4-KiB pages.
const MANY: u64 = 1_000;
/// After a failure, or while somebody reads what is in it, it is tried again after so many more.
const AGAIN: u64 = 100;
/// With so many that the disk refuses to bring over nothing is appended any more: 64 MB.
const TOO_MANY: u64 = 16_384;
/// So often they are only reckoned before they are counted.
const COUNTED: u64 = 64;
const COUNT: &str = "to count what is in the journal's write-ahead log";
/// A page, in bytes.
const PAGE: usize = 4_096;

/// About how many pages are in the log.
#[derive(Debug, Default)]
pub struct LogPages {
    pages: u64,
    /// Those that could not be brought over the last time.
    left: u64,
    /// How often there was reason to look since they were counted.
    looks: u64,
}

impl LogPages {
    /// A record with a body of so many bytes was appended: its own pages, the last one of the table, and one above that.
    pub fn add(&mut self, bytes: usize) {
        self.pages += (bytes / PAGE) as u64 + 2;
    }

    /// Counts them now and then: what another process wrote, one that archives, is not known here.
    pub fn count(&mut self, connection: &Connection) -> Result<(), StoreError> {
        self.looks += 1;
        if self.looks.is_multiple_of(COUNTED) {
            let count = |row: &rusqlite::Row<'_>| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?);
            let mut statement = connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)").trying(COUNT)?;
            self.pages = u64::try_from(statement.query_row((), count).trying(COUNT)?).unwrap_or_default();
        }
        Ok(())
    }

    /// Whether it is time to bring them over.
    pub fn are_many(&self) -> bool {
        self.pages >= MANY + self.left
    }

    /// Refuses to add to a log that only grows, because the disk refuses to take it over. One that somebody reads may grow.
    pub fn refuse_too_many(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if self.pages >= TOO_MANY && self.are_many() { bring_over(connection, self) } else { Ok(()) }
    }
}

/// Brings the log over, as far as nobody reads what is in it.
pub fn bring_over(connection: &Connection, pages: &mut LogPages) -> Result<(), StoreError> {
    let what = "to bring the write-ahead log over into journal.db";
    let count = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
    let done = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), count);
    let left = match &done {
        Ok((all, done)) => u64::try_from(all - done).unwrap_or_default(),
        Err(_) => pages.pages,
    };
    pages.pages = left;
    pages.left = if left == 0 { 0 } else { (left + AGAIN).saturating_sub(MANY) };
    done.map(drop).trying(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A journal's file in the middle of a change: its log cannot be brought over now.
    fn refusing(dir: &tempfile::TempDir) -> Connection {
        let connection = Connection::open(dir.path().join("journal.db")).unwrap();
        let begun = "PRAGMA journal_mode = WAL; CREATE TABLE t (x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)";
        connection.execute_batch(begun).unwrap();
        connection
    }

    #[test]
    fn a_log_that_is_not_taken_over_is_said_and_tried_again_and_grows_no_further_than_it_may() {
        let dir = tempfile::TempDir::new().unwrap();
        let (connection, mut pages) = (refusing(&dir), LogPages::default());
        pages.add(PAGE * usize::try_from(MANY).unwrap());
        assert!(pages.are_many());
        assert!(bring_over(&connection, &mut pages).is_err(), "it is not silent");
        assert!(!pages.are_many(), "it is not tried at each append");
        pages.refuse_too_many(&connection).unwrap();
        pages.add(PAGE * usize::try_from(AGAIN).unwrap());
        assert!(pages.are_many(), "but after some");
        pages.add(PAGE * usize::try_from(TOO_MANY).unwrap());
        assert!(pages.refuse_too_many(&connection).is_err(), "nothing is appended to a log that only grows");
        connection.execute_batch("COMMIT").unwrap();
        pages.add(PAGE * usize::try_from(AGAIN).unwrap());
        pages.refuse_too_many(&connection).unwrap();
        assert!(!pages.are_many(), "it is taken over");
    }
}
