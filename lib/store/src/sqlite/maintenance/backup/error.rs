//! Why there is no backup, or nothing was restored.

use std::path::{Path, PathBuf};

use crate::StoreError;

/// A backup was not made or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// What the backup should be called is there already.
    #[error("{} exists already; a backup goes to a path where nothing is yet", .0.display())]
    Exists(PathBuf),
    /// Another process is making a backup at the same place.
    #[error("another backup to {} is under way", .0.display())]
    UnderWay(PathBuf),
    /// It has no manifest: it is another directory, or a backup that did not end.
    #[error("{} is no finished backup: it has no manifest.json", .0.display())]
    Unfinished(PathBuf),
    /// It is not what was written.
    #[error("the backup {} is damaged: {why}; nothing was restored", .path.display())]
    Damaged {
        /// The backup.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// It has a form that a newer maejin gave it.
    #[error("the backup {} was made by the newer maejin {version}; run that version", .path.display())]
    Newer {
        /// The backup.
        path: PathBuf,
        /// Who made it.
        version: String,
    },
    /// There is something where it should be restored.
    #[error("the data directory {} is not empty: there is {found}; restore into an empty one", .dir.display())]
    NotEmpty {
        /// The directory.
        dir: PathBuf,
        /// One of the files in it.
        found: String,
    },
    /// The copy is not whole, although the store could be read.
    #[error("the copy did not come out right: {0}; there is no backup")]
    Unsound(String),
    /// A file cannot be read or written.
    #[error("cannot use {}: {source}", .path.display())]
    File {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Names the file when the operating system refuses.
pub(super) trait At<T> {
    fn at(self, path: &Path) -> Result<T, BackupError>;
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T, BackupError> {
        self.map_err(|source| BackupError::File { path: path.to_owned(), source })
    }
}
