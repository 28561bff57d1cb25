//! The map in ARCHITECTURE.md leads somewhere: every path of the repository that it names in backticks exists.

use crate::tidy::markdown;
use crate::tidy::repo::{Finding, Repo};

const MAP: &str = "ARCHITECTURE.md";
/// A text in backticks that begins so is taken for a path.
const BEGINNINGS: [&str; 6] = ["crates/", "lib/", "tests/", "xtask/", "docs/", "bench/"];
/// From here on a text is a pattern for many paths, such as `crates/*/src/http.rs` or `crates/<context>`.
const PATTERN_SIGNS: [char; 4] = ['*', '<', '{', '…'];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let text = repo.files.get(MAP).map_or("", String::as_str);
    let spans = markdown::code_spans(text).into_iter();
    let paths = spans.filter(|(_, span)| BEGINNINGS.iter().any(|beginning| span.starts_with(beginning)));
    let dead = paths.filter(|(_, span)| !repo.has(certain_part(span)));
    dead.map(|(line, span)| Finding { path: MAP.to_owned(), line, message: format!("`{span}` does not exist") })
        .collect()
}

/// The path without an item or a line number behind it, and for a pattern only its folder.
fn certain_part(span: &str) -> &str {
    let path = span.split([':', ' ', '#']).next().unwrap_or(span);
    match path.find(PATTERN_SIGNS) {
        Some(sign) => path[..sign].rsplit_once('/').map_or("", |(folder, _)| folder),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(map: &str) -> Vec<Finding> {
        check(&Repo::of_files(&[(MAP, map), ("crates/stock/src/hold.rs", "")]))
    }

    #[test]
    fn a_path_that_does_not_exist_is_found_at_its_line() {
        for path in ["crates/stock/src/held.rs", "lib/engine", "crates/stok/*.rs", "crates/stock/src/held.rs::Hold"] {
            let found = found_in(&format!("# Map\n\n- `{path}`\n"));

            assert_eq!(found, [Finding { path: MAP.into(), line: 3, message: format!("`{path}` does not exist") }]);
        }
    }

    #[test]
    fn paths_that_exist_and_other_code_pass() {
        let spans = [
            "crates/stock/src/hold.rs",
            "crates/stock/",
            "crates/stock/src/hold.rs::Hold",
            "crates/*/src",
            "a/b",
            "lib",
        ];
        for span in spans {
            assert_eq!(found_in(&format!("`{span}`")), [], "{span}");
        }
    }
}
