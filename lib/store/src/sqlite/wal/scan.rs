//! Reads a write-ahead log before SQLite does. SQLite takes what comes before the first frame that is not what was written, and forgets
//! the rest. That is right where the rest is a transaction that a power cut tore: nobody was told of it. It is wrong where whole
//! transactions follow: each was on the disk before the next was begun, so the frame was damaged later, and what was promised is lost.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::frame::{FRAME_HEADER, Frame, HEADER, Header, Sum};

/// How it is with a log.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Scan {
    /// So many of its bytes are whole transactions, from its beginning on.
    pub sound: u64,
    /// Where the first damage behind those is, if there is any.
    pub damage: Option<Damage>,
}

/// Damage in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Where it begins in the file.
    pub at: u64,
    /// Whether whole transactions follow: then it is no end torn by a power cut, and what was promised is missing.
    pub is_hole: bool,
}

/// Reads the log `file`. One that is not there has nothing in it.
pub fn scan(file: &Path) -> std::io::Result<Scan> {
    let mut log = match File::open(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Scan::default()),
        opened => std::io::BufReader::with_capacity(1 << 20, opened?),
    };
    let mut start = [0; HEADER];
    if !filled(&mut log, &mut start)? {
        return Ok(Scan::default());
    }
    let Some(header) = Header::read(&start) else {
        // The header is on the disk before the first frame is written: where a frame is, the header was damaged later.
        let mut frame = [0; FRAME_HEADER];
        let is_hole = filled(&mut log, &mut frame)? && frame != [0; FRAME_HEADER];
        return Ok(Scan { sound: 0, damage: is_hole.then_some(Damage { at: 0, is_hole }) });
    };
    let mut walk = Walk::of(header);
    let mut bytes = vec![0; FRAME_HEADER + header.page];
    let mut at = HEADER as u64;
    while filled(&mut log, &mut bytes)? {
        walk.see(&Frame { at, bytes: &bytes });
        at += bytes.len() as u64;
    }
    walk.scan.sound = walk.scan.sound.max(HEADER as u64);
    Ok(walk.scan)
}

/// From frame to frame.
struct Walk {
    header: Header,
    before: Sum,
    scan: Scan,
    /// Where the first frame is that is not what was written.
    bad: Option<u64>,
    /// Whether a transaction ended at or behind that one.
    committed: bool,
    /// Whether the frame before has salts other than those with which it was written, if the next one goes on from it.
    is_odd: bool,
}

impl Walk {
    fn of(header: Header) -> Self {
        Self { header, before: header.sum, scan: Scan::default(), bad: None, committed: false, is_odd: false }
    }

    fn see(&mut self, frame: &Frame<'_>) {
        let is_ours = frame.is_of(&self.header);
        let follows = is_ours && frame.follows(&self.header, self.before);
        self.before = frame.sum();
        if follows && self.bad.is_none() {
            if frame.is_commit() {
                self.scan.sound = frame.at + frame.bytes.len() as u64;
            }
            return;
        }
        let at = *self.bad.get_or_insert(frame.at);
        let after_odd = std::mem::replace(&mut self.is_odd, !is_ours && frame.is_headed_in_one_piece());
        if !is_ours {
            return;
        }
        let was_hole = self.scan.damage.as_ref().is_some_and(|damage| damage.is_hole);
        let is_hole = was_hole || self.committed || (after_odd && follows);
        self.scan.damage = Some(Damage { at, is_hole });
        // Torn in its very header, a frame may have the end of a transaction from an earlier use of the file.
        self.committed |= frame.is_commit() && (follows || frame.is_told_in_one_piece());
    }
}

/// Fills `bytes`; no if the file ends before.
fn filled(log: &mut impl Read, bytes: &mut [u8]) -> std::io::Result<bool> {
    match log.read_exact(bytes) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        read => read.map(|()| true),
    }
}
