//! The release binary as it is given to others: small, and what debuggers need stands in a file of its own beside it.

use std::fs;
use std::path::Path;

use crate::chore::{Outcome, cargo, output_of, root};

/// Builds it, and puts both into `target/dist`.
pub fn run() -> Outcome {
    cargo(&["build", "--locked", "--release", "-p", "maejin", "--features", "kafka"])?;
    split(&root().join("target/release/maejin"), &root().join("target/dist"))
}

/// Puts `binary` into the folder `dist` without lines and types, and those beside it, as `maejin.debug`. The names of functions stay: a
/// backtrace is of use without the file, and with it, it has files and lines.
fn split(binary: &Path, dist: &Path) -> Outcome {
    let told = |error: std::io::Error| format!("{}: {error}", dist.display());
    if dist.exists() {
        fs::remove_dir_all(dist).map_err(told)?;
    }
    fs::create_dir_all(dist).map_err(told)?;
    let (stripped, debug) = (dist.join("maejin"), dist.join("maejin.debug"));
    let text = |path: &Path| path.to_string_lossy().into_owned();
    output_of("objcopy", &["--only-keep-debug", &text(binary), &text(&debug)])?;
    let link = format!("--add-gnu-debuglink={}", text(&debug));
    output_of("objcopy", &["--strip-debug", &link, &text(binary), &text(&stripped)])?;
    let megabytes = |path: &Path| fs::metadata(path).map(|file| file.len() / 1_000_000).map_err(told);
    println!(
        "{}: {} MB, and {}: {} MB",
        stripped.display(),
        megabytes(&stripped)?,
        debug.display(),
        megabytes(&debug)?
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_that_is_split_runs_and_names_the_file_beside_it() {
        let (folder, whole) = (tempfile::tempdir().unwrap(), std::env::current_exe().unwrap());
        let dist = folder.path().join("dist");
        // A second time, over the first one.
        split(&whole, &dist).unwrap();
        split(&whole, &dist).unwrap();
        let size = |path: &Path| fs::metadata(path).unwrap().len();
        let stripped = dist.join("maejin");
        assert!(size(&stripped) < size(&whole) && size(&dist.join("maejin.debug")) > 0);
        output_of(&stripped.to_string_lossy(), &["--list"]).unwrap();
        let names_it = fs::read(&stripped).unwrap().windows(12).any(|bytes| bytes == b"maejin.debug");
        assert!(names_it, "a debugger looks for it");
        assert!(split(Path::new("/nowhere"), &dist).is_err());
    }
}
