//! The write-ahead log of an SQLite file, as a file: whether it is what was written, and that it is on the disk.

mod frame;
mod scan;

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

pub use scan::scan;

/// How much is read and written at a time, in bytes.
const CHUNK: u64 = 1 << 20;

/// The log of the database `file`.
pub fn of(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push("-wal");
    PathBuf::from(name)
}

/// Puts the first `sound` bytes of `log` on the disk, for certain. After a sync that failed they may be in the page cache alone, where
/// they count as written: a further sync says "done" and does nothing. So they are written once more, each byte over itself.
pub fn put_on_disk(log: &Path, sound: u64) -> std::io::Result<()> {
    if sound == 0 {
        return Ok(());
    }
    let file: File = OpenOptions::new().read(true).write(true).open(log)?;
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < sound {
        bytes.resize(usize::try_from(CHUNK.min(sound - at)).expect("a chunk fits in memory"), 0);
        file.read_exact_at(&mut bytes, at)?;
        file.write_all_at(&bytes, at)?;
        at += bytes.len() as u64;
    }
    file.sync_all()
}
