//! What a backup says of itself. It is written last, so that a backup without one did not end.

use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::{At, BackupError};
use super::files;
use crate::sqlite::{archive, private};

/// The form of backups that this maejin makes and restores.
/// 1 had no `store` and no `incarnation`, and is still restored.
const FORMAT: u32 = 2;

/// What is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the backup.
    pub format: u32,
    /// Which maejin made it.
    pub version: String,
    /// When it was begun, in milliseconds since the Unix epoch.
    pub made_at_ms: u64,
    /// Which store it is of; none if that was from before stores knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// Which life of that store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incarnation: Option<String>,
    /// The first record from which on all are in it, those before being archived elsewhere; zero if there is none.
    pub first_record: u64,
    /// Its last record; zero if there is none.
    pub last_record: u64,
    /// When the last record was made, in milliseconds since the Unix epoch.
    pub last_record_at_ms: u64,
    /// The sum of the last record, in hexadecimal.
    pub last_record_sum: String,
    /// The last record that its tables contain.
    pub tables_upto: u64,
    /// Its files.
    pub files: Vec<FileNote>,
    /// CRC-32 over all of the above, in hexadecimal: a manifest is checked before it is believed.
    pub sum: String,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNote {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its content, in hexadecimal.
    pub sha256: String,
}

/// As much of a manifest as every form of it has.
#[derive(Deserialize)]
struct Made {
    format: u32,
    version: String,
}

impl Manifest {
    /// Its name in a backup.
    pub(crate) const NAME: &str = "manifest.json";
    pub(super) const FORMAT: u32 = FORMAT;

    /// The manifest of the backup `path`, if it is what was written.
    pub(super) fn read(path: &Path) -> Result<Self, BackupError> {
        let file = path.join(Self::NAME);
        let bytes = match std::fs::read(&file) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Err(BackupError::Unfinished(path.to_owned()));
            }
            read => read.at(&file)?,
        };
        let damaged =
            |why: String| BackupError::Damaged { path: path.to_owned(), why: format!("{}: {why}", Self::NAME) };
        let made: Made = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        if made.format > FORMAT {
            return Err(BackupError::Newer { path: path.to_owned(), version: made.version });
        }
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        let expected = manifest.own_sum();
        if manifest.sum != expected {
            return Err(damaged(format!("its sum is {:?}, but its content gives {expected:?}", manifest.sum)));
        }
        Ok(manifest)
    }

    /// Writes it into `dir`, with its sum.
    pub(super) fn write(&mut self, dir: &Path) -> Result<(), BackupError> {
        self.sum = self.own_sum();
        let mut text = serde_json::to_vec_pretty(self).expect("a manifest can be written as JSON");
        text.push(b'\n');
        let file = dir.join(Self::NAME);
        let made = private::options().create(true).write(true).truncate(true).open(&file);
        made.and_then(|mut made| made.write_all(&text)).at(&file)?;
        files::sync(&file)
    }

    /// What the store's file `name` should be.
    pub(super) fn file(&self, name: &str) -> Option<&FileNote> {
        self.files.iter().find(|file| file.name == name)
    }

    /// The archived segments in it, each by a name directly below [`archive::DIR`]: no other name is taken from a manifest.
    pub(super) fn segments(&self) -> impl Iterator<Item = &FileNote> {
        let is_segment = |file: &&FileNote| {
            let name = file.name.strip_prefix(archive::DIR).and_then(|rest| rest.strip_prefix('/'));
            name.is_some_and(|name| !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']))
        };
        self.files.iter().filter(is_segment)
    }

    fn own_sum(&self) -> String {
        let content = serde_json::to_vec(&Self { sum: String::new(), ..self.clone() });
        format!("{:08x}", crc32fast::hash(&content.expect("a manifest can be written as JSON")))
    }
}
