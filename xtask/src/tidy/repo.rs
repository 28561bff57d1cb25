//! The repository as the rules see it: the files git tracks or would track, and the crate graph. Rules never touch the disk.

use std::collections::BTreeMap;

use super::graph::{Crate, Graph};
use crate::chore::{Outcome, output_of, root};

/// Endings of the files whose text a rule reads; of all others only the name is known.
const READ: [&str; 4] = [".rs", ".md", ".toml", ".txt"];

/// One break of a rule, at a line counted from one.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub message: String,
}

/// Everything a rule may ask about.
#[derive(Debug)]
pub struct Repo {
    /// Path from the top of the repository, to text; the text is empty for files that no rule reads.
    pub files: BTreeMap<String, String>,
    pub graph: Graph,
}

impl Repo {
    /// Reads the files and asks `cargo metadata` for the graph.
    pub fn open() -> Outcome<Self> {
        let listed = output_of("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
        // A file deleted but not yet committed is still listed.
        let paths = listed.split_terminator('\0').filter(|path| root().join(path).exists());
        let files = paths.map(|path| Ok((path.to_owned(), read(path)?))).collect::<Outcome<_>>()?;
        Ok(Self { files, graph: Graph::of_workspace()? })
    }

    /// The files whose name ends like this, with their text.
    pub fn ending(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(ending))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Whether a file or a folder has this path; the top of the repository is the empty path.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        path.is_empty() || self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }

    /// A finding at the line of the manifest that names the dependency.
    pub fn at_dependency(&self, of: &Crate, dependency: &str, message: String) -> Finding {
        let path = format!("{}/Cargo.toml", of.folder);
        let names = |line: &str| {
            let rest = line.trim_start_matches(['"', ' ']).strip_prefix(dependency);
            rest.is_some_and(|rest| rest.starts_with(['.', ' ', '=', '"']))
        };
        let manifest = self.files.get(&path).map_or("", String::as_str);
        let line = manifest.lines().position(names).map_or(1, |index| index + 1);
        Finding { path, line, message }
    }
}

/// Whether the file holds nothing but tests: sizes do not bind there.
pub fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs")
}

fn read(path: &str) -> Outcome<String> {
    if !READ.iter().any(|ending| path.ends_with(ending)) {
        return Ok(String::new());
    }
    std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
impl Repo {
    /// A repository of these files and no crates.
    pub fn of_files(files: &[(&str, &str)]) -> Self {
        Self::sample(files, &[])
    }

    /// A repository of these files and these crates, written as in [`Graph::sample`].
    pub fn sample(files: &[(&str, &str)], crates: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { files, graph: Graph::sample(crates) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_exist_because_of_the_files_in_them() {
        let repo = Repo::of_files(&[("docs/adr/0001-words.md", "")]);

        assert!(repo.has("docs/adr/0001-words.md") && repo.has("docs/adr") && repo.has("docs/") && repo.has(""));
        assert!(!repo.has("docs/ad") && !repo.has("adr"));
    }

    #[test]
    fn a_dependency_is_found_at_its_line_of_the_manifest() {
        let manifest = "[dependencies]\naxum-extra = \"1\"\naxum.workspace = true\n";
        let repo = Repo::sample(&[("crates/stock/Cargo.toml", manifest)], &[("crates/stock", "axum")]);

        let found = repo.at_dependency(&repo.graph.crates[0], "axum", String::new());

        assert_eq!((found.path.as_str(), found.line), ("crates/stock/Cargo.toml", 3));
    }

    #[test]
    fn a_crate_of_tests_and_a_file_of_tests_are_test_files() {
        assert!(is_test_file("tests/src/story.rs") && is_test_file("crates/stock/src/hold/tests.rs"));
        assert!(!is_test_file("lib/testkit/src/lib.rs"));
    }
}
