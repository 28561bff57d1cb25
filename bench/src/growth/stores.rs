//! Stores with many orders: filled by orders as customers place them, kept, and copied, so that measuring leaves them as they were.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::scenario::{self, Scenario};
use crate::server::{self, Server};

/// So many orders at a time, to say how far it is.
const STEP: u64 = 1_000_000;
/// A store with more orders is copied once for all rounds: what they add changes little.
const SMALL: u64 = 2_000_000;
/// Stands in the directory of a store that is filled.
const WHOLE: &str = "whole";

/// A store with so many orders.
#[derive(Debug)]
pub struct Kept {
    /// How many.
    pub orders: u64,
    dir: PathBuf,
}

/// The store with `orders` orders of `scenario` below `dir`, filled first where it is not there.
///
/// # Errors
/// If it cannot be filled, or was not filled to its end.
pub fn filled(dir: &Path, orders: u64, scenario: &Scenario, storefronts: &Path) -> Result<Kept, String> {
    let kept = Kept { orders, dir: dir.join(format!("orders-{orders}")) };
    let (data, whole) = (kept.data(), kept.dir.join(WHOLE));
    if whole.exists() {
        return Ok(kept);
    }
    if kept.dir.exists() {
        return Err(format!("{} was not filled to its end: remove it", kept.dir.display()));
    }
    let failed = |error: std::io::Error| format!("{}: {error}", kept.dir.display());
    std::fs::create_dir_all(&data).map_err(failed)?;
    let server = Server::shop(&data, storefronts)?;
    (scenario.prepare)(&server, std::time::Duration::ZERO)?;
    let (mut requests, mut placed) = ((scenario.requests)(), 0);
    while placed < orders {
        let step = STEP.min(orders - placed);
        let per_second = scenario::make(&server, step, scenario.done, &mut requests)?;
        placed += step;
        eprintln!("{}: {placed} placed, {per_second:.0}/s", kept.dir.display());
    }
    server.settled()?;
    server::stop(server)?;
    let bytes = size(&data).map_err(failed)?;
    if let Some(each) = bytes.checked_div(orders) {
        eprintln!("{}: {} MB, {each} bytes an order", kept.dir.display(), bytes / 1_000_000);
    }
    std::fs::write(whole, orders.to_string()).map_err(failed)?;
    Ok(kept)
}

impl Kept {
    fn data(&self) -> PathBuf {
        self.dir.join("data")
    }
}

/// Copies of a store to measure on.
#[derive(Debug)]
pub struct Copies<'a> {
    /// Of which.
    pub of: &'a Kept,
    now: Option<TempDir>,
}

impl<'a> Copies<'a> {
    /// None yet.
    pub fn of(kept: &'a Kept) -> Self {
        Self { of: kept, now: None }
    }

    /// A copy for the next round: a new one, unless the store is large.
    ///
    /// # Errors
    /// If it cannot be copied.
    pub fn next(&mut self) -> Result<&Path, String> {
        let failed = |error: std::io::Error| format!("a copy of {}: {error}", self.of.dir.display());
        let now = match self.now.take() {
            Some(dir) if self.of.orders > SMALL => dir,
            before => {
                drop(before);
                // Beside the store: on the same disk.
                let dir = tempfile::tempdir_in(&self.of.dir).map_err(failed)?;
                copy(&self.of.data(), dir.path()).map_err(failed)?;
                dir
            }
        };
        Ok(self.now.insert(now).path())
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (entry, to) = (entry?, |name| to.join(name));
        let to = to(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?
        } else {
            std::fs::copy(entry.path(), to).map(drop)?
        }
    }
    Ok(())
}

fn size(dir: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir)? {
        let metadata = entry?.metadata()?;
        bytes += if metadata.is_dir() { 0 } else { metadata.len() };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(orders: u64, dir: &Path) -> Kept {
        let kept = Kept { orders, dir: dir.into() };
        std::fs::create_dir_all(kept.data().join("sandbox")).unwrap();
        std::fs::write(kept.data().join("sandbox").join("book"), "as it was").unwrap();
        kept
    }

    fn changed_then_read(copies: &mut Copies<'_>) -> String {
        let book = copies.next().unwrap().join("sandbox").join("book");
        std::fs::write(book, "changed").unwrap();
        std::fs::read_to_string(copies.next().unwrap().join("sandbox").join("book")).unwrap()
    }

    #[test]
    fn each_round_begins_on_a_store_as_it_was_but_a_large_one_is_copied_once() {
        let dir = tempfile::tempdir().unwrap();
        let (small, large) = (kept(SMALL, &dir.path().join("a")), kept(SMALL + 1, &dir.path().join("b")));

        assert_eq!(changed_then_read(&mut Copies::of(&small)), "as it was");
        assert_eq!(changed_then_read(&mut Copies::of(&large)), "changed");
        assert_eq!(std::fs::read_to_string(large.data().join("sandbox").join("book")).unwrap(), "as it was");
    }

    #[test]
    fn a_store_that_was_not_filled_to_its_end_is_not_used() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("orders-7")).unwrap();

        let why = filled(dir.path(), 7, &scenario::hot(), dir.path()).unwrap_err();
        assert!(why.contains("orders-7 was not filled to its end"), "{why}");
    }
}
