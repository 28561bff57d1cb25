//! Restores a backup into an empty data directory.

use std::path::Path;

use super::error::{At, BackupError};
use super::{Manifest, copy, files};
use crate::sqlite::connect::still;
use crate::sqlite::directory::{Lock, RESTORING};
use crate::sqlite::maintenance::archive;
use crate::sqlite::trying::Trying;
use crate::sqlite::{JOURNAL, TABLES, identity, journal, migrate, private};
use crate::{Identity, Migration};

/// Restores the backup `from` into `dir`, which must be empty or not be there. The whole backup is verified before anything is
/// written; a restore that is interrupted leaves a directory that no shop starts on, and that this may be called on again. What is
/// restored is the same store in another life: what it numbers from now on is not what the store that was backed up numbered.
///
/// # Errors
/// If the backup is not what was written, or of a newer version, or `dir` is not empty or cannot be written.
pub fn restore(from: &Path, dir: &Path, migrations: &[Migration]) -> Result<Manifest, BackupError> {
    refuse_full(dir)?;
    let manifest = verify(from, migrations)?;
    let _lock = Lock::take(dir)?;
    refuse_full(dir)?;
    for name in [JOURNAL, TABLES] {
        let copied = files::copy(&from.join(name), &dir.join(format!("{name}{RESTORING}")))?;
        refuse_other(from, &manifest, name, &copied)?;
    }
    put_segments(from, dir, &manifest)?;
    give_another_life(&dir.join(format!("{JOURNAL}{RESTORING}")))?;
    // The journal last: without it nothing counts as a store.
    for name in [TABLES, JOURNAL] {
        let path = dir.join(name);
        std::fs::rename(dir.join(format!("{name}{RESTORING}")), &path).at(&path)?;
        files::sync(dir)?;
    }
    files::sync(private::parent(dir))?;
    Ok(manifest)
}

/// Copies the archived segments, under the names by which the journal knows them.
fn put_segments(from: &Path, dir: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let folder = dir.join(archive::DIR);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        removed => removed.at(&folder)?, // what an interrupted restore had put there
    }
    let mut segments = manifest.segments().peekable();
    if segments.peek().is_none() {
        return Ok(());
    }
    private::create_dir(&folder).at(&folder)?;
    for note in segments {
        let copied = files::copy(&from.join(&note.name), &dir.join(&note.name))?;
        refuse_other(from, manifest, &note.name, &copied)?;
    }
    files::sync(&folder)
}

/// The manifest of the backup `from`, if its files are what that says, and this version can read them. Nothing is changed.
///
/// # Errors
/// If it is not what was written, or of a newer version.
pub fn verify(from: &Path, migrations: &[Migration]) -> Result<Manifest, BackupError> {
    let manifest = verified(from)?;
    migrate::refuse_newer(from, &still(&from.join(JOURNAL))?, journal::MIGRATIONS)?;
    migrate::refuse_newer(from, &still(&from.join(TABLES))?, migrations)?;
    Ok(manifest)
}

/// Gives the copied journal `file` an incarnation of its own, before anything counts as a store: two restores of one backup differ.
fn give_another_life(file: &Path) -> Result<(), BackupError> {
    let mut journal = copy::unshared(file)?;
    migrate::run(&mut journal, journal::MIGRATIONS)?;
    let before = identity::read(&journal)?;
    identity::write(&journal, &before.map_or_else(Identity::new_store, Identity::reborn))?;
    journal.close().map_err(|(_, error)| error).trying("to close the restored journal")?;
    files::sync(file)
}

fn verified(from: &Path) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(from)?;
    let segments = manifest.segments().map(|note| note.name.as_str());
    for name in [JOURNAL, TABLES].into_iter().chain(segments) {
        if !from.join(name).is_file() {
            return Err(damaged(from, format!("{name} is missing")));
        }
        let found = files::note(from, name)?;
        refuse_other(from, &manifest, name, &(found.bytes, found.sha256))?;
    }
    Ok(manifest)
}

fn refuse_other(from: &Path, manifest: &Manifest, name: &str, found: &(u64, String)) -> Result<(), BackupError> {
    let Some(noted) = manifest.file(name) else {
        return Err(damaged(from, format!("its manifest does not name {name}")));
    };
    let (bytes, sha256) = found;
    if *bytes != noted.bytes {
        return Err(damaged(from, format!("{name} has {bytes} bytes, not {}", noted.bytes)));
    }
    if *sha256 != noted.sha256 {
        return Err(damaged(from, format!("the SHA-256 of {name} is {sha256}, not {}", noted.sha256)));
    }
    Ok(())
}

fn damaged(from: &Path, why: String) -> BackupError {
    BackupError::Damaged { path: from.to_owned(), why }
}

/// Refuses a directory with anything in it but what an interrupted restore leaves behind.
fn refuse_full(dir: &Path) -> Result<(), BackupError> {
    let entries = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.at(dir)?,
    };
    let interrupted = dir.join(format!("{JOURNAL}{RESTORING}")).exists();
    for entry in entries {
        let name = entry.at(dir)?.file_name().to_string_lossy().into_owned();
        let is_left = name == Lock::FILE
            || name.ends_with(RESTORING)
            || (interrupted && (name == TABLES || name == archive::DIR));
        if !is_left {
            return Err(BackupError::NotEmpty { dir: dir.to_owned(), found: name });
        }
    }
    Ok(())
}
