//! The names in a directory: those that are on the disk for certain, and what was changed since and may be lost.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::unsynced::Unsynced;
use crate::chance::Chance;

/// The place of a file or directory among all that there ever were.
pub(super) type Place = usize;
/// The names in a directory.
pub(super) type Names = BTreeMap<OsString, Place>;

/// A change of the names.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Named(OsString, Place),
    Removed(OsString),
    /// At once: there is always one of the two.
    Moved(OsString, OsString),
}

impl Change {
    fn on(&self, names: &mut Names) {
        match self {
            Self::Named(name, place) => drop(names.insert(name.clone(), *place)),
            Self::Removed(name) => drop(names.remove(name)),
            Self::Moved(from, to) => {
                if let Some(place) = names.remove(from) {
                    names.insert(to.clone(), place);
                }
            }
        }
    }
}

/// A directory.
#[derive(Debug, Default)]
pub(super) struct Folder {
    seen: Names,
    durable: Names,
    pub(super) unsynced: Unsynced<Change>,
}

impl Folder {
    /// A name that is on the disk.
    pub(super) fn add_durable(&mut self, name: &OsStr, place: Place) {
        self.seen.insert(name.to_owned(), place);
        self.durable.insert(name.to_owned(), place);
    }

    pub(super) fn change(&mut self, change: Change) {
        change.on(&mut self.seen);
        self.unsynced.push(change);
    }

    pub(super) fn get(&self, name: &OsStr) -> Option<Place> {
        self.seen.get(name).copied()
    }

    pub(super) fn sync_ended(&mut self, thread: u32) {
        for change in self.unsynced.sync_ended(thread) {
            change.on(&mut self.durable);
        }
    }

    /// What whoever looks sees.
    pub(super) fn seen(&self) -> &Names {
        &self.seen
    }

    /// What is left after a power loss: of what was not synced nothing, all, the beginning, or some.
    pub(super) fn after(&self, chance: &Chance) -> Names {
        let (mut left, changes) = (self.durable.clone(), self.unsynced.all());
        let how = chance.below(4);
        let upto = chance.below(changes.len() as u64 + 1);
        for (at, change) in (0..).zip(changes) {
            let is_left = match how {
                0 => false,
                1 => true,
                2 => at < upto,
                _ => chance.one_in(2),
            };
            if is_left {
                change.on(&mut left);
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(folder: &Folder) -> Vec<Vec<String>> {
        let names = |seed| folder.after(&Chance::of(seed)).keys().map(|name| name.display().to_string()).collect();
        let mut all: Vec<Vec<String>> = (0..100).map(names).collect();
        all.sort();
        all.dedup();
        all
    }

    #[test]
    fn a_name_may_be_gone_until_its_directory_is_synced() {
        let mut folder = Folder::default();
        folder.change(Change::Named("a".into(), 1));
        folder.unsynced.sync_begun(1);
        folder.change(Change::Named("b".into(), 2));
        assert_eq!(left(&folder), [vec![], vec!["a"], vec!["a", "b"], vec!["b"]]);
        folder.sync_ended(1);
        assert_eq!(left(&folder), [vec!["a"], vec!["a", "b"]]);
    }

    #[test]
    fn what_is_moved_has_one_of_its_names() {
        let mut folder = Folder::default();
        folder.add_durable("a".as_ref(), 1);
        folder.change(Change::Moved("a".into(), "b".into()));
        assert_eq!(left(&folder), [["a"], ["b"]]);
    }
}
