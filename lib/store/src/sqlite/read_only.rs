//! A store that nobody has open, to be read: not a byte of it changes. And tables that pass, for what has to be changed to be read.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::connect::connect;
use super::directory::{self, Reading};
use super::{
    JOURNAL, SqliteJournal, SqliteReader, SqliteWriter, TABLES, journal, migrate, private, sound, wal, writer,
};
use crate::{Applied, Migration, StoreError};

/// A store that is read, and that nobody changes as long as this is there.
#[derive(Debug)]
pub struct ReadOnlyStore {
    dir: PathBuf,
    _reading: Reading,
}

impl ReadOnlyStore {
    /// Opens the store in `dir`, which may be a backup.
    ///
    /// # Errors
    /// If there is none, or it is in use, not whole, or of a newer version than the one that knows `migrations`.
    pub fn open(dir: &Path, migrations: &[Migration]) -> Result<Self, StoreError> {
        directory::refuse_half_restored(dir, JOURNAL)?;
        let reading = Reading::begin(dir)?;
        let journal = sound::still_journal(dir)?;
        migrate::refuse_newer(dir, journal.connection(), journal::MIGRATIONS)?;
        // Tables that cannot be read are for those who read them to tell of.
        if let Ok(Some(tables)) = sound::still_tables(dir) {
            if !journal.is_made() {
                return Err(StoreError::NoJournal(dir.to_owned()));
            }
            migrate::refuse_newer(dir, &tables, migrations)?;
        }
        Ok(Self { dir: dir.to_owned(), _reading: reading })
    }

    /// Its journal.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn journal(&self) -> Result<SqliteJournal, StoreError> {
        sound::still_journal(&self.dir)
    }

    /// Its tables as they are.
    ///
    /// # Errors
    /// If there are none, or they cannot be opened.
    pub fn reader(&self) -> Result<SqliteReader, StoreError> {
        let tables = sound::still_tables(&self.dir)?;
        tables.map(SqliteReader::new).ok_or_else(|| StoreError::Missing(self.dir.clone()))
    }

    /// The last record that its tables contain; nothing if there are none, or they have the form of an older version.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn applied(&self, migrations: &[Migration]) -> Result<Option<Applied>, StoreError> {
        let Some(tables) = sound::still_tables(&self.dir)? else { return Ok(None) };
        let newest = migrate::are_applied(&tables, writer::MIGRATIONS)? && migrate::are_applied(&tables, migrations)?;
        newest.then(|| writer::applied(&tables)).transpose()
    }

    /// A copy of its tables in the newest form.
    ///
    /// # Errors
    /// If there is no room for it, or they cannot be read.
    pub fn copied(&self, migrations: &[Migration]) -> Result<TemporaryTables, StoreError> {
        TemporaryTables::make(migrations, |to| {
            let file = self.dir.join(TABLES);
            for (from, to) in [(wal::of(&file), wal::of(to)), (file, to.to_owned())] {
                if from.exists() {
                    private::copy(&from, &to)?;
                }
            }
            Ok(())
        })
    }
}

/// Tables in a directory for temporary files, which go with this.
#[derive(Debug)]
pub struct TemporaryTables {
    file: PathBuf,
    _dir: TempDir,
}

impl TemporaryTables {
    /// Empty ones.
    ///
    /// # Errors
    /// If they cannot be made.
    pub fn empty(migrations: &[Migration]) -> Result<Self, StoreError> {
        Self::make(migrations, |_| Ok(()))
    }

    fn make(migrations: &[Migration], fill: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<Self, StoreError> {
        let refused = |source| StoreError::Directory { dir: std::env::temp_dir(), source };
        let dir = tempfile::Builder::new().prefix("maejin-").tempdir().map_err(refused)?;
        let file = dir.path().join(TABLES);
        fill(&file).map_err(refused)?;
        let mut tables = connect(&file, true)?;
        migrate::run(&mut tables, writer::MIGRATIONS)?;
        migrate::run(&mut tables, migrations)?;
        Ok(Self { file, _dir: dir })
    }

    /// To be brought up to a journal.
    ///
    /// # Errors
    /// If they cannot be opened.
    pub fn writer(&self) -> Result<SqliteWriter, StoreError> {
        SqliteWriter::temporary(connect(&self.file, true)?)
    }

    /// To be read.
    ///
    /// # Errors
    /// If they cannot be opened.
    pub fn reader(&self) -> Result<SqliteReader, StoreError> {
        Ok(SqliteReader::new(connect(&self.file, false)?))
    }
}
