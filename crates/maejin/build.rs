//! Tells the binary of which commit it is. Only a release binary leaves this tree, so only there it is asked for: otherwise each commit
//! would build the binary anew.

#![expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts by the environment")]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=MAEJIN_COMMIT");
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = std::env::var("MAEJIN_COMMIT").ok().or_else(|| release.then(head).flatten());
    let version = std::env::var("CARGO_PKG_VERSION").expect("cargo gives it");
    let shown = commit.map_or_else(|| version.clone(), |commit| format!("{version} ({commit})"));
    println!("cargo::rustc-env=MAEJIN_VERSION={shown}");
}

/// The commit that is checked out, if this is a checkout of git.
fn head() -> Option<String> {
    let git = |args: &[&str]| {
        let done = Command::new("git").args(args).output().ok().filter(|done| done.status.success())?;
        String::from_utf8(done.stdout).ok().map(|text| text.trim().to_owned())
    };
    // The reflog of HEAD changes with every commit and every checkout.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"])?;
    if Path::new(&log).exists() {
        println!("cargo::rerun-if-changed={log}");
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}
