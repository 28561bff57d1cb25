//! Tries more seeds of the simulation than the tests do: `tests/src/simulation` says what must hold.

use crate::chore::{Outcome, cargo};

/// Tries `seeds` seeds from `first` on, with `orders` orders each; `without` a guard, if one is named: then something must be found.
pub fn run(first: u64, seeds: u64, orders: usize, without: Option<&str>) -> Outcome {
    let [first, seeds, orders] = [first.to_string(), seeds.to_string(), orders.to_string()];
    let program = ["run", "--release", "--locked", "-p", "tests", "--bin", "simulation", "--"];
    let args = ["--first", &first, "--seeds", &seeds, "--orders", &orders];
    let without = without.map(|guard| ["--without", guard]);
    cargo(&[&program[..], &args[..], without.as_ref().map_or(&[], |without| &without[..])].concat())
}
