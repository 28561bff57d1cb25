//! A directory with everything in it, as bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What SQLite shares between processes, and builds anew when it opens a database: not a part of what is kept.
const SHARED: &str = "-shm";

/// What is in a directory, by its path from there: the content of a file, nothing for a directory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Image(pub(super) BTreeMap<PathBuf, Option<Vec<u8>>>);

impl Image {
    /// What is in `dir` now.
    pub(crate) fn of(dir: &Path) -> Self {
        let mut all = BTreeMap::new();
        let mut open = vec![dir.to_owned()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).expect("a directory can be read") {
                let path = entry.expect("a directory can be read").path();
                let name = path.strip_prefix(dir).expect("it is in there").to_owned();
                if path.is_dir() {
                    all.insert(name, None);
                    open.push(path);
                } else if !path.to_string_lossy().ends_with(SHARED) {
                    all.insert(name, Some(std::fs::read(&path).expect("a file can be read")));
                }
            }
        }
        Self(all)
    }

    /// Puts it into `dir`, in the place of what is there.
    pub(crate) fn put_into(&self, dir: &Path) {
        if dir.exists() {
            std::fs::remove_dir_all(dir).expect("a directory can be removed");
        }
        std::fs::create_dir_all(dir).expect("a directory can be made");
        for (name, content) in &self.0 {
            let path = dir.join(name);
            match content {
                Some(bytes) => std::fs::write(path, bytes).expect("a file can be written"),
                None => std::fs::create_dir(path).expect("a directory can be made"),
            }
        }
    }

    /// Whether there is something at `name`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(Path::new(name))
    }

    /// In what it differs from `other`; nothing if it does not.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        let names = self.0.keys().chain(other.0.keys());
        let mut names = names.filter(|name| self.0.get(*name) != other.0.get(*name));
        let name = names.next()?;
        let told = |image: &Self| match image.0.get(name) {
            None => "is not there".to_owned(),
            Some(None) => "is a directory".to_owned(),
            Some(Some(bytes)) => format!("has {} bytes", bytes.len()),
        };
        let first = match (self.0.get(name), other.0.get(name)) {
            (Some(Some(one)), Some(Some(two))) => {
                format!(", the same up to {}", one.iter().zip(two).take_while(|(a, b)| a == b).count())
            }
            _ => String::new(),
        };
        Some(format!("{} {}, but {}{first}", name.display(), told(self), told(other)))
    }
}
