//! Files as wholes: copied, summed, and made to survive a power cut.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use ring::digest::{Context, SHA256};

use super::FileNote;
use super::error::{At, BackupError};
use crate::sqlite::private;

/// How much is read at a time.
const CHUNK: usize = 1 << 20;
/// So much is written before it is synced: a disk that has gigabytes to write at once would hold up a running shop's journal.
pub(super) const UNSYNCED_BYTES: u64 = 16 << 20;

/// What the file `name` in `dir` is.
pub(in crate::sqlite) fn note(dir: &Path, name: &str) -> Result<FileNote, BackupError> {
    let path = dir.join(name);
    let (bytes, sha256) = read_through(&path, |_| Ok(()))?;
    Ok(FileNote { name: name.to_owned(), bytes, sha256 })
}

/// Copies `from` to the new file `to`, syncs that, and gives the size and the SHA-256 of what was copied.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(u64, String), BackupError> {
    let mut copy = private::options().create(true).write(true).truncate(true).open(to).at(to)?;
    let mut unsynced = 0;
    let read = read_through(from, |chunk| {
        copy.write_all(chunk).at(to)?;
        unsynced += chunk.len() as u64;
        if unsynced >= UNSYNCED_BYTES {
            unsynced = 0;
            copy.sync_data().at(to)?;
        }
        Ok(())
    })?;
    copy.sync_all().at(to)?;
    Ok(read)
}

/// Makes a file, or the names in a directory, survive a power cut.
pub(in crate::sqlite) fn sync(path: &Path) -> Result<(), BackupError> {
    private::sync(path).at(path)
}

fn read_through(
    path: &Path,
    mut each: impl FnMut(&[u8]) -> Result<(), BackupError>,
) -> Result<(u64, String), BackupError> {
    let mut file = File::open(path).at(path)?;
    let (mut sum, mut bytes, mut buffer) = (Context::new(&SHA256), 0, vec![0; CHUNK]);
    loop {
        let read = file.read(&mut buffer).at(path)?;
        if read == 0 {
            break;
        }
        let chunk = &buffer[..read];
        sum.update(chunk);
        bytes += read as u64;
        each(chunk)?;
    }
    let hex = sum.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, hex))
}
