//! Directories and files that are the operator's alone, and are there after a power cut.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Result};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Who may do what with a directory made here: its owner, everything; others, nothing.
const DIRECTORY: u32 = 0o700;
/// Who may do what with a file made here.
const FILE: u32 = 0o600;

/// Makes the directory `dir`, in one that is there.
pub fn create_dir(dir: &Path) -> Result<()> {
    DirBuilder::new().mode(DIRECTORY).create(dir)?;
    sync(parent(dir))
}

/// Makes the directory `dir`, and those above it that are not there.
pub fn create_dirs(dir: &Path) -> Result<()> {
    match create_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound && parent(dir) != dir => {
            create_dirs(parent(dir))?;
            create_dirs(dir)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists && dir.is_dir() => {
            // Somebody may have made it a moment ago. What is above it may be read-only or another's, and is there then.
            let _ = sync(parent(dir));
            Ok(())
        }
        made => made,
    }
}

/// How a file is opened that may have to be made.
pub fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(FILE);
    options
}

/// Makes the empty file `path`, if there is none.
pub fn create_file(path: &Path) -> Result<()> {
    options().create(true).append(true).open(path).map(drop)
}

/// Makes a file, or the names in a directory, survive a power cut.
pub fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all())
}

/// The directory in which `path` is named.
pub fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Copies the file `from` to `to`, and syncs that.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut copy = options().create(true).write(true).truncate(true).open(to)?;
    std::io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync_all()
}
