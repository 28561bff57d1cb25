//! The content of a file: what is on the disk for certain, and what was written since and may be lost.

use super::unsynced::Unsynced;
use crate::chance::Chance;

/// What the kernel writes at once, and keeps track of in its cache.
const PAGE: u64 = 4096;
/// What a disk writes wholly or not at all.
const SECTOR: u64 = 512;

/// A change of a file's content.
#[derive(Debug, Clone, Copy)]
pub(super) enum Write<'l> {
    /// Bytes from a place on.
    Bytes(u64, &'l [u8]),
    /// Another length.
    Length(u64),
}

impl<'l> Write<'l> {
    fn on(&self, content: &mut Vec<u8>) {
        match *self {
            Self::Bytes(at, bytes) => {
                let (from, to) = (index(at), index(at) + bytes.len());
                if content.len() < to {
                    content.resize(to, 0);
                }
                content[from..to].copy_from_slice(bytes);
            }
            Self::Length(length) => content.resize(index(length), 0),
        }
    }

    /// The bytes, cut where a multiple of `size` lies.
    fn pieces(&self, size: u64) -> Vec<(u64, &'l [u8])> {
        let Self::Bytes(mut at, mut bytes) = *self else { return Vec::new() };
        let mut pieces = Vec::new();
        while !bytes.is_empty() {
            let (piece, rest) = bytes.split_at(index(size - at % size).min(bytes.len()));
            pieces.push((at, piece));
            at += piece.len() as u64;
            bytes = rest;
        }
        pieces
    }
}

fn index(at: u64) -> usize {
    usize::try_from(at).expect("a file fits into memory")
}

/// What becomes of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is gone.
    Lost,
    /// It had been written all the same.
    Kept,
    /// The writes up to one of them had been, and of that one some sectors.
    Torn,
    /// Some pieces had been, whatever their order, and of these perhaps only an earlier write.
    Scattered,
}

impl Fate {
    pub(crate) const ALL: [Self; 4] = [Self::Lost, Self::Kept, Self::Torn, Self::Scattered];
}

/// A file.
#[derive(Debug, Default)]
pub(super) struct Content<'l> {
    durable: Vec<u8>,
    /// Pages whose sync failed: their reader still sees what was written, the kernel takes them for written and does not try again.
    stranded: Vec<(u64, &'l [u8])>,
    pub(super) unsynced: Unsynced<Write<'l>>,
}

impl<'l> Content<'l> {
    /// A file that is on the disk.
    pub(super) fn durable(content: Vec<u8>) -> Self {
        Self { durable: content, ..Self::default() }
    }

    pub(super) fn sync_ended(&mut self, thread: u32) {
        for write in self.unsynced.sync_ended(thread) {
            // A page that is written again goes to the disk as it is in the cache.
            let again = |at: u64| match write {
                Write::Bytes(from, bytes) => {
                    (from / PAGE..(from + bytes.len() as u64).div_ceil(PAGE)).contains(&(at / PAGE))
                }
                Write::Length(length) => at >= length, // and is cut off again below
            };
            for (at, bytes) in self.stranded.extract_if(.., |(at, _)| again(*at)) {
                Write::Bytes(at, bytes).on(&mut self.durable);
            }
            write.on(&mut self.durable);
        }
    }

    pub(super) fn sync_failed(&mut self) {
        for write in self.unsynced.sync_failed() {
            self.stranded.extend(write.pieces(PAGE));
            if let Write::Length(length) = write {
                self.stranded.retain(|(at, _)| *at < length);
                write.on(&mut self.durable); // a length is no page: the file system's own log has it
            }
        }
    }

    fn all_writes(&self) -> Vec<Write<'l>> {
        let stranded = self.stranded.iter().map(|(at, bytes)| Write::Bytes(*at, bytes));
        stranded.chain(self.unsynced.all().iter().copied()).collect()
    }

    /// What a reader sees.
    pub(super) fn seen(&self) -> Vec<u8> {
        self.after(Fate::Kept, &Chance::of(0))
    }

    /// What is left of it after a power loss.
    pub(super) fn after(&self, fate: Fate, chance: &Chance) -> Vec<u8> {
        let (mut left, writes) = (self.durable.clone(), self.all_writes());
        match fate {
            Fate::Lost => {}
            Fate::Kept => writes.iter().for_each(|write| write.on(&mut left)),
            Fate::Torn => {
                let whole = chance.below(writes.len() as u64 + 1);
                writes[..index(whole)].iter().for_each(|write| write.on(&mut left));
                if let Some(torn) = writes.get(index(whole)) {
                    scatter(&[*torn], SECTOR, &mut left, chance);
                }
            }
            Fate::Scattered => {
                let size = if chance.one_in(2) { SECTOR } else { PAGE };
                // Lengths keep their order with what is written before and after them.
                let kept =
                    chance.below(writes.iter().filter(|write| matches!(write, Write::Length(_))).count() as u64 + 1);
                let mut parts = writes.split_inclusive(|write| matches!(write, Write::Length(_)));
                parts.by_ref().take(index(kept)).flatten().for_each(|write| write.on(&mut left));
                scatter(parts.next().unwrap_or_default(), size, &mut left, chance);
            }
        }
        left
    }
}

/// Writes some pieces of `writes`, each as it was after one of them.
fn scatter(writes: &[Write<'_>], size: u64, left: &mut Vec<u8>, chance: &Chance) {
    let mut pieces: Vec<(u64, &[u8])> = writes.iter().flat_map(|write| write.pieces(size)).collect();
    pieces.sort_by_key(|(at, _)| at / size); // stable: the writes of one piece keep their order
    let tenths = [1, 5, 9][index(chance.below(3))];
    for of_piece in pieces.chunk_by(|a, b| a.0 / size == b.0 / size) {
        if chance.below(10) < tenths {
            let kept = 1 + chance.below(of_piece.len() as u64);
            of_piece[..index(kept)].iter().for_each(|(at, bytes)| Write::Bytes(*at, bytes).on(left));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: [u8; 4096] = [1; 4096];
    const AGAIN: [u8; 4096] = [2; 4096];

    /// All that may be left of `content`: what it is like after many losses.
    fn left(content: &Content<'_>) -> Vec<Vec<u8>> {
        let losses = (0..200).flat_map(|seed| Fate::ALL.map(|fate| content.after(fate, &Chance::of(seed))));
        let mut all: Vec<Vec<u8>> = losses.collect();
        all.sort();
        all.dedup();
        all
    }

    fn synced<'l>(writes: &[Write<'l>]) -> Content<'l> {
        let mut content = Content::default();
        writes.iter().for_each(|write| content.unsynced.push(*write));
        content.unsynced.sync_begun(1);
        content.sync_ended(1);
        content
    }

    #[test]
    fn what_was_synced_is_left_whatever_happens() {
        let content = synced(&[Write::Bytes(0, &FIRST)]);
        assert_eq!(left(&content), [FIRST.to_vec()]);
    }

    #[test]
    fn what_was_written_while_a_sync_ran_may_be_lost() {
        let mut content = synced(&[]);
        content.unsynced.push(Write::Bytes(0, &FIRST));
        content.unsynced.sync_begun(1);
        content.unsynced.push(Write::Bytes(0, &AGAIN));
        content.sync_ended(1);
        assert!(left(&content).contains(&FIRST.to_vec()));
    }

    #[test]
    fn what_was_not_synced_may_be_lost_kept_torn_and_mixed() {
        let mut content = synced(&[Write::Bytes(0, &FIRST)]);
        content.unsynced.push(Write::Bytes(0, &AGAIN));
        content.unsynced.push(Write::Bytes(4096, &AGAIN));
        let left = left(&content);
        let torn = |bytes: &Vec<u8>| bytes[..512] == AGAIN[..512] && bytes[512..1024] == FIRST[..512];
        let out_of_order = |bytes: &Vec<u8>| bytes[..4096] == FIRST && bytes[4096..] == AGAIN;
        assert!(left.contains(&FIRST.to_vec()) && left.contains(&[AGAIN, AGAIN].concat()));
        assert!(left.iter().any(torn) && left.iter().any(out_of_order));
    }

    #[test]
    fn a_length_is_lost_or_kept_and_what_follows_it_is_not_kept_without_it() {
        let mut content = synced(&[Write::Bytes(0, &FIRST)]);
        content.unsynced.push(Write::Length(0));
        content.unsynced.push(Write::Bytes(0, &AGAIN[..512]));
        assert_eq!(left(&content), [Vec::new(), FIRST.to_vec(), AGAIN[..512].to_vec()]);
    }

    #[test]
    fn after_a_failed_sync_a_reader_sees_it_and_the_next_sync_does_not_write_it() {
        let mut content = synced(&[Write::Bytes(0, &FIRST)]);
        content.unsynced.push(Write::Bytes(0, &AGAIN));
        content.unsynced.push(Write::Bytes(4096, &AGAIN));
        content.sync_failed();
        content.unsynced.push(Write::Bytes(8192, &AGAIN));
        content.unsynced.sync_begun(1);
        content.sync_ended(1);
        assert_eq!(content.seen(), [AGAIN, AGAIN, AGAIN].concat());
        assert_eq!(content.after(Fate::Lost, &Chance::of(0)), [FIRST, [0; 4096], AGAIN].concat());
    }

    #[test]
    fn a_page_that_is_written_again_after_a_failed_sync_goes_to_the_disk_as_a_whole() {
        let mut content = synced(&[Write::Bytes(0, &FIRST)]);
        content.unsynced.push(Write::Bytes(0, &AGAIN));
        content.sync_failed();
        content.unsynced.push(Write::Bytes(100, &FIRST[..1]));
        content.unsynced.sync_begun(1);
        content.sync_ended(1);
        let mut whole = AGAIN.to_vec();
        whole[100] = 1;
        assert_eq!(left(&content), [whole]);
    }
}
