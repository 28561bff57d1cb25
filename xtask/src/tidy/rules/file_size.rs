//! A file is read as a whole: at most 500 lines, its own tests not counted.

use crate::tidy::repo::{Finding, Repo, is_test_file};
use crate::tidy::rust;

/// Where the largest files of the repositories that are a pleasure to read end.
const MOST_LINES: usize = 500;

pub fn check(repo: &Repo) -> Vec<Finding> {
    repo.ending(".rs").filter(|(path, _)| !is_test_file(path)).filter_map(|(path, text)| too_long(path, text)).collect()
}

fn too_long(path: &str, text: &str) -> Option<Finding> {
    if text.lines().count() <= MOST_LINES {
        return None;
    }
    // A file that does not parse is reported once, by the rule on function sizes.
    let file = rust::parse(path, text).ok()?;
    let lines = rust::trailing_tests(&file).map_or(text.lines().count(), |tests| tests - 1);
    let message = format!("{lines} lines without tests, at most {MOST_LINES}");
    (lines > MOST_LINES).then(|| Finding { path: path.to_owned(), line: MOST_LINES + 1, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found_in(path: &str, text: &str) -> Vec<Finding> {
        check(&Repo::of_files(&[(path, text)]))
    }

    #[test]
    fn a_file_over_500_lines_is_found() {
        let found = found_in("lib/a/src/lib.rs", &"const A: u8 = 1;\n".repeat(501));

        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].message.as_str()), (501, "501 lines without tests, at most 500"));
    }

    #[test]
    fn a_file_of_500_lines_passes() {
        assert_eq!(found_in("lib/a/src/lib.rs", &"const A: u8 = 1;\n".repeat(500)), []);
    }

    #[test]
    fn trailing_tests_do_not_count() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "const A: u8 = 1;\n".repeat(600));

        assert_eq!(found_in("lib/a/src/lib.rs", &format!("fn a() {{}}\n\n{tests}")), []);
    }

    #[test]
    fn a_test_file_may_be_longer() {
        assert_eq!(found_in("tests/src/story.rs", &"const A: u8 = 1;\n".repeat(501)), []);
    }
}
