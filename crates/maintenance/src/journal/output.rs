//! What is in the journal and what was moved, for people and for programs.

use std::path::Path;

use serde::Serialize;
use store::sqlite::archive::{Held, MovedOut, Segment};

use contracts::display::moment;
use service::output::json;

/// Where the records of a journal are.
pub fn held(dir: &Path, held: &Held) -> String {
    let mut text = segments(dir, &held.segments);
    let own = match (held.first, held.last) {
        (Some(first), Some(last)) => format!("records {first} to {last}"),
        _ => "no records yet".to_owned(),
    };
    text += &format!("journal.db: {own}, {} bytes, {} of them free to be used again", held.bytes, held.free_bytes);
    text
}

/// The same for a program.
pub fn held_json(held: &Held) -> String {
    json(&HeldJson {
        segments: held.segments.iter().map(SegmentJson::of).collect(),
        first_record: held.first,
        last_record: held.last,
        bytes: held.bytes,
        free_bytes: held.free_bytes,
    })
}

/// What was moved out of a journal.
pub fn moved(dir: &Path, moved: &MovedOut) -> String {
    if moved.segments.is_empty() {
        return "nothing was archived: no record is old enough".to_owned();
    }
    let records: u64 = moved.segments.iter().map(|segment| segment.last - segment.first + 1).sum();
    let what =
        format!("archived {records} records; {} bytes of journal.db are free to be used again", moved.free_bytes);
    segments(dir, &moved.segments) + &what
}

/// The same for a program.
pub fn moved_json(moved: &MovedOut) -> String {
    let segments = moved.segments.iter().map(SegmentJson::of).collect();
    json(&MovedJson { segments, free_bytes: moved.free_bytes })
}

fn segments(dir: &Path, segments: &[Segment]) -> String {
    let line = |segment: &Segment| {
        let (from, to) = segment.span;
        let path = segment.path(dir);
        let absent = if path.exists() { "" } else { "   NOT THERE" };
        let Segment { first, last, bytes, sha256, .. } = segment;
        let (path, from, to) = (path.display(), moment(from), moment(to));
        format!("{path}: records {first} to {last}, {from} to {to}, {bytes} bytes, sha256 {sha256}{absent}\n")
    };
    segments.iter().map(line).collect()
}

#[derive(Serialize)]
struct HeldJson<'a> {
    segments: Vec<SegmentJson<'a>>,
    first_record: Option<u64>,
    last_record: Option<u64>,
    bytes: u64,
    free_bytes: u64,
}

#[derive(Serialize)]
struct MovedJson<'a> {
    segments: Vec<SegmentJson<'a>>,
    free_bytes: u64,
}

#[derive(Serialize)]
struct SegmentJson<'a> {
    file: &'a str,
    first_record: u64,
    last_record: u64,
    first_at_ms: u64,
    last_at_ms: u64,
    bytes: u64,
    sha256: &'a str,
}

impl<'a> SegmentJson<'a> {
    fn of(segment: &'a Segment) -> Self {
        Self {
            file: &segment.file,
            first_record: segment.first,
            last_record: segment.last,
            first_at_ms: segment.span.0,
            last_at_ms: segment.span.1,
            bytes: segment.bytes,
            sha256: &segment.sha256,
        }
    }
}
