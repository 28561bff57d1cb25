//! Power loss, as often as wanted. A shop runs on a directory whose every change is logged ([`Shim`]); afterwards the disk is put into
//! the state that a power loss leaves at some moment of the log (`disk`), and held against what buyers had been told by then (`look`).
//! The same log and seed give the same moments and the same disks. The test and `cargo xtask power-loss` are both this.

mod disk;
mod lives;
mod log;
mod look;
mod report;
mod shim;
mod story;

use std::path::{Path, PathBuf};

pub use report::{HEADING, Report};
pub use shim::Shim;
pub use story::Story;

use crate::tools::target;
use log::{Mark, What};

/// Has a story happen, and looks at `moments` moments of it. Its log is kept if something was lost that may not be.
pub fn examine(story: Story, seed: u64, moments: u64, shim: &Shim) -> Report {
    let log = story.happen(seed, shim.clone());
    let report = examine_log(&log, seed, moments);
    if story != Story::LyingDisk && !report.complaints().is_empty() {
        let kept = keep(&format!("{}-{seed}", story.name()), &log);
        eprintln!("the same again: cargo xtask power-loss --log {} --seed {seed} --moments {moments}", kept.display());
    }
    report
}

/// Looks at `moments` moments of a log that was kept.
///
/// # Panics
/// If it is none.
pub fn examine_log(log: &[u8], seed: u64, moments: u64) -> Report {
    let story = log::read(log).first().and_then(|note| match note.what {
        What::Marked(Mark::Story { name, .. }) => Some(name.to_owned()),
        _ => None,
    });
    Report { story: story.expect("a log begins with its story"), found: look::look(log, seed, moments) }
}

/// Looks at many logs of one story, `moments` each.
pub fn examine_many(story: Story, seeds: impl Iterator<Item = u64>, moments: u64, shim: &Shim) -> Option<Report> {
    seeds.map(|seed| examine(story, seed, moments, shim)).reduce(Report::and)
}

/// Keeps a log below `target`, to be looked at again.
fn keep(name: &str, log: &[u8]) -> PathBuf {
    let path = target().join("power-loss").join(format!("{name}.log"));
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("a directory can be made");
    std::fs::write(&path, log).expect("a log can be kept");
    path
}
