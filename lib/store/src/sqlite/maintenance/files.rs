//! What is done with the files of a store that nobody has open.

use std::path::Path;

use super::archive;
use crate::StoreError;
use crate::sqlite::connect::connect;
use crate::sqlite::trying::Trying;
use crate::sqlite::{JOURNAL, Lock, SqliteStore, TABLES, opening, private};

impl SqliteStore {
    /// Makes the journal's own file as small as what is in it, and gives its size before and after, in bytes. Needs as much room again
    /// while it works.
    ///
    /// # Errors
    /// If there is no store in `dir`, it is in use, or there is no room.
    pub fn compact_journal(dir: &Path) -> Result<(u64, u64), StoreError> {
        let before = archive::held(dir)?.bytes;
        let _lock = Lock::take(dir)?;
        opening::journal(dir)?;
        let journal = connect(&dir.join(JOURNAL), true)?;
        journal.execute_batch("VACUUM").trying("to compact the journal")?;
        drop(journal);
        opening::close(dir)?;
        Ok((before, archive::held(dir)?.bytes))
    }

    /// Deletes all tables, so that the next start builds them anew from the journal.
    ///
    /// # Errors
    /// If the files cannot be removed.
    pub fn forget_tables(dir: &Path) -> Result<(), StoreError> {
        let _lock = Lock::take(dir)?;
        let refused = |source| StoreError::Directory { dir: dir.to_owned(), source };
        for suffix in ["", "-wal", "-shm"] {
            match std::fs::remove_file(dir.join(format!("{TABLES}{suffix}"))) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => return Err(refused(source)),
                _ => {}
            }
            // After a power cut there may be a log without its tables, which is passed over, but never tables without their log.
            private::sync(dir).map_err(refused)?;
        }
        Ok(())
    }
}
