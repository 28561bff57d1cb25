//! Where one shop lives: a folder with its data and with what it said, gone with the test.

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The last lines of each output that are shown when a test fails.
const LINES_SHOWN: usize = 60;

/// A folder of its own for one shop.
#[derive(Debug)]
pub struct Home {
    dir: TempDir,
    data: &'static str,
}

impl Default for Home {
    fn default() -> Self {
        Self::with_data_in("data")
    }
}

impl Home {
    /// One whose data directory is `data`, relative to it.
    pub fn with_data_in(data: &'static str) -> Self {
        let dir = tempfile::Builder::new().prefix("maejin-test-").tempdir().expect("a temporary folder can be made");
        Self { dir, data }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The data directory. Not made yet.
    pub fn data(&self) -> PathBuf {
        self.path().join(self.data)
    }

    /// The file with what the shop wrote to `stream` in its `run`th life.
    pub(crate) fn output(&self, stream: &str, run: u32) -> PathBuf {
        self.path().join(format!("{stream}.{run}"))
    }

    /// That file, to be written.
    pub(crate) fn new_output(&self, stream: &str, run: u32) -> File {
        File::create(self.output(stream, run)).expect("an output file can be made")
    }

    /// What the shop wrote to `stream` in its `run`th life.
    pub(crate) fn read(&self, stream: &str, run: u32) -> String {
        String::from_utf8_lossy(&std::fs::read(self.output(stream, run)).unwrap_or_default()).into_owned()
    }

    /// The end of what the shop wrote in its `run`th life.
    pub(crate) fn last_words(&self, run: u32) -> String {
        let end = |stream| {
            let text = self.read(stream, run);
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")
        };
        format!("--- stdout of run {run}\n{}\n--- stderr of run {run}\n{}", end("stdout"), end("stderr"))
    }
}
