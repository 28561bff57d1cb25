//! `cargo xtask faults`: a test that never failed proves nothing. Each test that is named after a wrong of the systems before this one
//! (`w01_..`) is run with that wrong put back, as `tests/faults.toml` says, and must fail.

pub mod list;
pub mod named;
mod report;
mod tree;
mod trial;

use std::collections::BTreeMap;
use std::time::Instant;

use crate::chore::{Outcome, output_of, root};
use list::{Fault, LIST};
use report::Tried;
use tree::Tree;

/// Tries the faults whose tests begin with one of `names`, or all of them, in a copy of the tree.
pub fn run(names: &[String]) -> Outcome {
    let text = std::fs::read_to_string(root().join(LIST)).map_err(|error| format!("{LIST}: {error}"))?;
    let faults = chosen(list::parse(&text)?, names)?;
    let files = files()?;
    let places = places(&faults, &files)?;
    let tree = Tree::brought_up_to_date(root(), &files)?;
    println!("first all of them unchanged, in {}", tree.dir().display());
    trial::unchanged(&tree, &places)?;
    let tried: Vec<Tried> = faults.iter().map(|fault| tried(&tree, fault, &places[fault.test()])).collect();
    println!("\n{}", report::table(&tried));
    match tried.iter().filter(|one| !one.is_as_it_should()).count() {
        0 => Ok(()),
        count => Err(format!("{count} of {} faults are not noticed", tried.len())),
    }
}

fn tried<'f>(tree: &Tree, fault: &'f Fault, binary: &str) -> Tried<'f> {
    let start = Instant::now();
    let verdict = trial::with_fault(tree, fault, binary);
    let tried = Tried { fault, verdict, took: start.elapsed() };
    print!("{}", report::line(&tried));
    tried
}

fn chosen(faults: Vec<Fault>, names: &[String]) -> Outcome<Vec<Fault>> {
    let is_meant = |fault: &Fault, name: &String| fault.test().starts_with(name.as_str());
    if let Some(unknown) = names.iter().find(|name| !faults.iter().any(|fault| is_meant(fault, name))) {
        return Err(format!("no test of {LIST} begins with {unknown}"));
    }
    let is_chosen = |fault: &Fault| names.is_empty() || names.iter().any(|name| is_meant(fault, name));
    Ok(faults.into_iter().filter(is_chosen).collect())
}

/// The files that git tracks or would track.
fn files() -> Outcome<Vec<String>> {
    let listed = output_of("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
    Ok(listed.split_terminator('\0').filter(|path| root().join(path).is_file()).map(str::to_owned).collect())
}

/// The test binary that each test is in.
fn places(faults: &[Fault], files: &[String]) -> Outcome<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for path in files.iter().filter(|path| named::binary(path).is_some()) {
        let text = std::fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))?;
        let binary = named::binary(path).unwrap_or_default();
        all.extend(named::tests(path, &text).into_iter().map(|test| (test.name, binary.to_owned())));
    }
    let place = |fault: &Fault| {
        let binary = all.get(fault.test()).ok_or_else(|| format!("{LIST}: there is no test {}", fault.test()))?;
        Ok((fault.test().to_owned(), binary.clone()))
    };
    faults.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed() -> Vec<Fault> {
        let one = |test: &str| format!("[[fault]]\ntest = \"{test}\"\nwrong = \"w\"\nedit = []\n");
        list::parse(&["w01_a", "w01_b", "w02_c"].map(one).concat()).unwrap()
    }

    fn names(words: &[&str]) -> Outcome<Vec<String>> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Ok(chosen(listed(), &words)?.iter().map(|fault| fault.test().to_owned()).collect())
    }

    #[test]
    fn a_name_is_the_beginning_of_tests_and_no_name_means_all() {
        assert_eq!(names(&["w01"]).unwrap(), ["w01_a", "w01_b"]);
        assert_eq!(names(&["w02", "w01_b"]).unwrap(), ["w01_b", "w02_c"]);
        assert_eq!(names(&[]).unwrap().len(), 3);
    }

    #[test]
    fn a_name_that_no_test_has_is_refused() {
        assert_eq!(names(&["w01", "w03"]), Err("no test of tests/faults.toml begins with w03".into()));
    }
}
