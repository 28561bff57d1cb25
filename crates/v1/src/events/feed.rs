//! The newest events, decoded once for all who listen; and older ones, for who is behind.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use backend::{Backend, Unavailable};
use contracts::Recorded;
use contracts::display::{EventIds, StorefrontNames};
use tokio::sync::Semaphore;

use super::frame::frame;

/// So many of the newest events are kept, while anybody listens: some 20 MB, and some tenths of a second of a very busy shop.
const KEPT: usize = 32_768;
/// About so many events are given at a time.
const CHUNK: usize = 2_048;
/// So many may listen; each holds a connection.
const LISTENERS: usize = 1_024;
/// So many of those who are behind read at a time.
const BEHIND: usize = 4;

/// What one record of the journal says happened.
pub struct EventRecord {
    /// The number of the record.
    pub seq: u64,
    /// The events in it, in order.
    pub events: Vec<Event>,
}

/// An event.
pub struct Event {
    /// It.
    pub recorded: Recorded,
    frame: OnceLock<Bytes>,
}

impl Event {
    /// The event as it is sent. Written once, for all who want it.
    pub fn frame(&self, ids: &EventIds, names: &StorefrontNames) -> &Bytes {
        self.frame.get_or_init(|| frame(&self.recorded, ids, names).into())
    }
}

/// Where listeners get events from.
pub struct Feed {
    backend: Arc<dyn Backend>,
    newest: Mutex<Newest>,
    /// Who reads what nobody has read yet: one at a time, so that the others find it among the newest.
    reader: tokio::sync::Mutex<()>,
    /// Leave for those who are behind to read.
    behind: Semaphore,
    listeners: AtomicUsize,
}

#[derive(Default)]
struct Newest {
    records: VecDeque<Arc<EventRecord>>,
    events: usize,
}

impl Newest {
    fn first(&self) -> Option<u64> {
        self.records.front().map(|record| record.seq)
    }

    fn after(&self, seq: u64) -> Option<Vec<Arc<EventRecord>>> {
        let at = usize::try_from((seq + 1).checked_sub(self.first()?)?).ok()?;
        let mut events = 0;
        let fits = |record: &&Arc<EventRecord>| {
            let before = events;
            events += record.events.len() + 1;
            before < CHUNK
        };
        let found: Vec<_> = self.records.iter().skip(at).take_while(fits).cloned().collect();
        (!found.is_empty()).then_some(found)
    }

    fn add(&mut self, records: &[Arc<EventRecord>]) {
        for record in records {
            if self.records.back().is_some_and(|last| last.seq + 1 != record.seq) {
                *self = Self::default();
            }
            self.events += record.events.len() + 1;
            self.records.push_back(record.clone());
        }
        while self.events > KEPT && self.records.len() > 1 {
            let oldest = self.records.pop_front();
            self.events -= oldest.map_or(0, |oldest| oldest.events.len() + 1);
        }
    }
}

impl Feed {
    /// Of the shop behind `backend`.
    pub fn new(backend: Arc<dyn Backend>) -> Arc<Self> {
        Arc::new(Self {
            backend,
            newest: Mutex::default(),
            reader: tokio::sync::Mutex::default(),
            behind: Semaphore::new(BEHIND),
            listeners: AtomicUsize::new(0),
        })
    }

    /// Says that somebody listens, until what is returned is dropped; `None` if too many do.
    pub fn listen(self: &Arc<Self>) -> Option<Listening> {
        let listening = Listening(self.clone());
        (self.listeners.fetch_add(1, Ordering::Relaxed) < LISTENERS).then_some(listening)
    }

    fn newest(&self) -> std::sync::MutexGuard<'_, Newest> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Some records after `seq`, in order, at least one and none beyond `durable`, which is later than `seq`.
    ///
    /// # Errors
    /// If the journal is damaged or cannot be read.
    pub async fn after(&self, seq: u64, durable: u64) -> Result<Vec<Arc<EventRecord>>, Unavailable> {
        if let Some(found) = self.newest().after(seq) {
            return Ok(found);
        }
        if self.has_newer(seq) {
            return self.read_behind(seq, durable).await;
        }
        let reader = self.reader.lock().await;
        if let Some(found) = self.newest().after(seq) {
            return Ok(found);
        }
        if self.has_newer(seq) {
            drop(reader);
            return self.read_behind(seq, durable).await;
        }
        let found = self.read(seq, durable).await?;
        self.newest().add(&found);
        Ok(found)
    }

    /// Whether the one after `seq` is older than all that are kept.
    fn has_newer(&self, seq: u64) -> bool {
        self.newest().first().is_some_and(|first| seq + 1 < first)
    }

    async fn read_behind(&self, seq: u64, durable: u64) -> Result<Vec<Arc<EventRecord>>, Unavailable> {
        let leave = self.behind.acquire().await;
        let _leave = leave.map_err(|error| Unavailable::Fault { why: error.to_string() })?;
        self.read(seq, durable).await
    }

    async fn read(&self, seq: u64, durable: u64) -> Result<Vec<Arc<EventRecord>>, Unavailable> {
        let event = |recorded| Event { recorded, frame: OnceLock::new() };
        let shared = |record: backend::EventRecord| {
            Arc::new(EventRecord { seq: record.seq, events: record.events.into_iter().map(event).collect() })
        };
        Ok(self.backend.events(seq, durable).await?.into_iter().map(shared).collect())
    }
}

/// Somebody listens.
pub struct Listening(Arc<Feed>);

impl Listening {
    /// Where events come from.
    pub fn feed(&self) -> &Feed {
        &self.0
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        if self.0.listeners.fetch_sub(1, Ordering::Relaxed) == 1 {
            *self.0.newest() = Newest::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use contracts::{Message, OrderId, events};
    use host::AtRest;

    use super::*;

    fn record(seq: u64, events: usize) -> Arc<EventRecord> {
        let message: Message = events::OrderCancelling { order: OrderId(seq), now: None }.into();
        let (id, subject) = (seq << 20, message.subject_key());
        let recorded = Recorded { id, cause: 0, from: 1, subject, correlation: 0, at: 0, message };
        let event = || Event { recorded: recorded.clone(), frame: OnceLock::new() };
        Arc::new(EventRecord { seq, events: std::iter::repeat_with(event).take(events).collect() })
    }

    fn seqs(found: Option<Vec<Arc<EventRecord>>>) -> Vec<u64> {
        found.into_iter().flatten().map(|record| record.seq).collect()
    }

    #[test]
    fn what_is_kept_is_given_from_any_place_on_and_nothing_else() {
        let mut newest = Newest::default();
        newest.add(&[record(5, 1), record(6, 0), record(7, 2)]);
        assert_eq!(seqs(newest.after(4)), [5, 6, 7]);
        assert_eq!(seqs(newest.after(6)), [7]);
        assert!(newest.after(7).is_none() && newest.after(3).is_none() && newest.after(70).is_none());
    }

    #[test]
    fn a_big_piece_is_given_in_several() {
        let mut newest = Newest::default();
        newest.add(&[record(1, CHUNK - 1), record(2, 1), record(3, 1)]);
        assert_eq!(seqs(newest.after(0)), [1]);
        assert_eq!(seqs(newest.after(1)), [2, 3]);
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many_and_all_when_some_are_left_out() {
        let mut newest = Newest::default();
        (1..=5).for_each(|seq| newest.add(&[record(seq, KEPT / 3)]));
        assert_eq!(newest.first(), Some(4));
        newest.add(&[record(9, 1)]);
        assert_eq!((newest.first(), newest.events), (Some(9), 2));
    }

    fn feed(dir: &tempfile::TempDir) -> Arc<Feed> {
        let reader = store::sqlite::SqliteStore::open(dir.path(), &host::migrations()).unwrap().reader().unwrap();
        Feed::new(Arc::new(AtRest::new(reader, dir.path().to_owned())))
    }

    #[test]
    fn nothing_is_kept_when_nobody_listens() {
        let dir = tempfile::TempDir::new().unwrap();
        let feed = feed(&dir);
        let (one, other) = (feed.listen(), feed.listen());
        assert!(one.is_some());
        feed.newest().add(&[record(1, 1)]);
        drop(one);
        assert_eq!(feed.newest().first(), Some(1));
        drop(other);
        assert_eq!(feed.newest().first(), None);
    }

    #[test]
    fn no_more_listen_than_may() {
        let dir = tempfile::TempDir::new().unwrap();
        let feed = feed(&dir);
        let mut all: Vec<_> = (0..LISTENERS).map_while(|_| feed.listen()).collect();
        assert_eq!(all.len(), LISTENERS);
        assert!(feed.listen().is_none());
        all.pop();
        assert!(feed.listen().is_some(), "one has gone");
    }
}
