//! One line of a log: a change of the disk as `tests/power_loss/shim.c` writes it, or a mark of the story between them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Mark;

const MAGIC: u32 = 0x4c57_4f50;
const HEAD: usize = 32;
/// The kinds from here on are the story's own.
const MARK: u32 = 32;
const POWER_LOST: u32 = 33;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What<'l> {
    /// A file or directory that was there was opened.
    Opened { inode: u64, path: &'l Path },
    /// A file was made.
    Created { inode: u64, path: &'l Path },
    /// Bytes were written to a file.
    Wrote { inode: u64, at: u64, bytes: &'l [u8] },
    /// A file was given another length.
    Cut { inode: u64, length: u64 },
    /// A sync of a file or directory began.
    SyncBegun { inode: u64 },
    /// That sync is done.
    SyncEnded { inode: u64 },
    /// That sync failed, or one failed at once.
    SyncFailed { inode: u64 },
    /// A name went.
    Removed { path: &'l Path },
    /// A name became another one.
    Renamed { from: &'l Path, to: &'l Path },
    /// A directory was made.
    MadeDirectory { path: &'l Path },
    /// The story goes on.
    Marked(Mark<'l>),
    /// The power was lost: the disk became what follows from the seed.
    PowerLost { seed: u64 },
}

/// A line of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Note<'l> {
    /// The thread that did it.
    pub thread: u32,
    /// What it did.
    pub what: What<'l>,
}

/// Reads all notes. A last one that was cut off is left out: its writer was killed.
///
/// # Panics
/// If it is no log.
pub(crate) fn read(log: &[u8]) -> Vec<Note<'_>> {
    let (mut notes, mut rest) = (Vec::new(), log);
    while let Some((head, after)) = rest.split_at_checked(HEAD) {
        let number = |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes"));
        let long = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().expect("eight bytes"));
        assert_eq!(number(0), MAGIC, "this is no log of a power loss, from byte {} on", log.len() - rest.len());
        let Some((bytes, next)) = after.split_at_checked(number(12) as usize) else { break };
        let what = what(number(4), long(16), long(24), bytes);
        notes.push(Note { thread: number(8), what });
        rest = next;
    }
    notes
}

fn what(kind: u32, inode: u64, at: u64, bytes: &[u8]) -> What<'_> {
    let path = Path::new(OsStr::from_bytes(bytes));
    match kind {
        1 => What::Opened { inode, path },
        2 => What::Created { inode, path },
        3 => What::Wrote { inode, at, bytes },
        4 => What::Cut { inode, length: at },
        5 => What::SyncBegun { inode },
        6 => What::SyncEnded { inode },
        7 => What::SyncFailed { inode },
        8 => What::Removed { path },
        9 => {
            let mut both = bytes.split(|byte| *byte == 0).map(|name| Path::new(OsStr::from_bytes(name)));
            let mut next = || both.next().expect("a rename has two paths");
            What::Renamed { from: next(), to: next() }
        }
        10 => What::MadeDirectory { path },
        MARK => What::Marked(Mark::read(bytes)),
        POWER_LOST => What::PowerLost { seed: at },
        _ => panic!("a log has no notes of the kind {kind}"),
    }
}

fn own(kind: u32, at: u64, bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a mark is short");
    let head = [MAGIC, kind, 0, length].into_iter().flat_map(u32::to_le_bytes);
    head.chain([0, at].into_iter().flat_map(u64::to_le_bytes)).chain(bytes.iter().copied()).collect()
}

/// A mark as a line.
pub(crate) fn marked(mark: &Mark<'_>) -> Vec<u8> {
    own(MARK, 0, mark.to_string().as_bytes())
}

/// A power loss as a line.
pub(crate) fn power_lost(seed: u64) -> Vec<u8> {
    own(POWER_LOST, seed, &[])
}

#[cfg(test)]
mod tests {
    use super::super::{OrderEvent, Step};
    use super::*;

    #[test]
    fn what_the_story_writes_is_read_back_and_a_line_that_was_cut_off_is_not() {
        let story = Mark::Story { name: "one", root: "/a b" };
        let order = Mark::Order { event: OrderEvent::Confirmed, storefront: "show", number: 17 };
        let step = Mark::Step(Step::LifeEnded);
        let log = [marked(&story), marked(&order), power_lost(5), marked(&step)].concat();
        let read: Vec<What<'_>> = read(&log[..log.len() - 1]).into_iter().map(|note| note.what).collect();
        assert_eq!(read, [What::Marked(story), What::Marked(order), What::PowerLost { seed: 5 }]);
    }
}
