//! Libraries written in C, for a program to load before its own. Compiled where they are used, by the compiler that SQLite needs, too.

use std::path::PathBuf;
use std::process::Command;

use super::{fetched, kept, run};

/// The file `source` of the tests as a library. `None` if the test is to be skipped.
pub fn c_library(source: &str) -> Option<PathBuf> {
    const NAME: &str = "library.so";
    let source = kept(source);
    let flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread", "-o"];
    let compiled = fetched("", std::slice::from_ref(&source), |dir| {
        run(Command::new("cc").args(flags).arg(dir.join(NAME)).arg(&source))
    });
    compiled.map(|tools| tools.dir.join(NAME))
}
