//! What the client of Kafka is built with, beside Rust and a C compiler. The shop alone needs none of it.

use std::process::{Command, Stdio};

use crate::chore::Outcome;

/// Programs, and the packages of Debian that bring them. librdkafka compiles no C++, but is not configured without a compiler of it.
const NEEDED: [(&str, &str); 2] = [("make", "make"), ("c++", "g++")];

/// Installs what is missing, where that can be done.
///
/// # Errors
/// If something is missing then.
pub fn ensure() -> Outcome {
    let missing = missing();
    if missing.is_empty() {
        return Ok(());
    }
    println!("$ apt-get install {}", missing.join(" "));
    let apt = |args: &[&str]| Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(args).status();
    let _ = apt(&["update"]);
    let _ = apt(&[&["install", "-y", "--no-install-recommends"], &missing[..]].concat());
    match self::missing() {
        left if left.is_empty() => Ok(()),
        left => Err(format!("the tests need {}, to build the client of Kafka", left.join(" and "))),
    }
}

fn missing() -> Vec<&'static str> {
    NEEDED.iter().filter(|(program, _)| !is_there(program)).map(|(_, package)| *package).collect()
}

fn is_there(program: &str) -> bool {
    let asked = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_told_from_what_is_missing() {
        assert!(is_there("cargo"));
        assert!(!is_there("no-such-program-of-maejin"));
    }
}
