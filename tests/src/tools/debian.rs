//! Programs that Debian packs, unpacked beside the tests: nothing is installed on the machine, and nobody has to be root.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{Tools, fetched, kept, run};

/// The packages that `packages.txt` in the folder `room` of the tests names, a line each. What they depend on has to be named there, too,
/// where a machine may lack it. `None` if the test is to be skipped.
pub fn debian(room: &str) -> Option<Tools> {
    let pins = kept(room).join("packages.txt");
    let names = fs::read_to_string(&pins).unwrap_or_else(|error| panic!("{}: {error}", pins.display()));
    fetched("usr/bin", std::slice::from_ref(&pins), |dir| {
        run(Command::new("apt-get").args(["download", "-q"]).args(names.split_whitespace()).current_dir(dir))?;
        let files = fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))?;
        let packages = files.filter_map(|file| Some(file.ok()?.path()));
        for package in packages.filter(|path| path.extension().is_some_and(|extension| extension == "deb")) {
            run(Command::new("dpkg-deb").arg("-x").arg(&package).arg(dir))?;
            fs::remove_file(&package).map_err(|error| format!("{}: {error}", package.display()))?;
        }
        Ok(())
    })
}

/// Where the libraries of such programs lie, as a loader is told.
pub fn libraries(tools: &Tools) -> OsString {
    let below = |folder: &str| fs::read_dir(tools.dir.join(folder)).into_iter().flatten();
    let of_machines = ["usr/lib", "lib"].into_iter().flat_map(below).filter_map(|entry| Some(entry.ok()?.path()));
    let of_machines = of_machines.filter(|path| path.to_string_lossy().ends_with("-linux-gnu"));
    // What belongs together may lie in a folder of its own there.
    let with_their_own = |path: PathBuf| {
        let inner = fs::read_dir(&path).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        let inner: Vec<PathBuf> = inner.filter(|path| path.is_dir()).collect();
        std::iter::once(path).chain(inner)
    };
    std::env::join_paths(of_machines.flat_map(with_their_own)).expect("paths without colons")
}
