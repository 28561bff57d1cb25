//! My page anew, from the messages alone: every event is handed again to a my page of its own in a store beside the real one, and
//! where the real one differs it is put right, by records of the journal of a bounded length each.

use std::fmt;
use std::path::{Path, PathBuf};

use contracts::{Answer, Message, Recipes, ServiceName};
use engine::{Body, Core, Parked, Tables};
use mypage::{Line, LineCounter, MyPageService};
use store::sqlite::{SqliteJournal, SqliteReader, SqliteStore};
use store::{Find, Journal, StoreError};
use typed::Row;
use world::{Clock, SystemClock};

use super::compare::{Difference, differences};
use crate::offline_store::{OfflineStore, Progress, refuse_unknown};

/// The store beside the real one, within its directory.
const BESIDE: &str = "rebuild-mypage.tmp";
/// How many records are read at a time.
const RECORDS: usize = 256;
/// How many rows a record puts right: about a megabyte. Where that is interrupted, the next time goes on.
pub const RECORD_ROWS: usize = 5_000;
/// How many messages are heard before the store beside is brought forward, so that memory does not grow with the journal.
const HEARD: u64 = 50_000;

/// What was rebuilt.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many messages were heard.
    pub messages: u64,
    /// How many lines they make.
    pub lines: u64,
    /// How many lines and counters were other than they should be.
    pub changed: u64,
    /// How many were missing.
    pub added: u64,
    /// How many were there for nothing.
    pub removed: u64,
    /// How many messages were parked, and are heard now.
    pub parked: u64,
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { messages, lines, changed, added, removed, parked } = self;
        write!(
            f,
            "rebuilt {lines} lines of my page from {messages} messages: {changed} changed, {added} added, {removed} removed"
        )?;
        match parked {
            0 => Ok(()),
            _ => write!(f, "; {parked} parked messages are heard now"),
        }
    }
}

/// Rebuilds my page of the store in `dir`.
pub fn rebuild(dir: &Path, known: &Recipes) -> Result<Rebuilt, String> {
    let mut store = OfflineStore::open(dir).map_err(|error| error.to_string())?;
    let forward = store.bring_forward(&mut Progress::of("bringing the tables up to the journal"));
    let forward = forward.map_err(|error| error.to_string())?;
    refuse_unknown(&mut store.reader().map_err(|error| error.to_string())?, known)?;
    let recipes = known.clone();
    let mut beside = Beside::open(dir, &recipes).map_err(|error| error.to_string())?;
    beside.hear(&mut store.journal, forward.seq)?;
    let reader = Box::new(store.reader().map_err(|error| error.to_string())?);
    let service = Box::new(MyPageService::new(recipes));
    let core = Core::open(vec![service], reader, forward.seq, forward.sum).map_err(|error| error.to_string())?;
    let mut real = Real { store, core, rows: 0 };
    beside.put_right(&mut real).map_err(|error| error.to_string())
}

/// The real store, in which my page is put right.
struct Real {
    store: OfflineStore,
    core: Core<Message, Answer>,
    /// How many rows were put right since the last record.
    rows: usize,
}

impl Real {
    fn put<R: Row>(&mut self, key: R::Key, row: Option<R>) -> Result<(), StoreError> {
        self.core.put_right::<R>(key, row)?;
        self.rows += 1;
        if self.rows >= RECORD_ROWS { self.write() } else { Ok(()) }
    }

    /// Writes what was put right as a record, and into the tables: only then may memory forget it.
    fn write(&mut self) -> Result<(), StoreError> {
        self.rows = 0;
        self.core.begin(SystemClock.now());
        if let Some(record) = self.core.finish().record {
            self.store.journal.append(&record)?;
            self.store.bring_forward(&mut Progress::of("writing what differs"))?;
            self.core.evict(record.seq);
        }
        Ok(())
    }
}

/// The store beside the real one. It goes when this is dropped.
struct Beside {
    core: Core<Message, Answer>,
    store: SqliteStore,
    journal: SqliteJournal,
    messages: u64,
    /// Last, so that the files are closed when they go.
    _files: Files,
}

struct Files(PathBuf);

impl Drop for Files {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next one.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Beside {
    fn open(dir: &Path, recipes: &Recipes) -> Result<Self, StoreError> {
        let files = Files(dir.join(BESIDE));
        match std::fs::remove_dir_all(&files.0) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::Directory { dir: files.0.clone(), source });
            }
            _ => {}
        }
        let migrations: Vec<_> = engine::MIGRATIONS.into_iter().chain(mypage::MIGRATIONS.iter().copied()).collect();
        let store = SqliteStore::open(&files.0, &migrations)?;
        let (journal, reader) = (store.journal()?, Box::new(store.reader()?));
        let core = Core::open(vec![Box::new(MyPageService::of_journals(recipes.clone()))], reader, 0, 0)?;
        Ok(Self { core, store, journal, messages: 0, _files: files })
    }

    /// Hears all messages of `journal` up to the record `last`.
    fn hear(&mut self, journal: &mut dyn Journal, last: u64) -> Result<(), String> {
        let mut progress = Progress::of("hearing the messages again");
        let (mut next, mut kept) = (1, 0);
        while next <= last {
            for record in journal.read(next, RECORDS).map_err(|error| error.to_string())? {
                let body = Body::<Message>::read(record.seq, record.at, &record.body)
                    .map_err(|why| format!("record {} cannot be read: {why}", record.seq))?;
                for envelope in body.messages {
                    let (id, name) = (envelope.id, envelope.message.name());
                    let heard = self.core.replay(envelope);
                    let heard = heard.map_err(|why| {
                        format!("message {id}, {name}, cannot be heard, so nothing was changed: {why}")
                    })?;
                    self.messages += u64::from(heard);
                }
                next = record.seq + 1;
            }
            if self.messages - kept >= HEARD {
                self.keep().map_err(|error| error.to_string())?;
                kept = self.messages;
            }
            progress.at(next - 1, last);
        }
        progress.end();
        self.keep().map_err(|error| error.to_string())
    }

    /// Writes what was heard into the store's tables.
    fn keep(&mut self) -> Result<(), StoreError> {
        let Some(record) = self.core.finish().record else { return Ok(()) };
        self.journal.append(&record)?;
        let tables = Tables::new(engine::tables().into_iter().chain(mypage::tables()));
        let mut writer = self.store.writer()?;
        engine::bring_forward::<Message>(&mut self.journal, &tables, &mut writer, &mut |_, _| ())?;
        self.core.evict(record.seq);
        Ok(())
    }

    /// Puts right whatever of the real my page differs from the one here, and forgets what was parked for it.
    fn put_right(&self, real: &mut Real) -> Result<Rebuilt, StoreError> {
        let mut rebuilt = Rebuilt { messages: self.messages, ..Rebuilt::default() };
        let (mut ours, mut theirs) = (self.store.reader()?, real.store.reader()?);
        let mut lines = Difference::default();
        let mut put_line = |key, row| real.put::<Line>(key, row);
        differences(&mut ours, &mut theirs, Line::COLUMNS.owner, &mut lines, &mut put_line)?;
        rebuilt.lines = lines.all;
        let mut put_counter = |key, row| real.put::<LineCounter>(key, row);
        differences(&mut ours, &mut theirs, LineCounter::COLUMNS.id, &mut lines, &mut put_counter)?;
        (rebuilt.changed, rebuilt.added, rebuilt.removed) = (lines.changed, lines.added, lines.removed);
        for parked in parked(&mut theirs)? {
            real.put::<Parked>(parked.id, None)?;
            rebuilt.parked += 1;
        }
        real.write()?;
        Ok(rebuilt)
    }
}

fn parked(reader: &mut SqliteReader) -> Result<Vec<Parked>, StoreError> {
    Find::all().with(Parked::COLUMNS.service.is(ServiceName::MyPage as u8)).rows(reader)
}
