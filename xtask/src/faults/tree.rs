//! A copy of the tree in which faults are put back, so that the tree itself is never wrong. What it builds is kept between runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::chore::Outcome;

/// Where the copy lies, and what is built of it: below the folder that git ignores.
const COPY: &str = "target/faults";
const BUILT: &str = "target/faults-target";

/// The copy.
#[derive(Debug)]
pub struct Tree {
    dir: PathBuf,
    built: PathBuf,
}

impl Tree {
    /// The copy of `files` of the tree at `root`. A file that is as it should be is left alone, so that only what changed is built anew.
    pub fn brought_up_to_date(root: &Path, files: &[String]) -> Outcome<Self> {
        let tree = Self { dir: root.join(COPY), built: root.join(BUILT) };
        for file in files {
            let (from, to) = (root.join(file), tree.dir.join(file));
            if bytes(&from)? != fs::read(&to).unwrap_or_default() || !to.exists() {
                copy(&from, &to)?;
            }
        }
        let wanted: BTreeSet<PathBuf> = files.iter().map(|file| tree.dir.join(file)).collect();
        remove_others(&tree.dir, &wanted)?;
        Ok(tree)
    }

    /// Where it lies.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where what is built of it lies.
    pub fn built(&self) -> &Path {
        &self.built
    }

    /// The text of a file.
    pub fn read(&self, file: &str) -> Outcome<String> {
        fs::read_to_string(self.dir.join(file)).map_err(|error| format!("{file}: {error}"))
    }

    /// Does `work` while the files of `changed` are as it says, and puts them back.
    pub fn while_changed<T>(&self, changed: &BTreeMap<String, String>, work: impl FnOnce() -> T) -> Outcome<T> {
        let before: BTreeMap<String, String> =
            changed.keys().map(|file| Ok((file.clone(), self.read(file)?))).collect::<Outcome<_>>()?;
        let written = self.write(changed);
        let done = written.map(|()| work());
        self.write(&before)?;
        done
    }

    fn write(&self, files: &BTreeMap<String, String>) -> Outcome {
        let write = |(file, text): (&String, &String)| {
            fs::write(self.dir.join(file), text).map_err(|error| format!("{file}: {error}"))
        };
        files.iter().try_for_each(write)
    }
}

fn bytes(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| shown(path, &error))
}

/// Writes the bytes rather than copying the file: it must be newer than what was built of the one before.
fn copy(from: &Path, to: &Path) -> Outcome {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| shown(folder, &error))?;
    fs::write(to, bytes(from)?).map_err(|error| shown(to, &error))
}

fn remove_others(folder: &Path, wanted: &BTreeSet<PathBuf>) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| shown(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| shown(folder, &error))?.path();
        if path.is_dir() {
            remove_others(&path, wanted)?;
        } else if !wanted.contains(&path) {
            fs::remove_file(&path).map_err(|error| shown(&path, &error))?;
        }
    }
    Ok(())
}

fn shown(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        files.iter().for_each(|(file, text)| {
            fs::create_dir_all(root.path().join(file).parent().unwrap()).unwrap();
            fs::write(root.path().join(file), text).unwrap();
        });
        root
    }

    fn copied(root: &tempfile::TempDir, files: &[&str]) -> Tree {
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        Tree::brought_up_to_date(root.path(), &files).unwrap()
    }

    #[test]
    fn the_copy_follows_the_tree() {
        let root = given(&[("a/b.rs", "one"), ("c.rs", "c"), ("empty", "")]);
        let tree = copied(&root, &["a/b.rs", "c.rs", "empty"]);
        assert_eq!((tree.read("a/b.rs").unwrap().as_str(), tree.read("empty").unwrap().as_str()), ("one", ""));

        fs::write(root.path().join("a/b.rs"), "two").unwrap();
        let tree = copied(&root, &["a/b.rs"]);

        assert_eq!(tree.read("a/b.rs").unwrap(), "two");
        assert!(tree.read("c.rs").is_err(), "what is gone in the tree is gone in the copy");
    }

    #[test]
    fn a_change_lasts_as_long_as_the_work() {
        let root = given(&[("a.rs", "right")]);
        let tree = copied(&root, &["a.rs"]);

        let seen =
            tree.while_changed(&BTreeMap::from([("a.rs".into(), "wrong".into())]), || tree.read("a.rs").unwrap());

        assert_eq!((seen.unwrap().as_str(), tree.read("a.rs").unwrap().as_str()), ("wrong", "right"));
        assert_eq!(fs::read_to_string(root.path().join("a.rs")).unwrap(), "right", "the tree itself is never touched");
    }
}
