//! SQL text comes into the store through one door, for whoever checks a store that nobody sells from. All others say what they want as data.

use crate::tidy::repo::{Finding, Repo};

const DOOR: &str = "report_in_sql(";
/// Who has the door, who goes through it, and this crate, which names it in order to find it.
const BEHIND: [&str; 3] = ["lib/store/", "crates/maintenance/", "xtask/"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let sources = repo.ending(".rs").filter(|(path, _)| !BEHIND.iter().any(|behind| path.starts_with(behind)));
    sources.flat_map(|(path, text)| in_file(path, text)).collect()
}

fn in_file(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().enumerate().filter(|(_, line)| line.contains(DOOR));
    let message = || format!("`{DOOR}..)` takes SQL, which only the check of a store does: ask with a `store::Find`");
    lines.map(|(index, _)| Finding { path: path.to_owned(), line: index + 1, message: message() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_found_where_it_does_not_belong() {
        let text = "//! A.\nreader.report_in_sql(\"SELECT 1\");\n";
        let found_in = |path| check(&Repo::of_files(&[(path, text)])).len();
        assert_eq!(
            ["crates/stock/src/queries.rs", "tests/src/books.rs", "lib/engine/src/timers.rs"].map(found_in),
            [1; 3]
        );
        assert_eq!(
            ["crates/maintenance/src/check/counted.rs", "lib/store/src/sqlite/maintenance/report.rs"].map(found_in),
            [0; 2]
        );
        assert_eq!(check(&Repo::of_files(&[("crates/stock/src/a.rs", text)]))[0].line, 2);
    }
}
