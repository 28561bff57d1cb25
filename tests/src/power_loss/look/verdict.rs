//! What is wrong with a disk after a power loss.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use super::facts::{Copy, Facts, Orders};
use super::kept::Kept;
use crate::power_loss::disk::Image;
use crate::power_loss::lives::{BACKUP, ELSEWHERE, data};
use crate::{Ended, binary, maejin};

/// How many complaints of a kind are shown.
const SHOWN: usize = 3;

/// What came of looking at one disk.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// How many orders were compared with what was said of them.
    pub(crate) compared: usize,
    /// How many of them are gone, or in a state that they cannot be in.
    pub(crate) lost: usize,
    /// How many stores were checked by `maejin check`.
    pub(crate) checked: usize,
    /// How many it found wrong.
    pub(crate) unsound: usize,
    /// What is wrong, for people.
    pub(crate) complaints: Vec<String>,
}

/// Looks at the disk `at`, which has `image` on it, after everything in `facts` was said.
pub(crate) fn look(at: &Path, image: &Image, facts: &Facts) -> Verdict {
    let mut verdict = Verdict::default();
    if facts.orders.is_empty() {
        verdict.opens(&data(at));
    } else {
        verdict.store(&data(at), &facts.orders);
    }
    if let Some(backup) = &facts.backup {
        verdict.backup(at, image, backup);
    }
    if let Some(restored) = &facts.restored {
        verdict.restored(at, image, restored);
    }
    verdict
}

impl Verdict {
    /// The store in `data` is sound, and has `orders` in it.
    fn store(&mut self, data: &Path, orders: &Orders) {
        let ended = check(data);
        self.checked += 1;
        if ended.code != Some(0) {
            self.unsound += 1;
            self.complain(format!("maejin check: {}", last_words(&ended)));
        }
        self.compared += orders.len();
        match Kept::of(data) {
            Ok(kept) => self.compare(data, orders, &kept),
            Err(why) => {
                self.lost += orders.len();
                self.complain(format!("{} orders cannot be read: {why}", orders.len()));
            }
        }
    }

    fn compare(&mut self, data: &Path, orders: &Orders, kept: &Kept) {
        let mut wrong = Vec::new();
        for (id, known) in orders {
            match kept.orders.get(id) {
                None => wrong.push(format!("{id:?} was acknowledged and is gone")),
                Some(state) if !known.allows(*state) => wrong.push(format!("{id:?} is {state:?}, but {known:?}")),
                Some(_) => {}
            }
        }
        self.lost += wrong.len();
        if !data.ends_with(ELSEWHERE) && !data.ends_with(SCRATCH) {
            wrong.extend(kept.charges_unknown(data)); // the provider's book is not part of a backup
        }
        let more = wrong.len().saturating_sub(SHOWN);
        wrong.truncate(SHOWN);
        wrong.into_iter().for_each(|complaint| self.complain(complaint));
        if more > 0 {
            self.complain(format!("and {more} more of {}", orders.len()));
        }
    }

    /// Nobody was told anything: a shop opens on what is there, whatever that is.
    fn opens(&mut self, data: &Path) {
        if let Err(why) = opens(data) {
            self.complain(format!("no shop opens on it: {why}"));
            return;
        }
        self.store(data, &Orders::new());
    }

    /// What has the name of a backup is one, and it is there once that was said.
    fn backup(&mut self, at: &Path, image: &Image, backup: &Copy) {
        if !image.has(BACKUP) {
            if backup.is_done {
                self.complain("a backup that was finished is gone".to_owned());
            }
            return;
        }
        let scratch = at.join(SCRATCH);
        if self.restore(&at.join(BACKUP), &scratch) {
            self.store(&scratch, &backup.orders);
        }
    }

    /// What was put back is whole once that was said. Before that it is whole, or no store, and the restore can be repeated.
    fn restored(&mut self, at: &Path, image: &Image, restored: &Copy) {
        let to = at.join(ELSEWHERE);
        let is_there = image.has(ELSEWHERE) && check(&to).code == Some(0);
        if restored.is_done || is_there || self.restore(&at.join(BACKUP), &to) {
            self.store(&to, &restored.orders);
        }
    }

    fn restore(&mut self, from: &Path, to: &Path) -> bool {
        let ended =
            maejin(["restore".as_ref(), "--from".as_ref(), from.as_os_str(), "--data".as_ref(), to.as_os_str()]);
        if ended.code != Some(0) {
            self.complain(format!("maejin restore --data {}: {}", to.display(), last_words(&ended)));
        }
        ended.code == Some(0)
    }

    fn complain(&mut self, complaint: String) {
        self.complaints.push(complaint);
    }
}

/// Where a backup is put back to look into it.
const SCRATCH: &str = "scratch";

fn check(data: &Path) -> Ended {
    maejin(["check".as_ref(), "--data".as_ref(), data.as_os_str()])
}

/// The last lines that a process said.
fn last_words(ended: &Ended) -> String {
    let output = [ended.out.as_str(), ended.err.as_str()].concat();
    let lines: Vec<&str> = output.lines().filter(|line| !line.ends_with(" ok")).collect();
    lines[lines.len().saturating_sub(SHOWN)..].join(" / ")
}

/// Whether a shop opens on `data`.
fn opens(data: &Path) -> Result<(), String> {
    let mut command = binary::command();
    command.args(["serve", "--open", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut shop = command.spawn().map_err(|error| error.to_string())?;
    let out = shop.stdout.take().expect("it was asked for");
    let is_open = BufReader::new(out).lines().map_while(Result::ok).any(|line| line.contains("is ready on"));
    let _ = shop.kill();
    let output = shop.wait_with_output().map_err(|error| error.to_string())?;
    if is_open { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}
