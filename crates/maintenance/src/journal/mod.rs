//! `maejin journal`: how the journal grows, and its older part moved into segments, of a shop that runs or does not.

mod output;

use std::path::Path;
use std::process::ExitCode;

use jiff::{Span, SpanRelativeTo, Unit};
use store::sqlite::SqliteStore;
use store::sqlite::archive::{self, SEGMENT_BYTES, Selection};
use world::{Clock, SystemClock};

use crate::offline_store::Progress;
use service::output::print;

/// Prints where the records of the journal in `dir` are, and how large it is, as JSON if `is_json`.
///
/// # Errors
/// If it cannot be read.
pub fn show(dir: &Path, is_json: bool) -> Result<ExitCode, String> {
    let held = archive::held(dir).map_err(|error| error.to_string())?;
    print(&if is_json { output::held_json(&held) } else { output::held(dir, &held) })?;
    Ok(ExitCode::SUCCESS)
}

/// Moves the records of the journal in `dir` that are older than `older_than`, such as `30d`, into segments, and prints which, as JSON if
/// `is_json`.
///
/// # Errors
/// If that is no duration, or they cannot be moved.
pub fn archive(dir: &Path, older_than: &str, is_json: bool) -> Result<ExitCode, String> {
    let now = SystemClock.now();
    let before_ms = now.saturating_sub(milliseconds(older_than)?);
    let mut progress = Progress::of("archiving the journal");
    let selection = Selection { dir, before_ms, segment_bytes: SEGMENT_BYTES };
    let moved = archive::move_out(&selection, &mut |at, last| progress.at(at, last));
    progress.end();
    let moved = moved.map_err(|error| error.to_string())?;
    print(&if is_json { output::moved_json(&moved) } else { output::moved(dir, &moved) })?;
    Ok(ExitCode::SUCCESS)
}

/// Gives the room that archived records left in the journal's own file back to the disk, and prints how much.
///
/// # Errors
/// If a shop runs in `dir`, or the disk refuses.
pub fn compact(dir: &Path) -> Result<ExitCode, String> {
    let (before, after) = SqliteStore::compact_journal(dir).map_err(|error| error.to_string())?;
    print(&format!("the journal's own file had {before} bytes and has {after} now"))?;
    Ok(ExitCode::SUCCESS)
}

/// How long `text` says, such as `30d` or `12h`.
fn milliseconds(text: &str) -> Result<u64, String> {
    let wrong = || format!("--older-than {text}: say how long, such as 30d, 12h or 0s");
    let span: Span = text.parse().map_err(|_| wrong())?;
    let total = span.total((Unit::Millisecond, SpanRelativeTo::days_are_24_hours())).map_err(|_| wrong())?;
    if total < 0.0 {
        return Err(wrong());
    }
    // Fractions of a millisecond, and anything beyond the age of the Unix epoch, make no difference here.
    Ok(total as u64)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn durations_are_read_as_people_write_them() {
        assert_eq!(milliseconds("30d"), Ok(30 * 86_400_000));
        assert_eq!(milliseconds("1d 12h"), Ok(36 * 3_600_000));
        assert_eq!(milliseconds("0s"), Ok(0));
        for wrong in ["", "30", "a month", "-1d", "1mo"] {
            assert!(milliseconds(wrong).unwrap_err().contains("--older-than"), "{wrong}");
        }
    }
}
