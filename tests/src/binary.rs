//! The binary under test: the one that was built beside the test.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a shop that should refuse to start may take for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The binary. It lies in the folder of the profile: one above the `deps` in which a running test lies, beside a running chore.
///
/// # Panics
/// If it was not built.
pub(crate) fn path() -> PathBuf {
    let running = std::env::current_exe().expect("a running test knows where it lies");
    let mut folders = running.ancestors().skip(1);
    let profile = folders.find(|folder| !folder.ends_with("deps")).expect("it lies in target/PROFILE");
    let binary = profile.join(format!("maejin{}", std::env::consts::EXE_SUFFIX));
    assert!(binary.exists(), "there is no {}: run cargo xtask test, or cargo build -p maejin first", binary.display());
    binary
}

/// The binary as a command, untouched by the settings of whoever runs the test.
pub(crate) fn command() -> Command {
    let mut command = Command::new(path());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MAEJIN_")) {
        command.env_remove(name);
    }
    command
}

/// Runs a verb that ends by itself, and gives what came of it.
pub fn maejin<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Ended {
    let output = command().args(args).output().expect("the binary can be run");
    Ended::of(output)
}

/// Runs a verb whose standard output nobody reads: the reader has gone before it began.
///
/// # Panics
/// If the binary cannot be run.
pub fn maejin_unread<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Ended {
    let (reader, writer) = std::io::pipe().expect("a pipe can be made");
    drop(reader);
    let output = command().args(args).stdout(writer).stderr(Stdio::piped()).spawn();
    Ended::of(output.and_then(Child::wait_with_output).expect("the binary can be run"))
}

/// Begins a verb, whose end nobody waits for.
///
/// # Panics
/// If the binary cannot be run.
pub fn begun<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Child {
    let mut command = command();
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the binary can be run")
}

/// How a process ended, and what it said.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

impl Ended {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Runs a command that should end at once, and ends it if it does not.
    pub(crate) fn within_patience(mut command: Command) -> Self {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
        let start = Instant::now();
        while child.try_wait().expect("the process can be asked").is_none() && start.elapsed() < PATIENCE {
            crate::pause(Duration::from_millis(10));
        }
        let _ = child.kill();
        Self::of(child.wait_with_output().expect("an ended process has its outputs"))
    }

    /// The same, if the exit code is `code`.
    ///
    /// # Panics
    /// If it is another one.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        let Self { code: ended, out, err } = &self;
        assert_eq!(*ended, Some(code), "the exit code is another one\n--- stdout\n{out}\n--- stderr\n{err}");
        self
    }
}
