//! Programs written in TypeScript or JavaScript, as npm fetches them.

use std::fs;
use std::process::Command;

use super::{Tools, fetched, kept, run};

const PINS: [&str; 2] = ["package.json", "package-lock.json"];

/// What `package-lock.json` in the folder `room` of the tests pins. `None` if the test is to be skipped.
pub fn node(room: &str) -> Option<Tools> {
    let pins = PINS.map(|name| kept(room).join(name));
    fetched("node_modules/.bin", &pins, |dir| {
        for (name, path) in PINS.iter().zip(&pins) {
            fs::copy(path, dir.join(name)).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        run(Command::new("node").arg("--version"))?;
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(dir))
    })
}
