//! What can be said about the code without running it.

use crate::chore::{Outcome, Phase, cargo};
use crate::{native, tidy};

/// The phases of `lint`.
pub const PHASES: [Phase; 3] = [
    Phase { name: "fmt", run: check_format },
    Phase { name: "clippy", run: clippy },
    Phase { name: "tidy", run: tidy::check },
];

fn check_format() -> Outcome {
    cargo(&["fmt", "--all", "--check"])
}

fn clippy() -> Outcome {
    native::ensure()?;
    cargo(&["clippy", "--workspace", "--all-targets", "--features", "maejin/kafka", "--locked", "--", "-D", "warnings"])
}
