//! The file of records: JSON lines, appended to and read back at the start.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::book::Book;
use crate::journal::Journal;
use crate::record::Record;

/// The name of the file within the folder it is given.
const FILE_NAME: &str = "sandbox-provider.jsonl";

/// Why the records could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or the file cannot be read or written.
    #[error("cannot use {path}")]
    Io {
        /// The file or folder at fault.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Another sandbox writes to the same file.
    #[error("{0} is in use by another sandbox provider")]
    InUse(PathBuf),
    /// A line in the middle of the file is not a record. It is left as it is, for a person to look at.
    #[error("line {line} of {path} is not a record")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Reads back the records in `folder`, which is made if need be, and goes on writing there.
pub(crate) fn open(folder: &Path) -> Result<(Book, Journal), OpenError> {
    let path = folder.join(FILE_NAME);
    let io_error = |source| OpenError::Io { path: path.clone(), source };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io_error)?;
    let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&path).map_err(io_error)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path)),
        Err(TryLockError::Error(source)) => return Err(io_error(source)),
    }
    let (book, good_bytes) = read_back(&file, &path)?;
    cut_torn_line(&file, &path, good_bytes).map_err(io_error)?;
    sync_folder(folder).map_err(io_error)?;
    // The folder may be as new as the file: its name is its parent's.
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    sync_folder(parent).map_err(io_error)?;
    let journal = Journal::start(move |bytes| commit(&file, bytes)).map_err(io_error)?;
    Ok((book, journal))
}

/// What is recorded in `folder`, without changing anything there. A torn last line is left out: it was never acknowledged.
pub(crate) fn read(folder: &Path) -> Result<Book, OpenError> {
    let path = folder.join(FILE_NAME);
    match File::open(&path) {
        Ok(file) => read_back(&file, &path).map(|(book, _)| book),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Book::default()),
        Err(source) => Err(OpenError::Io { path, source }),
    }
}

fn commit(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)?;
    file.sync_data()
}

/// The book, and how many bytes of the file are whole lines.
fn read_back(file: &File, path: &Path) -> Result<(Book, u64), OpenError> {
    let (mut book, mut good_bytes, mut line_number) = (Book::default(), 0, 0);
    let (mut reader, mut line) = (BufReader::new(file), Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line);
        let length = read.map_err(|source| OpenError::Io { path: path.to_owned(), source })?;
        if line.last() != Some(&b'\n') {
            return Ok((book, good_bytes));
        }
        line_number += 1;
        let record = serde_json::from_slice::<Record>(&line);
        let unreadable = |source| OpenError::Unreadable { path: path.to_owned(), line: line_number, source };
        book.apply(record.map_err(unreadable)?);
        good_bytes += length as u64;
    }
}

/// A line without its end was never acknowledged: the machine stopped while it was written.
fn cut_torn_line(file: &File, path: &Path, good_bytes: u64) -> io::Result<()> {
    let torn_bytes = file.metadata()?.len().saturating_sub(good_bytes);
    if torn_bytes > 0 {
        tracing::warn!(path = %path.display(), torn_bytes, "cut off a torn last line; it was never acknowledged");
        file.set_len(good_bytes)?;
    }
    // What was read may have been written but not synced before a crash; it is told from now on, so it has to stay.
    file.sync_all()
}

/// Makes the name of a new file durable. Only Unix can sync a folder, and needs to.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FILE_NAME, OpenError, open};

    const GOOD: &str = r#"{"record":"charge","key":"k","id":"ch_1_1","at_ms":1,"status":"approved","reason":null,"amount":5,"currency":"KRW","card":"approve","description":""}"#;

    #[test]
    fn a_torn_last_line_is_cut_off_and_the_rest_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, format!("{GOOD}\n{}", &GOOD[..40])).unwrap();
        let (book, journal) = open(folder.path()).unwrap();
        assert_eq!(book.charges().len(), 1);
        drop(journal);
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{GOOD}\n"));
    }

    #[test]
    fn a_whole_line_that_is_no_record_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let text = format!("{GOOD}\nhello\n{GOOD}\n");
        fs::write(&path, &text).unwrap();
        let error = open(folder.path()).err().unwrap();
        assert!(matches!(error, OpenError::Unreadable { line: 2, .. }), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }

    #[test]
    fn two_cannot_write_to_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path()).unwrap();
        assert!(matches!(open(folder.path()), Err(OpenError::InUse(_))));
        drop(first);
        open(folder.path()).unwrap();
    }
}
