//! The data directory, used by one process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::StoreError;

/// How the names of files end that a restore has not finished.
pub(super) const RESTORING: &str = ".restoring";

/// Says that this process uses a data directory, until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// The name of the file by which a directory is taken.
    pub(super) const FILE: &str = "maejin.lock";

    /// Takes the directory `dir`, and makes it if it is not there.
    ///
    /// # Errors
    /// If another process has it, or it cannot be written.
    pub fn take(dir: &Path) -> Result<Self, StoreError> {
        let refused = |source| StoreError::Directory { dir: dir.to_owned(), source };
        std::fs::create_dir_all(dir).map_err(refused)?;
        let path = dir.join(Self::FILE);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(dir.to_owned())),
            Err(TryLockError::Error(source)) => Err(refused(source)),
        }
    }
}

/// Refuses a directory into which a restore was begun that did not end.
pub(super) fn refuse_half_restored(dir: &Path, journal: &str) -> Result<(), StoreError> {
    if dir.join(format!("{journal}{RESTORING}")).exists() {
        return Err(StoreError::HalfRestored(dir.to_owned()));
    }
    Ok(())
}
