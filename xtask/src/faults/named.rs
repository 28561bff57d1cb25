//! The tests that are named after a wrong: `w`, its number in two digits, and what is right here instead.

/// Where the tests over the whole shop are, a file for each binary.
const FOLDER: &str = "tests/tests/";

/// A test that is named after a wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub path: String,
    pub line: usize,
}

/// The name of the test binary that this file is; `None` if it is none.
pub fn binary(path: &str) -> Option<&str> {
    path.strip_prefix(FOLDER)?.strip_suffix(".rs").filter(|name| !name.contains('/'))
}

/// The tests in a file that are named after a wrong.
pub fn tests(path: &str, text: &str) -> Vec<Named> {
    let lines = text.lines().zip(1..);
    lines
        .filter_map(|(line, number)| {
            let name = line.trim_start().strip_prefix("fn ")?.split_once("()")?.0;
            is_after_a_wrong(name).then(|| Named { name: name.to_owned(), path: path.to_owned(), line: number })
        })
        .collect()
}

fn is_after_a_wrong(name: &str) -> bool {
    matches!(name.as_bytes(), [b'w', tens, ones, b'_', ..] if tens.is_ascii_digit() && ones.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_named_after_a_wrong_are_found_with_their_line() {
        let text =
            "#[test]\nfn w01_no_oversell() {\n}\nfn walk() {}\nfn w1_no() {}\nfn w010() {}\nfn w02_with(a: u8) {}\n";

        let found = tests("tests/tests/a.rs", text);

        assert_eq!(found, [Named { name: "w01_no_oversell".into(), path: "tests/tests/a.rs".into(), line: 2 }]);
    }

    #[test]
    fn only_files_of_the_folder_are_binaries() {
        assert_eq!(binary("tests/tests/wrongs_door.rs"), Some("wrongs_door"));
        assert_eq!(binary("tests/tests/given/mod.rs"), None);
        assert_eq!(binary("tests/src/shop.rs"), None);
    }
}
