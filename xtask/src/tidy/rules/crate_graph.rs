//! The crate graph is kept as text, so that a new edge is seen in review and not only in the build times.

use crate::tidy::graph::{Crate, Graph};
use crate::tidy::repo::{Finding, Repo};

/// Where the graph is kept.
pub const SNAPSHOT: &str = "docs/crate-graph.txt";

pub fn check(repo: &Repo) -> Vec<Finding> {
    let kept = repo.files.get(SNAPSHOT).map_or("", String::as_str);
    let current = picture(&repo.graph);
    if kept == current {
        return Vec::new();
    }
    let same = kept.lines().zip(current.lines()).take_while(|(kept, current)| kept == current).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("nothing").to_owned();
    let (kept, current) = (line(kept), line(&current));
    let message = format!("kept: `{kept}`, declared: `{current}`; if meant, run `cargo xtask tidy --bless`");
    vec![Finding { path: SNAPSHOT.to_owned(), line: same + 1, message }]
}

/// One line for each crate of the workspace, `crate -> dependency, dependency`: normal dependencies, sorted.
pub fn picture(graph: &Graph) -> String {
    let mut lines: Vec<String> = graph.crates.iter().map(|one| line(graph, one)).collect();
    lines.sort();
    lines.concat()
}

fn line(graph: &Graph, from: &Crate) -> String {
    let mut names: Vec<&str> =
        graph.members(from).filter(|(_, how)| !how.dev_only).map(|(to, _)| to.name.as_str()).collect();
    names.sort_unstable();
    if names.is_empty() { format!("{}\n", from.name) } else { format!("{} -> {}\n", from.name, names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATES: [(&str, &str); 3] =
        [("lib/world", ""), ("crates/stock", "world contracts serde dev:saga"), ("crates/contracts", "")];
    const PICTURE: &str = "contracts\nstock -> contracts, world\nworld\n";

    #[test]
    fn a_graph_that_differs_is_found_at_the_first_line_that_differs() {
        let found = check(&Repo::sample(&[(SNAPSHOT, "contracts\nstock -> contracts\nworld\n")], &CRATES));

        assert_eq!(found.len(), 1);
        assert_eq!(found[0].line, 2);
        assert!(found[0].message.starts_with("kept: `stock -> contracts`, declared: `stock -> contracts, world`"));
    }

    #[test]
    fn a_missing_snapshot_is_found() {
        assert_eq!(check(&Repo::sample(&[], &CRATES)).len(), 1);
    }

    #[test]
    fn the_same_graph_passes() {
        assert_eq!(check(&Repo::sample(&[(SNAPSHOT, PICTURE)], &CRATES)), []);
    }
}
