//! Everything the tests need, then all the tests. A tool that a test needs and a machine may lack is fetched by the test (`tests/src/tools`).

use crate::chore::{Outcome, Phase, cargo};
use crate::native;

/// The phases of `test`, in the order in which they need each other.
pub const PHASES: [Phase; 2] = [Phase { name: "build", run: build }, Phase { name: "test", run: || run(&[]) }];

/// Builds the binary: the stories start it as a process, which `cargo test` alone does not build for them.
pub fn build() -> Outcome {
    native::ensure()?;
    cargo(&["build", "--locked", "-p", "maejin", "--features", "kafka"])
}

/// Runs every test of the workspace, with `extra` handed on to `cargo test`.
pub fn run(extra: &[String]) -> Outcome {
    let mut args = vec!["test", "--workspace", "--features", "maejin/kafka", "--locked", "--no-fail-fast"];
    args.extend(extra.iter().map(String::as_str));
    cargo(&args)
}
