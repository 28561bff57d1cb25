//! Programs from outside that a test needs and that a machine may lack: each set of them is pinned in a file beside the test, and fetched
//! once into `target/tools`. Where that cannot be, a test is skipped and says so; in CI it fails.

mod c;
mod debian;
mod node;
mod python;

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub use c::c_library;
pub use debian::{debian, libraries};
pub use node::node;
pub use python::python;

/// In a folder with everything in it: it was fetched to the end.
const COMPLETE: &str = "complete";

/// A set of programs.
#[derive(Debug)]
pub struct Tools {
    dir: PathBuf,
    programs: &'static str,
}

impl Tools {
    /// A program of the set.
    pub fn command(&self, program: &str) -> Command {
        let programs = self.dir.join(self.programs);
        let mut command = Command::new(programs.join(program));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(programs).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(paths).expect("paths without colons")).stdin(Stdio::null());
        command
    }

    /// A folder for what a test makes with them; from there they are found. Gone with the test.
    pub fn workshop(&self) -> TempDir {
        tempfile::Builder::new().prefix("work-").tempdir_in(&self.dir).expect("a folder can be made")
    }
}

/// The file or folder `path` of the tests.
pub fn kept(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The set of programs that is pinned in `pins`; `fetch` brings it into an empty folder. `None` if the test is to be skipped.
fn fetched(programs: &'static str, pins: &[PathBuf], fetch: impl Fn(&Path) -> Result<(), String>) -> Option<Tools> {
    let dir = place(pins);
    match fetched_into(&dir, fetch) {
        Ok(()) => Some(Tools { dir, programs }),
        Err(why) => {
            skip(&why);
            None
        }
    }
}

fn fetched_into(dir: &Path, fetch: impl Fn(&Path) -> Result<(), String>) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", dir.display());
    fs::create_dir_all(dir.parent().expect("it lies in a folder")).map_err(told)?;
    // Two tests may want the same set at once.
    let lock = File::create(dir.with_extension("lock")).map_err(told)?;
    lock.lock().map_err(told)?;
    if dir.join(COMPLETE).exists() {
        return Ok(());
    }
    if dir.exists() {
        fs::remove_dir_all(dir).map_err(told)?;
    }
    fs::create_dir(dir).map_err(told)?;
    fetch(dir)?;
    File::create(dir.join(COMPLETE)).map_err(told).map(drop)
}

/// The folder `target`, in which what is running was built.
///
/// # Panics
/// If it was built elsewhere.
pub fn target() -> PathBuf {
    let running = std::env::current_exe().expect("a running test knows where it lies");
    running.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists()).expect("it lies in target").to_owned()
}

/// A folder of its own for exactly these pins, below `target`.
fn place(pins: &[PathBuf]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    for path in pins {
        let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, text).hash(&mut hasher);
    }
    let room = pins[0].parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    target().join("tools").join(format!("{room}-{:016x}", hasher.finish()))
}

/// Runs a command that fetches, and says what it said if it fails.
fn run(command: &mut Command) -> Result<(), String> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{shown}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    Err(format!("{shown} ended with {}:\n{}", output.status, String::from_utf8_lossy(&text)))
}

/// Says that a test is skipped; around the test runner, which shows nothing of a test that passes.
///
/// # Panics
/// In CI, where nothing is skipped.
fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "a tool that a test needs cannot be had: {why}");
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "\nSKIPPED {test}: a tool that it needs cannot be had: {why}\n");
}
