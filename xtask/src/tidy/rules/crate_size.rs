//! A room is small enough to be known: no crate of the shop has more than 6,000 lines, and the binary, which only puts the others together,
//! 2,500. Files of tests do not count.

use crate::tidy::graph::Crate;
use crate::tidy::repo::{Finding, Repo, is_test_file};

const MOST_LINES: usize = 6_000;
/// The one that knows all others has little of its own.
const BINARY: &str = "maejin";
const MOST_LINES_OF_BINARY: usize = 2_500;

pub fn check(repo: &Repo) -> Vec<Finding> {
    let of_the_shop = |one: &&Crate| one.folder.starts_with("crates/") || one.folder.starts_with("lib/");
    repo.graph.crates.iter().filter(of_the_shop).filter_map(|one| too_large(repo, one)).collect()
}

fn too_large(repo: &Repo, one: &Crate) -> Option<Finding> {
    let most = if one.name == BINARY { MOST_LINES_OF_BINARY } else { MOST_LINES };
    let folder = format!("{}/", one.folder);
    let counts = |path: &str| path.starts_with(&folder) && !is_test_file(path);
    let lines: usize = repo.ending(".rs").filter(|(path, _)| counts(path)).map(|(_, text)| text.lines().count()).sum();
    let message = format!("{} has {lines} lines, at most {most}: make a room of a part of it", one.name);
    (lines > most).then(|| Finding { path: format!("{folder}Cargo.toml"), line: 1, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(folder: &str, lines: usize) -> Vec<String> {
        let (path, tests) = (format!("{folder}/src/a.rs"), format!("{folder}/src/a/tests.rs"));
        let text = "const A: u8 = 1;\n".repeat(lines);
        let files = [(path.as_str(), text.as_str()), (&tests, &text), ("lib/b/src/lib.rs", &text)];
        check(&Repo::sample(&files, &[(folder, "")])).into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn a_crate_over_6000_lines_is_found_and_one_of_6000_passes() {
        assert_eq!(
            found_in("crates/stock", 6_001),
            ["stock has 6001 lines, at most 6000: make a room of a part of it"]
        );
        assert_eq!(found_in("crates/stock", 6_000), [""; 0]);
    }

    #[test]
    fn a_binary_over_2500_lines_is_found_and_one_of_2500_passes() {
        assert_eq!(
            found_in("crates/maejin", 2_501),
            ["maejin has 2501 lines, at most 2500: make a room of a part of it"]
        );
        assert_eq!(found_in("crates/maejin", 2_500), [""; 0]);
    }

    #[test]
    fn what_stands_on_top_of_the_shop_may_be_larger() {
        assert_eq!(found_in("tests", 6_001), [""; 0]);
    }
}
