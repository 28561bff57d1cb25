//! Every test named after a wrong has its fault in `tests/faults.toml`, and every fault of it can still be put back: so the list
//! cannot rot between two runs of `cargo xtask faults`.

use crate::faults::list::{self, Fault, LIST};
use crate::faults::named::{self, Named};
use crate::tidy::repo::{Finding, Repo};

pub fn check(repo: &Repo) -> Vec<Finding> {
    let text = repo.files.get(LIST).map_or("", String::as_str);
    let faults = match list::parse(text) {
        Ok(faults) => faults,
        Err(_) if text.is_empty() => Vec::new(),
        Err(why) => return vec![in_list(1, why)],
    };
    let tests: Vec<Named> = repo
        .ending(".rs")
        .filter(|(path, _)| named::binary(path).is_some())
        .flat_map(|(path, text)| named::tests(path, text))
        .collect();
    let without = tests.iter().filter(|test| !faults.iter().any(|fault| fault.test() == test.name)).map(without_fault);
    without.chain(faults.iter().flat_map(|fault| of_fault(fault, text, &tests, repo))).collect()
}

fn without_fault(test: &Named) -> Finding {
    let message = format!("no fault in {LIST} shows that `{}` can fail", test.name);
    Finding { path: test.path.clone(), line: test.line, message }
}

fn of_fault(fault: &Fault, list: &str, tests: &[Named], repo: &Repo) -> Vec<Finding> {
    let mut found = Vec::new();
    if !tests.iter().any(|test| test.name == fault.test()) {
        found.push(in_list(fault.line(list), format!("there is no test `{}`", fault.test())));
    }
    if fault.edit.is_empty() {
        found.push(in_list(fault.line(list), "it changes nothing".to_owned()));
    }
    for edit in &fault.edit {
        let wrong = match repo.files.get(&edit.file) {
            _ if edit.file.starts_with("tests/") => Some("a fault is put into the product, not into a test".to_owned()),
            None => Some("there is no such file".to_owned()),
            Some(text) => edit.applied(text).err(),
        };
        found.extend(wrong.map(|why| in_list(edit.line(list), format!("{}: {why}", edit.file))));
    }
    found
}

fn in_list(line: usize, message: String) -> Finding {
    Finding { path: LIST.to_owned(), line, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TESTS: (&str, &str) = ("tests/tests/wrongs.rs", "#[test]\nfn w01_a() {}\n#[test]\nfn other() {}\n");
    const PRODUCT: (&str, &str) = ("crates/stock/src/hold.rs", "one two one\n");

    fn found_in(list: &str) -> Vec<(String, usize, String)> {
        let found = check(&Repo::of_files(&[TESTS, PRODUCT, (LIST, list)]));
        found.into_iter().map(|found| (found.path, found.line, found.message)).collect()
    }

    fn fault(test: &str, file: &str, find: &str) -> String {
        format!(
            "[[fault]]\ntest = \"{test}\"\nwrong = \"w\"\n[[fault.edit]]\nfile = \"{file}\"\nfind = \"{find}\"\nreplace = \"\"\n"
        )
    }

    #[test]
    fn a_test_with_a_fault_that_can_be_put_back_passes() {
        assert_eq!(found_in(&fault("w01_a", PRODUCT.0, "two")), []);
    }

    #[test]
    fn a_test_without_a_fault_is_found_at_its_line() {
        for list in ["", "fault = []"] {
            let message = "no fault in tests/faults.toml shows that `w01_a` can fail".to_owned();
            assert_eq!(found_in(list), [("tests/tests/wrongs.rs".to_owned(), 2, message)]);
        }
    }

    #[test]
    fn a_fault_that_cannot_be_put_back_is_found_at_its_line() {
        let cases = [(PRODUCT.0, "one"), (PRODUCT.0, "three"), ("crates/stock/src/gone.rs", "two"), (TESTS.0, "other")];
        for (file, find) in cases {
            let found = found_in(&fault("w01_a", file, find));

            assert_eq!(found.iter().map(|found| found.1).collect::<Vec<_>>(), [6], "{file} {find}: {found:?}");
        }
    }

    #[test]
    fn a_fault_of_a_test_that_is_gone_is_found() {
        let list = [fault("w01_a", PRODUCT.0, "two"), fault("w02_b", PRODUCT.0, "two")].concat();

        assert_eq!(found_in(&list), [(LIST.to_owned(), 9, "there is no test `w02_b`".to_owned())]);
    }

    #[test]
    fn a_list_that_does_not_parse_is_found() {
        assert_eq!(found_in("[[fault]]\n").len(), 1);
    }
}
