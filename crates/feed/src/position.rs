//! Up to where brokers have acknowledged: a file in the data directory. It holds for one life of one store and one cluster of Kafka: for any
//! other, the feed begins at the first event, whose id no consumer there has seen.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What the file is called.
const FILE: &str = "kafka.position";
/// Only the operator reads it, as the rest of the store.
const MODE: u32 = 0o600;

/// For what a position holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The cluster of Kafka.
    pub cluster: String,
    /// What the names of its topics begin with.
    pub topics: String,
    /// The life of the store.
    pub incarnation: String,
}

/// What stands in the file.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    of: Whereabouts,
    /// The last record of which everything is acknowledged.
    record: u64,
}

/// The position.
#[derive(Debug)]
pub struct Position {
    path: PathBuf,
    of: Whereabouts,
    record: u64,
    kept: u64,
}

/// How a position was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing was ever sent from here.
    Nothing,
    /// The feed goes on.
    Here,
    /// Something was sent elsewhere, or in another life of the store.
    Other(Whereabouts),
}

impl Position {
    /// The position in the data directory `dir` for `of`.
    ///
    /// # Errors
    /// If there is one that cannot be read: from where to go on is not guessed.
    pub fn open(dir: &Path, of: Whereabouts) -> io::Result<(Self, Found)> {
        let path = dir.join(FILE);
        let (record, found) = match fs::read(&path) {
            Ok(text) => {
                let kept: Kept = serde_json::from_slice(&text).map_err(|error| unreadable(&path, &error))?;
                if kept.of == of { (kept.record, Found::Here) } else { (0, Found::Other(kept.of)) }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => (0, Found::Nothing),
            Err(error) => return Err(unreadable(&path, &error)),
        };
        Ok((Self { path, of, record, kept: record }, found))
    }

    /// The last record of which everything is acknowledged.
    pub fn record(&self) -> u64 {
        self.record
    }

    /// Everything up to `record` is acknowledged. What is not kept yet is sent again after a crash.
    pub fn advance(&mut self, record: u64) {
        self.record = record;
    }

    /// Keeps it, over a loss of power too.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn keep(&mut self) -> io::Result<()> {
        if self.kept == self.record {
            return Ok(());
        }
        let next = self.path.with_extension("position.next");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(MODE).open(&next)?;
        file.write_all(&serde_json::to_vec(&Kept { of: self.of.clone(), record: self.record })?)?;
        file.sync_all()?;
        fs::rename(&next, &self.path)?;
        if let Some(dir) = self.path.parent() {
            File::open(dir)?.sync_all()?;
        }
        self.kept = self.record;
        Ok(())
    }
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> io::Error {
    let path = path.display();
    io::Error::other(format!(
        "{path}: {why}; without it the feed begins at the first event again: remove it to have that"
    ))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn of(incarnation: &str) -> Whereabouts {
        Whereabouts { cluster: "c".to_owned(), topics: "t".to_owned(), incarnation: incarnation.to_owned() }
    }

    #[test]
    fn a_position_is_found_again_by_the_same_life_alone() {
        let dir = TempDir::new().unwrap();
        let (mut position, found) = Position::open(dir.path(), of("1")).unwrap();
        assert_eq!((position.record(), found), (0, Found::Nothing));
        position.advance(17);
        assert_eq!(Position::open(dir.path(), of("1")).unwrap().1, Found::Nothing, "it was not kept");
        position.keep().unwrap();
        let (position, found) = Position::open(dir.path(), of("1")).unwrap();
        assert_eq!((position.record(), found), (17, Found::Here));
        let (position, found) = Position::open(dir.path(), of("2")).unwrap();
        assert_eq!((position.record(), found), (0, Found::Other(of("1"))));
    }

    #[test]
    fn a_position_that_cannot_be_read_is_not_guessed() {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join(FILE), "{").unwrap();
        assert!(Position::open(dir.path(), of("1")).unwrap_err().to_string().contains("kafka.position"));
    }
}
