//! Backups of a store that may be running: a directory with a copy of both files, closed and synced, and a manifest, which is
//! written last. Nobody waits for a backup: it reads what is durable from another process, without the store's lock.

mod copy;
mod error;
mod files;
mod manifest;
mod put_back;
mod take;
mod unfinished;

pub(super) use copy::{as_one_file, unshared};
pub use error::BackupError;
pub(super) use files::{note, sync};
pub use manifest::{FileNote, Manifest};
pub use put_back::{restore, verify};
pub use take::{BackupRequest, take};
