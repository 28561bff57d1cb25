//! Nothing half done is left in the code: no holes, no debug prints, no tests switched off, no notes to oneself.

use crate::tidy::repo::{Finding, Repo};

const LEFTOVERS: [&str; 6] = ["todo!(", "unimplemented!(", "dbg!(", "#[ignore", "FIXME", "XXX"];
/// This crate names the leftovers in order to find them.
const EXEMPT: &str = "xtask/";

pub fn check(repo: &Repo) -> Vec<Finding> {
    let sources = repo.ending(".rs").filter(|(path, _)| !path.starts_with(EXEMPT));
    sources.flat_map(|(path, text)| in_file(path, text)).collect()
}

fn in_file(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().enumerate();
    let found = lines
        .flat_map(|(index, line)| LEFTOVERS.iter().filter(|word| stands_in(line, word)).map(move |word| (index, word)));
    found
        .map(|(index, word)| Finding { path: path.to_owned(), line: index + 1, message: format!("`{word}` is left") })
        .collect()
}

/// Whether the leftover stands in the line by itself, not as a part of a longer name.
fn stands_in(line: &str, leftover: &str) -> bool {
    let is_name = |at: Option<char>| at.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let ends_as_name = is_name(leftover.chars().next_back());
    line.match_indices(leftover).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + leftover.len()..].chars().next();
        !(is_name(before) || ends_as_name && is_name(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(path: &str, text: &str) -> Vec<Finding> {
        check(&Repo::of_files(&[(path, text)]))
    }

    #[test]
    fn each_leftover_is_found_at_its_line() {
        for leftover in
            ["todo!()", "unimplemented!(1)", "dbg!(1)", "#[ignore]", "#[ignore = 1]", "// FIXME a", "// XXX"]
        {
            let found = found_in("lib/a/src/lib.rs", &format!("//! A.\n{leftover}\n"));

            assert_eq!(found.first().map(|one| one.line), Some(2), "{leftover}");
        }
    }

    #[test]
    fn longer_names_and_clean_code_pass() {
        assert_eq!(found_in("lib/a/src/lib.rs", "my_todo!(1); let size = \"XXXL\"; // ignore"), []);
    }

    #[test]
    fn the_crate_that_looks_for_them_may_name_them() {
        assert_eq!(found_in("xtask/src/tidy/rules/leftovers.rs", "todo!()"), []);
    }
}
