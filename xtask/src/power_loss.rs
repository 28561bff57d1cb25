//! Loses the power at more moments than the tests do: `tests/src/power_loss` says what must hold then.

use std::path::Path;

use crate::chore::{Outcome, cargo};

/// Builds the binary as it is shipped, and loses the power at `moments` moments of its stories, or of one kept `log`.
pub fn run(moments: u64, seed: u64, log: Option<&Path>) -> Outcome {
    cargo(&["build", "--release", "--locked", "-p", "maejin", "--features", "kafka"])?;
    let (moments, seed) = (moments.to_string(), seed.to_string());
    let log = log.map(std::path::absolute).transpose().map_err(|error| format!("the log: {error}"))?;
    let log = log.map(|log| log.to_string_lossy().into_owned());
    let mut args = vec!["run", "--release", "--locked", "-p", "tests", "--bin", "power_loss", "--"];
    args.extend(["--moments", &moments, "--seed", &seed]);
    args.extend(log.iter().flat_map(|log| ["--log", log]));
    cargo(&args)
}
