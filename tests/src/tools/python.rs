//! Programs written in Python, in an environment of their own.

use std::process::Command;

use super::{Tools, fetched, kept, run};

/// What `requirements.txt` in the folder `room` of the tests pins. `None` if the test is to be skipped.
pub fn python(room: &str) -> Option<Tools> {
    let pins = kept(room).join("requirements.txt");
    fetched("bin", std::slice::from_ref(&pins), |dir| {
        run(Command::new("python3").args(["-m", "venv"]).arg(dir))?;
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
        run(Command::new(dir.join("bin/python")).args(install).arg(&pins))
    })
}
