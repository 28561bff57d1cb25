//! The page of limits says what the code says: each constant that it names has that value there, and each queue has its bound on it.

use crate::tidy::repo::{Finding, Repo, is_test_file};

const PAGE: &str = "docs/operate/limits.md";
/// What makes something that others wait for, up to its argument.
const QUEUES: [&str; 4] = ["sync_channel(", "mpsc::channel(", "unbounded_channel(", "Semaphore::new("];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let Some(page) = repo.files.get(PAGE) else { return Vec::new() };
    let mut found = Vec::new();
    for (line, text) in (1..).zip(page.lines()) {
        for (name, value, path) in named(text) {
            let code = repo.files.get(path).map_or("", String::as_str);
            if !code.lines().any(|code| is_constant(code, name, value)) {
                let message = format!("`{name}` is not {value} in {path}");
                found.push(Finding { path: PAGE.to_owned(), line, message });
            }
        }
    }
    let sources = repo.ending(".rs").filter(|(path, _)| path.contains("/src/") && !is_test_file(path));
    let sources = sources.filter(|(path, _)| !path.starts_with("xtask/") && !path.starts_with("bench/"));
    found.extend(sources.flat_map(|(path, code)| unlisted(path, code, page)));
    found
}

/// The constants that a line of the page names: each with its value, and the file that is named after it.
fn named(line: &str) -> Vec<(&str, &str, &str)> {
    let spans: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
    let path = |from: usize| spans[from..].iter().find(|span| span.ends_with(".rs")).copied();
    let constants = spans.iter().enumerate().filter_map(|(at, span)| {
        let (name, value) = span.split_once(" = ")?;
        Some((name, value, path(at)?))
    });
    constants.collect()
}

fn is_constant(code: &str, name: &str, value: &str) -> bool {
    let declared = code.split_once("const ").and_then(|(_, rest)| rest.split_once(": "));
    let is = |(found, rest): (&str, &str)| {
        found == name && rest.split_once(" = ").is_some_and(|(_, is)| is == format!("{value};"))
    };
    declared.is_some_and(is)
}

/// The queues in a file that the page does not bound: by a constant of that file, or by naming the file.
fn unlisted(path: &str, code: &str, page: &str) -> Vec<Finding> {
    let product = code.split("#[cfg(test)]").next().unwrap_or_default();
    let bounded = |argument: &str| {
        page.lines().any(|line| {
            let by_name = named(line).iter().any(|(name, _, file)| *name == argument && *file == path);
            by_name || (named(line).is_empty() && line.contains(&format!("`{path}`")))
        })
    };
    let mut found = Vec::new();
    for (line, text) in (1..).zip(product.lines()) {
        for call in QUEUES {
            let Some((_, rest)) = text.split_once(call) else { continue };
            let argument = rest.split(')').next().unwrap_or_default();
            if !bounded(argument) {
                let message = format!("`{call}{argument})` has no bound in {PAGE}");
                found.push(Finding { path: path.to_owned(), line, message });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = "| requests | 8 | `QUEUE = 8` in `lib/a/src/lib.rs` |\n";

    fn found_in(page: &str, code: &str) -> Vec<String> {
        let found = check(&Repo::of_files(&[(PAGE, page), ("lib/a/src/lib.rs", code)]));
        found.into_iter().map(|found| format!("{}:{} {}", found.path, found.line, found.message)).collect()
    }

    #[test]
    fn what_is_as_the_page_says_passes() {
        assert_eq!(found_in(LISTED, "pub(crate) const QUEUE: usize = 8;\nlet x = sync_channel(QUEUE);\n"), [""; 0]);
    }

    #[test]
    fn a_constant_with_another_value_is_found_and_so_is_one_that_is_not_there() {
        for code in ["const QUEUE: usize = 9;\n", "const QUEUES: usize = 8;\n", "const QUEUE: usize = 88;\n"] {
            assert_eq!(found_in(LISTED, code), ["docs/operate/limits.md:1 `QUEUE` is not 8 in lib/a/src/lib.rs"]);
        }
    }

    #[test]
    fn a_queue_that_is_not_on_the_page_is_found() {
        let code = "const QUEUE: usize = 8;\nlet (a, b) = mpsc::channel(OTHER);\n";
        assert_eq!(
            found_in(LISTED, code),
            ["lib/a/src/lib.rs:2 `mpsc::channel(OTHER)` has no bound in docs/operate/limits.md"]
        );
        let of_tests = "const QUEUE: usize = 8;\n#[cfg(test)]\nmod tests { fn x() { mpsc::channel(OTHER) } }\n";
        assert_eq!(found_in(LISTED, of_tests), [""; 0]);
    }

    #[test]
    fn a_file_may_be_named_whole() {
        let page = "| requests | those of the calls | `lib/a/src/lib.rs` |\n";
        assert_eq!(found_in(page, "let (a, b) = mpsc::channel();\n"), [""; 0]);
    }
}
