//! Builds the release binaries, and has the bench measure one of them.

use crate::chore::{Outcome, cargo};

/// Measures what `extra` says.
pub fn run(extra: &[String]) -> Outcome {
    cargo(&["build", "--locked", "--release", "-p", "maejin", "-p", "bench"])?;
    let mut args = vec!["run", "--locked", "--release", "--quiet", "-p", "bench", "--"];
    args.extend(extra.iter().map(String::as_str));
    cargo(&args)
}
