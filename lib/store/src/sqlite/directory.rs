//! The data directory, changed by one process at a time.

use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use super::backup::Manifest;
use super::private;
use crate::StoreError;

/// How the names of files end that a restore has not finished.
pub(super) const RESTORING: &str = ".restoring";
/// So long somebody may be looking whether the directory is in use, or reading a little.
const LOOKING: Duration = Duration::from_millis(500);
/// How often it is tried again meanwhile.
const AGAIN: Duration = Duration::from_millis(10);

/// Says that this process changes a data directory, until it is dropped or the process ends, however it ends.
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
        private::create_dirs(dir).map_err(refused)?;
        let file = private::options().create(true).truncate(false).write(true).open(dir.join(Self::FILE));
        let file = file.map_err(refused)?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(source)) => return Err(refused(source)),
                Err(TryLockError::WouldBlock) if began.elapsed() < LOOKING => std::thread::park_timeout(AGAIN),
                Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(dir.to_owned())),
            }
        }
    }
}

/// Says that this process reads a data directory that nobody may change meanwhile. Others may read it, too.
#[derive(Debug)]
pub struct Reading {
    /// None where nobody ever took the directory: in a backup.
    _file: Option<File>,
}

impl Reading {
    /// Begins to read `dir`. Nothing in it is changed.
    ///
    /// # Errors
    /// If another process changes it.
    pub fn begin(dir: &Path) -> Result<Self, StoreError> {
        let refused = |source| StoreError::Directory { dir: dir.to_owned(), source };
        let file = match File::open(dir.join(Lock::FILE)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self { _file: None }),
            opened => opened.map_err(refused)?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(dir.to_owned())),
            Err(TryLockError::Error(source)) => Err(refused(source)),
        }
    }
}

/// Whether a process has taken `dir` and may change it.
pub fn is_in_use(dir: &Path) -> bool {
    matches!(Reading::begin(dir), Err(StoreError::InUse(_)))
}

/// Refuses a directory into which a restore was begun that did not end.
pub(super) fn refuse_half_restored(dir: &Path, journal: &str) -> Result<(), StoreError> {
    if dir.join(format!("{journal}{RESTORING}")).exists() {
        return Err(StoreError::HalfRestored(dir.to_owned()));
    }
    Ok(())
}

/// Refuses a backup: used as a store, it would be none any more.
pub(super) fn refuse_backup(dir: &Path) -> Result<(), StoreError> {
    if dir.join(Manifest::NAME).exists() {
        return Err(StoreError::Backup(dir.to_owned()));
    }
    Ok(())
}
