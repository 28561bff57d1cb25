//! Where a store is, and the store there, whichever engine keeps it.

use std::fmt;
use std::path::{Path, PathBuf};

use postgres::{Address, PostgresStore};
use store::sqlite::{self, SqliteStore};
use store::{Identity, Journal, Migration, Pool, StoreError, TableReader, TableWriter};

/// Where a store is.
#[derive(Debug, Clone)]
pub enum Location {
    /// In SQLite files in this directory.
    Directory(PathBuf),
    /// In this PostgreSQL database.
    Database(Address),
}

impl Location {
    /// Where the store is, if the address `database` says that, with the password in the file `password`; without one in `dir`.
    ///
    /// # Errors
    /// What is wrong. A password is not in the message.
    pub fn try_new(dir: &Path, database: Option<&str>, password: Option<&Path>) -> Result<Self, String> {
        let Some(database) = database else { return Ok(Self::from(dir)) };
        let address: Address = database.parse().map_err(|why| format!("store: {why}"))?;
        let Some(file) = password else { return Ok(Self::Database(address)) };
        let read = std::fs::read_to_string(file);
        let read =
            read.map_err(|error| format!("cannot read the database's password in {}: {error}", file.display()))?;
        Ok(Self::Database(address.with_password(read.trim_end())))
    }

    /// Opens the store there, to sell; makes it if there is none.
    ///
    /// # Errors
    /// If it cannot be reached, is damaged, or is of a newer version; in a directory also if it is in use.
    pub fn open(&self, migrations: &[Migration]) -> Result<OpenStore, StoreError> {
        Ok(match self {
            Self::Directory(dir) => OpenStore::Sqlite(SqliteStore::open(dir, migrations)?),
            Self::Database(address) => OpenStore::Postgres(PostgresStore::open(address, migrations)?),
        })
    }

    /// Its journal, to be read, also while the shop runs. No byte of it is changed.
    ///
    /// # Errors
    /// If there is none.
    pub fn read_journal(&self) -> Result<Box<dyn Journal>, StoreError> {
        Ok(match self {
            Self::Directory(dir) => Box::new(sqlite::read_journal(dir)?),
            Self::Database(address) => Box::new(postgres::read_journal(address)?),
        })
    }

    /// Its tables, to be read, also while the shop runs. No byte of them is changed.
    ///
    /// # Errors
    /// If there are none.
    pub fn reader(&self) -> Result<Box<dyn TableReader>, StoreError> {
        Ok(match self {
            Self::Directory(dir) => Box::new(sqlite::reader(dir)?),
            Self::Database(address) => Box::new(postgres::reader(address)?),
        })
    }

    /// Who it is to others; `None` if it is from before stores knew.
    ///
    /// # Errors
    /// If there is none.
    pub fn identity(&self) -> Result<Option<Identity>, StoreError> {
        match self {
            Self::Directory(dir) => sqlite::read_identity(dir),
            Self::Database(address) => postgres::read_identity(address).map(Some),
        }
    }

    /// Whether what is read of it now is seen to change: in files, only as long as a shop has them open.
    pub fn is_live(&self) -> bool {
        match self {
            Self::Directory(dir) => sqlite::is_in_use(dir),
            Self::Database(_) => true,
        }
    }

    /// Makes sure that no record of its journal from `from` on is archived in a file that is elsewhere.
    ///
    /// # Errors
    /// [`StoreError::ArchivedElsewhere`] if one is, or that this cannot be told.
    pub fn at_hand(&self, from: u64) -> Result<(), StoreError> {
        let Self::Directory(dir) = self else { return Ok(()) };
        match sqlite::archive::elsewhere(dir, from)? {
            None => Ok(()),
            Some(segment) => Err(StoreError::ArchivedElsewhere {
                first: segment.first,
                last: segment.last,
                file: segment.file.into(),
            }),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(dir) => dir.display().fmt(f),
            Self::Database(address) => address.fmt(f),
        }
    }
}

impl From<&Path> for Location {
    fn from(dir: &Path) -> Self {
        Self::Directory(dir.to_owned())
    }
}

impl From<&PathBuf> for Location {
    fn from(dir: &PathBuf) -> Self {
        Self::Directory(dir.clone())
    }
}

impl From<PathBuf> for Location {
    fn from(dir: PathBuf) -> Self {
        Self::Directory(dir)
    }
}

impl From<&Self> for Location {
    fn from(location: &Self) -> Self {
        location.clone()
    }
}

/// A store that is open to sell.
#[derive(Debug)]
pub enum OpenStore {
    /// In files, by this process alone.
    Sqlite(SqliteStore),
    /// In a database, until somebody else takes it over.
    Postgres(PostgresStore),
}

impl OpenStore {
    /// Who it is to others.
    pub fn identity(&self) -> &Identity {
        match self {
            Self::Sqlite(store) => store.identity(),
            Self::Postgres(store) => store.identity(),
        }
    }

    /// The journal, to append to.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn journal(&self) -> Result<Box<dyn Journal>, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Box::new(store.journal()?),
            Self::Postgres(store) => Box::new(store.journal()?),
        })
    }

    /// The tables, to be brought up to the journal.
    ///
    /// # Errors
    /// If they cannot be opened.
    pub fn writer(&self) -> Result<Box<dyn TableWriter>, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Box::new(store.writer()?),
            Self::Postgres(store) => Box::new(store.writer()?),
        })
    }

    /// The tables, to be read.
    ///
    /// # Errors
    /// If they cannot be opened.
    pub fn reader(&self) -> Result<Box<dyn TableReader>, StoreError> {
        Ok(match self {
            Self::Sqlite(store) => Box::new(store.reader()?),
            Self::Postgres(store) => Box::new(store.reader()?),
        })
    }

    /// Readers for everyone else.
    pub fn pool(&self) -> Pool {
        match self {
            Self::Sqlite(store) => store.pool(),
            Self::Postgres(store) => store.pool(),
        }
    }

    /// The copy of a torn end of the journal's log, if opening it found one.
    pub fn set_aside(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(store) => store.set_aside(),
            Self::Postgres(_) => None,
        }
    }

    /// Leaves it whole. To be called when nobody appends any more.
    ///
    /// # Errors
    /// If the disk refuses; nothing is lost then.
    pub fn close(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.close(),
            Self::Postgres(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Location;

    #[test]
    fn without_a_database_it_is_the_data_directory() {
        assert_eq!(Location::try_new(Path::new("data"), None, None).unwrap().to_string(), "data");
    }

    #[test]
    fn a_password_is_neither_shown_nor_told() {
        let of = |database| Location::try_new(Path::new("data"), Some(database), None).map(|found| found.to_string());
        assert_eq!(of("postgres://me:s3cret@db.example/shop").unwrap(), "postgres://me@db.example:5432/shop");
        for wrong in ["postgres://me:s3cret@db.example:port/shop", "mysql://me:s3cret@db.example/shop"] {
            let why = of(wrong).unwrap_err();
            assert!(why.starts_with("store: ") && !why.contains("s3"), "{why}");
        }
    }
}
