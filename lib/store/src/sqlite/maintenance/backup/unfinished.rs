//! The directory beside a backup's place in which it grows, until it is whole and takes that place.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::{At, BackupError};
use super::files;
use crate::StoreError;
use crate::sqlite::{Lock, private};

/// A backup that is being made. What there is of it goes when this is dropped.
#[derive(Debug)]
pub(super) struct Unfinished {
    dir: PathBuf,
    to: PathBuf,
    lock: Option<Lock>,
}

impl Unfinished {
    /// Begins a backup that is to be at `to`. What an earlier one left behind that was interrupted is removed.
    pub(super) fn begin(to: &Path) -> Result<Self, BackupError> {
        refuse_existing(to)?;
        let Some(name) = to.file_name() else { return Err(BackupError::Exists(to.to_owned())) };
        let mut name = name.to_owned();
        name.push(".unfinished");
        let dir = to.with_file_name(name);
        match private::create_dir(&dir) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => made.at(&dir)?,
        }
        let lock = match Lock::take(&dir) {
            Err(StoreError::InUse(_)) => return Err(BackupError::UnderWay(to.to_owned())),
            taken => taken?,
        };
        let unfinished = Self { dir, to: to.to_owned(), lock: Some(lock) };
        unfinished.empty()?;
        Ok(unfinished)
    }

    /// Where it grows.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Puts the whole backup in its place.
    pub(super) fn finish(mut self) -> Result<(), BackupError> {
        refuse_existing(&self.to)?;
        let lock = self.dir.join(Lock::FILE);
        std::fs::remove_file(&lock).at(&lock)?;
        files::sync(&self.dir)?;
        std::fs::rename(&self.dir, &self.to).at(&self.to)?;
        self.lock = None;
        files::sync(private::parent(&self.to))
    }

    /// Removes what is in it but the lock.
    fn empty(&self) -> Result<(), BackupError> {
        for entry in std::fs::read_dir(&self.dir).at(&self.dir)? {
            let entry = entry.at(&self.dir)?;
            if entry.file_name() != Lock::FILE {
                let path = entry.path();
                if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) }.at(&path)?;
            }
        }
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.lock.is_some() {
            let _ = self.empty();
            let _ = std::fs::remove_file(self.dir.join(Lock::FILE));
            let _ = std::fs::remove_dir(&self.dir);
        }
    }
}

fn refuse_existing(to: &Path) -> Result<(), BackupError> {
    match to.symlink_metadata() {
        Ok(_) => Err(BackupError::Exists(to.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(BackupError::File { path: to.to_owned(), source }),
    }
}
