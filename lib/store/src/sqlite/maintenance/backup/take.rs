//! Makes a backup.

use std::path::Path;

use super::error::BackupError;
use super::unfinished::Unfinished;
use super::{Manifest, copy, files};
use crate::sqlite::directory::Reading;
use crate::sqlite::maintenance::archive::Segments;
use crate::sqlite::{JOURNAL, TABLES, identity, journal, live_journal, migrate, sound};
use crate::{Journal, Migration, Record, StoreError};

/// How many records of the copy are read at a time.
const RECORDS: usize = 64;

/// Which backup is wanted.
#[derive(Debug)]
pub struct BackupRequest<'a> {
    /// The store's directory.
    pub dir: &'a Path,
    /// What the backup is to be called; nothing is there yet.
    pub to: &'a Path,
    /// The migrations of the tables that are known here.
    pub migrations: &'a [Migration],
    /// Who makes it.
    pub version: &'a str,
    /// When, in milliseconds since the Unix epoch.
    pub now_ms: u64,
}

/// Makes a backup of a store that may be running, and verifies it. Everything that was durable when this began is in it. `progress`
/// is told the record reached and the last one.
///
/// # Errors
/// If the store cannot be read or the backup not be written; then there is none.
pub fn take(request: &BackupRequest<'_>, progress: &mut dyn FnMut(u64, u64)) -> Result<Manifest, BackupError> {
    let BackupRequest { dir, to, migrations, version, now_ms } = request;
    // Of a shop that does not run nobody may change the store meanwhile: its files are read as they are.
    let (reading, mut source) = match Reading::begin(dir) {
        Err(StoreError::InUse(_)) => (None, live_journal(dir)?),
        begun => (Some(begun?), sound::still_journal(dir)?),
    };
    migrate::refuse_newer(dir, source.connection(), journal::MIGRATIONS)?;
    if !dir.join(TABLES).exists() {
        return Err(StoreError::Missing((*dir).to_owned()).into());
    }
    if reading.is_some() {
        sound::verify(dir, migrations)?;
    }
    let unfinished = Unfinished::begin(to)?;
    // Tables first: what they contain is in the journal already, so the journal's copy cannot be behind them.
    let tables_upto =
        copy::tables(&dir.join(TABLES), &unfinished.dir().join(TABLES), dir, migrations, reading.is_none())?;
    let whose = identity::read(source.connection())?;
    let archived = Segments::all(source.connection())?;
    let last = copy::records(&mut source, &unfinished.dir().join(JOURNAL), whose.as_ref(), &archived, progress)?;
    let segments = copy::segments(dir, unfinished.dir(), &archived)?;
    drop(reading);
    let first = verify(unfinished.dir(), last.as_ref(), tables_upto)?;
    let mut manifest = Manifest {
        format: Manifest::FORMAT,
        version: (*version).to_owned(),
        made_at_ms: *now_ms,
        store: whose.as_ref().map(|whose| whose.store.clone()),
        incarnation: whose.map(|whose| whose.incarnation.to_string()),
        first_record: last.as_ref().map_or(0, |_| first),
        last_record: last.as_ref().map_or(0, |last| last.seq),
        last_record_at_ms: last.as_ref().map_or(0, |last| last.at),
        last_record_sum: last.as_ref().map_or(String::new(), |last| format!("{:08x}", last.sum)),
        tables_upto,
        files: Vec::new(),
        sum: String::new(),
    };
    for name in [JOURNAL, TABLES] {
        files::sync(&unfinished.dir().join(name))?;
        manifest.files.push(files::note(unfinished.dir(), name)?);
    }
    manifest.files.extend(segments);
    manifest.write(unfinished.dir())?;
    unfinished.finish()?;
    Ok(manifest)
}

/// Reads the copy as a restore would: every record chained to the one before, tables that are not ahead, files in one piece. Gives the
/// first record from which on all are in the copy: those before it are archived elsewhere.
fn verify(copy: &Path, last: Option<&Record>, tables_upto: u64) -> Result<u64, BackupError> {
    let upto = last.map_or(0, |last| last.seq);
    if tables_upto > upto {
        let why = format!("the tables contain records up to {tables_upto}, but the journal ends at {upto}");
        return Err(BackupError::Unsound(why));
    }
    copy::check(&copy.join(TABLES))?;
    copy::check(&copy.join(JOURNAL))?;
    let mut journal = sound::still_journal(copy)?;
    let (mut first, mut next, mut newest) = (1, 1, None);
    loop {
        match journal.read(next, RECORDS) {
            Err(StoreError::ArchivedElsewhere { last, .. }) => (first, next) = (last + 1, last + 1),
            read => match read?.pop() {
                None => break,
                Some(record) => {
                    next = record.seq + 1;
                    newest = Some(record);
                }
            },
        }
    }
    if newest.as_ref() == last {
        Ok(first)
    } else {
        Err(BackupError::Unsound(format!("the journal does not end at {upto}")))
    }
}
