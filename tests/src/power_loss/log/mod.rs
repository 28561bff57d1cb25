//! The log of a disk: what was changed, in order, and between that the marks of the story. Several processes append to it.

mod mark;
mod note;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

pub(crate) use mark::{Mark, OrderEvent, Step};
pub(crate) use note::{Note, What, read};

/// A log that is being written.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// Begins the log `path`.
    pub(crate) fn new(path: &Path) -> Self {
        let file = OpenOptions::new().create_new(true).append(true).open(path).expect("a log can be made");
        Self { path: path.to_owned(), file }
    }

    /// The same log, for somebody else to write to.
    pub(crate) fn again(&self) -> Self {
        let file = self.file.try_clone().expect("an open file can be shared");
        Self { path: self.path.clone(), file }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a mark: after every change that was made before this is called, before every one that is made after it returned.
    pub(crate) fn mark(&self, mark: Mark<'_>) {
        self.append(&note::marked(&mark));
    }

    /// Writes that the power was lost.
    pub(crate) fn power_lost(&self, seed: u64) {
        self.append(&note::power_lost(seed));
    }

    fn append(&self, line: &[u8]) {
        // In one write, so that it stands in one piece between those of other processes.
        let written = (&self.file).write(line).expect("the log can be written");
        assert_eq!(written, line.len(), "a mark is written at once");
    }

    /// Does something while no process is between a change and its note: there it may be killed.
    pub(crate) fn between_changes<T>(&self, act: impl FnOnce() -> T) -> T {
        let held = self.path.with_added_extension("held");
        File::create(&held).expect("a file can be made");
        let own = File::open(&self.path).expect("the log is there");
        own.lock().expect("the log can be locked");
        let done = act();
        std::fs::remove_file(&held).expect("a file can be removed");
        done
    }

    /// From now on a fault that was asked for may come.
    pub(crate) fn arm_fault(&self) {
        File::create(self.path.with_added_extension("armed")).expect("a file can be made");
    }

    /// Whether it has come; the next one has to be armed again.
    pub(crate) fn fault_has_come(&self) -> bool {
        let has_come = std::fs::remove_file(self.path.with_added_extension("fault")).is_ok();
        if has_come {
            std::fs::remove_file(self.path.with_added_extension("armed")).expect("it was armed");
        }
        has_come
    }

    /// Everything in it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.path).expect("the log can be read")
    }
}
