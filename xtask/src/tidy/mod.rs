//! The hard rules of the tree, held by a program because a rule without a check decays. One file per rule, in `rules/`.

mod graph;
mod markdown;
mod repo;
mod rules;
mod rust;

use crate::chore::{Outcome, root};
use repo::{Finding, Repo};

/// Checks every rule and prints each break of one as `path:line: [rule] what is wrong`.
pub fn check() -> Outcome {
    let repo = Repo::open()?;
    let mut found: Vec<String> = rules::ALL
        .iter()
        .flat_map(|rule| (rule.check)(&repo).into_iter().map(|found| shown(rule.name, &found)))
        .collect();
    // A dependency of the code and of its tests is declared twice and wrong once.
    found.dedup();
    for line in &found {
        println!("{line}");
    }
    match found.len() {
        0 => {
            println!("tidy: {} rules hold over {} files", rules::ALL.len(), repo.files.len());
            Ok(())
        }
        count => Err(format!("tidy: rules broken in {count} places")),
    }
}

/// Rewrites the snapshot of the crate graph from the manifests.
pub fn bless() -> Outcome {
    let repo = Repo::open()?;
    let path = root().join(rules::crate_graph::SNAPSHOT);
    std::fs::write(&path, rules::crate_graph::picture(&repo.graph))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn shown(rule: &str, found: &Finding) -> String {
    format!("{}:{}: [{rule}] {}", found.path, found.line, found.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_names_file_line_and_rule() {
        let found = Finding { path: "crates/stock/src/hold.rs".into(), line: 7, message: "too long".into() };

        assert_eq!(shown("file-size", &found), "crates/stock/src/hold.rs:7: [file-size] too long");
    }
}
