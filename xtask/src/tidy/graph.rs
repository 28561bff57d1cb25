//! The crates of the workspace and what they depend on, as declared in the manifests.

use serde::Deserialize;

use crate::chore::{Outcome, output_of};

/// The crates of the workspace, by name.
#[derive(Debug)]
pub struct Graph {
    pub crates: Vec<Crate>,
}

/// A crate of the workspace.
#[derive(Debug)]
pub struct Crate {
    pub name: String,
    /// From the top of the repository, such as `crates/stock`.
    pub folder: String,
    /// Sorted by name; a crate that is both a normal and a dev-dependency appears twice.
    pub dependencies: Vec<Dependency>,
}

/// What a crate depends on, by the name of its package.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    pub name: String,
    /// For tests, examples and benches only.
    pub dev_only: bool,
}

impl Graph {
    /// Asks `cargo metadata`, which neither builds nor resolves anything for this.
    pub fn of_workspace() -> Outcome<Self> {
        Self::parse(&output_of("cargo", &["metadata", "--no-deps", "--format-version", "1"])?)
    }

    fn parse(json: &str) -> Outcome<Self> {
        let metadata: Metadata = serde_json::from_str(json).map_err(|error| format!("cargo metadata: {error}"))?;
        let mut crates: Vec<Crate> =
            metadata.packages.into_iter().map(|package| package.into_crate(&metadata.workspace_root)).collect();
        crates.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { crates })
    }

    /// The crate of the workspace with this name.
    pub fn find(&self, name: &str) -> Option<&Crate> {
        self.crates.iter().find(|member| member.name == name)
    }

    /// The dependencies of `of` that are crates of the workspace.
    pub fn members<'g>(&'g self, of: &'g Crate) -> impl Iterator<Item = (&'g Crate, &'g Dependency)> {
        of.dependencies.iter().filter_map(|dependency| Some((self.find(&dependency.name)?, dependency)))
    }
}

/// The part of `cargo metadata` that is read here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: String,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Declared>,
}

#[derive(Deserialize)]
struct Declared {
    name: String,
    kind: Option<String>,
}

impl Package {
    fn into_crate(self, workspace_root: &str) -> Crate {
        let manifest = self.manifest_path.strip_prefix(workspace_root).unwrap_or(&self.manifest_path);
        let folder = manifest.trim_start_matches('/').trim_end_matches("/Cargo.toml").to_owned();
        let declared = self.dependencies.into_iter();
        let mut dependencies: Vec<Dependency> =
            declared.map(|one| Dependency { name: one.name, dev_only: one.kind.as_deref() == Some("dev") }).collect();
        dependencies.sort();
        dependencies.dedup();
        Crate { name: self.name, folder, dependencies }
    }
}

#[cfg(test)]
impl Graph {
    /// Crates from `(folder, dependencies)`, with dependencies parted by blanks, `dev:` before those for tests only.
    pub fn sample(crates: &[(&str, &str)]) -> Self {
        let dependency = |word: &str| Dependency {
            name: word.trim_start_matches("dev:").to_owned(),
            dev_only: word.starts_with("dev:"),
        };
        let one = |(folder, words): &(&str, &str)| Crate {
            name: folder.rsplit('/').next().unwrap().to_owned(),
            folder: (*folder).to_owned(),
            dependencies: words.split_whitespace().map(dependency).collect(),
        };
        Self { crates: crates.iter().map(one).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_kinds_are_read_from_the_metadata() {
        let json = r#"{ "workspace_root": "/top", "packages": [{
            "name": "stock", "manifest_path": "/top/crates/stock/Cargo.toml",
            "dependencies": [{ "name": "proptest", "kind": "dev" }, { "name": "contracts", "kind": null }]
        }] }"#;

        let graph = Graph::parse(json).unwrap();

        let stock = graph.find("stock").unwrap();
        assert_eq!(stock.folder, "crates/stock");
        assert_eq!(
            stock.dependencies,
            [
                Dependency { name: "contracts".into(), dev_only: false },
                Dependency { name: "proptest".into(), dev_only: true },
            ]
        );
    }

    #[test]
    fn only_crates_of_the_workspace_are_members() {
        let graph = Graph::sample(&[("crates/stock", "contracts serde"), ("crates/contracts", "serde")]);

        let members: Vec<&str> = graph.members(&graph.crates[0]).map(|(member, _)| member.name.as_str()).collect();

        assert_eq!(members, ["contracts"]);
    }
}
