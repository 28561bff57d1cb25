//! One trial: the product is built and a test is run over it, in the copy.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use super::list::Fault;
use super::tree::Tree;
use crate::chore::Outcome;

/// So much of what a command said is shown when it should have succeeded.
const LINES_SHOWN: usize = 40;
/// So much of how a test failed is shown.
const CHARACTERS_SHOWN: usize = 160;

/// What came of a test with a fault put back.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It failed, as it should; how.
    Fails(String),
    /// It passed: it does not notice the fault.
    Passes,
    /// The fault is none: it cannot be put back, or the product cannot be built with it.
    IsNone(String),
}

/// Builds the product and runs all tests in question, which must pass. `places` tells the binary of each.
pub fn unchanged(tree: &Tree, places: &BTreeMap<String, String>) -> Outcome {
    let binaries: BTreeSet<&str> = places.values().map(String::as_str).collect();
    let binaries: Vec<&str> = binaries.into_iter().collect();
    let tests: Vec<&str> = places.keys().map(String::as_str).collect();
    build(tree, &binaries)?;
    match run(tree, &binaries, &tests)? {
        Ran { success: true, .. } => Ok(()),
        Ran { text, .. } => Err(format!("a test fails without any fault:\n{}", last_lines(&text))),
    }
}

/// Puts `fault` back, builds, runs its test, and takes the fault out again.
pub fn with_fault(tree: &Tree, fault: &Fault, binary: &str) -> Verdict {
    let trial = || {
        build(tree, &[binary])?;
        run(tree, &[binary], &[fault.test()])
    };
    let changed = fault.applied(|file| tree.read(file));
    match changed.and_then(|changed| tree.while_changed(&changed, trial)).flatten() {
        Ok(ran) => verdict(&ran),
        Err(why) => Verdict::IsNone(why),
    }
}

fn verdict(ran: &Ran) -> Verdict {
    match how_it_failed(&ran.text) {
        _ if ran.success => Verdict::Passes,
        Some(how) => Verdict::Fails(how),
        None => Verdict::IsNone(format!("the test did not run to its end:\n{}", last_lines(&ran.text))),
    }
}

/// What the test said when it gave up: the lines after the first one that says where.
fn how_it_failed(text: &str) -> Option<String> {
    let lines = text.lines().skip_while(|line| !line.contains("panicked at")).skip(1);
    let lines: Vec<&str> =
        lines.map(str::trim).take_while(|line| !line.is_empty() && !line.starts_with("note:")).take(3).collect();
    let how: String = lines.join(" ").chars().take(CHARACTERS_SHOWN).collect();
    (!how.is_empty()).then_some(how)
}

/// Builds the product and the tests. The stories start the binary as a process, which `cargo test` alone does not build for them.
fn build(tree: &Tree, binaries: &[&str]) -> Outcome {
    let product = cargo(tree, &["build", "--locked", "-p", "maejin", "--features", "kafka"], &[])?;
    product.must_succeed("the product cannot be built")?;
    cargo(tree, &test_args(binaries, &["--no-run"]), &[])?.must_succeed("the tests cannot be built")
}

fn run(tree: &Tree, binaries: &[&str], tests: &[&str]) -> Outcome<Ran> {
    cargo(tree, &test_args(binaries, &["--no-fail-fast"]), &[&["--exact"], tests].concat())
}

fn test_args<'a>(binaries: &[&'a str], further: &[&'a str]) -> Vec<&'a str> {
    let of = ["test", "--locked", "-p", "tests"];
    of.into_iter().chain(binaries.iter().flat_map(|binary| ["--test", binary])).chain(further.iter().copied()).collect()
}

/// What a command said, and whether it succeeded.
struct Ran {
    success: bool,
    text: String,
}

impl Ran {
    fn must_succeed(&self, otherwise: &str) -> Outcome {
        if self.success { Ok(()) } else { Err(format!("{otherwise}:\n{}", last_lines(&self.text))) }
    }
}

fn cargo(tree: &Tree, args: &[&str], to_the_tests: &[&str]) -> Outcome<Ran> {
    let mut command = Command::new("cargo");
    command.args(args).arg("--target-dir").arg(tree.built()).current_dir(tree.dir());
    command.env("RUST_BACKTRACE", "0"); // what is wanted is how a test failed, not where
    if !to_the_tests.is_empty() {
        command.arg("--").args(to_the_tests);
    }
    let output = command.output().map_err(|error| format!("`cargo {}` did not start: {error}", args.join(" ")))?;
    let text = [output.stderr, output.stdout].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Ok(Ran { success: output.status.success(), text })
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: &str = "running 1 test\n---- w01 stdout ----\n\nthread 'w01' (7) panicked at tests/tests/a.rs:1:9:\n\
                          assertion `left == right` failed: show\n  left: 3\n right: 0\nnote: run with `RUST_BACKTRACE=1`\n";

    fn verdict_of(success: bool, text: &str) -> Verdict {
        verdict(&Ran { success, text: text.to_owned() })
    }

    #[test]
    fn a_test_that_fails_says_how() {
        let how = "assertion `left == right` failed: show left: 3 right: 0";

        assert_eq!(verdict_of(false, FAILED), Verdict::Fails(how.to_owned()));
    }

    #[test]
    fn a_test_that_passes_does_not_notice_the_fault() {
        assert_eq!(verdict_of(true, "test result: ok. 1 passed"), Verdict::Passes);
    }

    #[test]
    fn a_run_without_a_failed_test_proves_nothing() {
        assert!(matches!(verdict_of(false, "error: no test target named `a`"), Verdict::IsNone(_)));
    }

    #[test]
    fn each_binary_is_named() {
        let args = test_args(&["a", "b"], &["--no-run"]);

        assert_eq!(args, ["test", "--locked", "-p", "tests", "--test", "a", "--test", "b", "--no-run"]);
    }
}
