//! Kills a shop under load, more often than the tests do: `tests/src/crash` says what must hold then.

use crate::chore::{Outcome, cargo};

/// Builds the binary as it is shipped, and kills it `rounds` times.
pub fn run(rounds: u32, orders: u64, seed: u64) -> Outcome {
    cargo(&["build", "--release", "--locked", "-p", "maejin", "--features", "kafka"])?;
    let (rounds, orders, seed) = (rounds.to_string(), orders.to_string(), seed.to_string());
    let chore = ["run", "--release", "--locked", "-p", "tests", "--bin", "crash", "--"];
    cargo(&[&chore[..], &["--rounds", &rounds, "--orders", &orders, "--seed", &seed]].concat())
}
