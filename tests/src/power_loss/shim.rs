//! What is preloaded into every process that uses the logged disk: see `tests/power_loss/shim.c`.

use std::path::{Path, PathBuf};

use crate::tools::c_library;

/// The compiled shim.
#[derive(Debug, Clone)]
pub struct Shim(PathBuf);

/// What goes wrong with one file, known by the end of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Its `nth` sync is not done, and fails.
    SyncFails { file: &'static str, nth: u64 },
    /// The process is killed in the place of its `nth` sync.
    KilledInSync { file: &'static str, nth: u64 },
    /// Its syncs are said to be done, and are not.
    Lies { file: &'static str },
}

impl Shim {
    /// Compiles it. `None` where there is no C compiler: the test is to be skipped.
    pub fn try_new() -> Option<Self> {
        c_library("power_loss/shim.c").map(Self)
    }

    /// The environment of a process whose changes below `root` are appended to `log`.
    pub(crate) fn env(&self, root: &Path, log: &Path, fault: Option<Fault>) -> Vec<(&'static str, String)> {
        let text = |path: &Path| path.to_str().expect("a readable path").to_owned();
        let mut env =
            vec![("LD_PRELOAD", text(&self.0)), ("POWER_LOSS_ROOT", text(root)), ("POWER_LOSS_LOG", text(log))];
        env.extend(fault.map(|fault| match fault {
            Fault::SyncFails { file, nth } => ("POWER_LOSS_FAULT", format!("{nth}:{file}:fail")),
            Fault::KilledInSync { file, nth } => ("POWER_LOSS_FAULT", format!("{nth}:{file}:kill")),
            Fault::Lies { file } => ("POWER_LOSS_DEAF", file.to_owned()),
        }));
        env
    }
}
