//! The older part of a journal, in files of its own: segments, which never change and may be kept on another disk.
//! As long as they are where they were put, everybody who reads the journal reads them too, and notices nothing.

mod move_out;
mod segment;

pub use move_out::{MovedOut, SEGMENT_BYTES, Selection, move_out};
pub use segment::{Held, Segment, elsewhere, held};
pub(in crate::sqlite) use segment::{MIGRATION, Segments};

/// The directory of the segments, in the data directory. It may be a link to a directory elsewhere.
pub const DIR: &str = "archive";
