//! A decision that the list does not name is not found again: docs/adr/README.md links every file beside it.

use crate::tidy::markdown;
use crate::tidy::repo::{Finding, Repo};

const FOLDER: &str = "docs/adr/";
const INDEX: &str = "docs/adr/README.md";

pub fn check(repo: &Repo) -> Vec<Finding> {
    let index = markdown::links(repo.files.get(INDEX).map_or("", String::as_str));
    let is_listed = |name: &str| index.iter().any(|(_, target)| target.trim_start_matches("./") == name);
    let decisions = repo.files.keys().filter(|path| *path != INDEX);
    let names = decisions.filter_map(|path| path.strip_prefix(FOLDER));
    names.filter(|name| !is_listed(name)).map(unlisted).collect()
}

fn unlisted(name: &str) -> Finding {
    Finding { path: format!("{FOLDER}{name}"), line: 1, message: format!("no link to it in {INDEX}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECISION: (&str, &str) = ("docs/adr/0001-one-crate-per-context.md", "# One crate per context");

    #[test]
    fn a_decision_that_is_not_listed_is_found() {
        for index in ["", "[other](0002-other.md)", "[longer](10001-one-crate-per-context.md)"] {
            let found = check(&Repo::of_files(&[DECISION, (INDEX, index)]));

            assert_eq!(found, [unlisted("0001-one-crate-per-context.md")], "{index}");
        }
    }

    #[test]
    fn a_missing_list_names_nothing() {
        assert_eq!(check(&Repo::of_files(&[DECISION])).len(), 1);
    }

    #[test]
    fn a_listed_decision_passes() {
        assert_eq!(check(&Repo::of_files(&[DECISION, (INDEX, "- [One](0001-one-crate-per-context.md)")])), []);
    }
}
