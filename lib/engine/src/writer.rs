//! The table writer: a thread that brings the tables up to the journal, in bulk, behind everybody's back.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SendError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::{Applied, StoreError, TableWriter};
use tokio::sync::oneshot;
use typed::SubjectKey;

use crate::backpressure::{Consumer, Producer};
use crate::batch::ChangedRow;
use crate::recover::{Pending, Tables};
use crate::status::Status;
use crate::unapplied::Unapplied;

/// So many changed rows are written at once.
const ROWS: usize = 60_000;
/// Or all there are, when nothing has changed for so long.
const QUIET: Duration = Duration::from_millis(50);
/// Or all there are, when the first of them has waited for so long: a trickle never leaves a quiet moment.
const OLD: Duration = Duration::from_secs(1);

/// What the table writer is given to do.
pub(crate) enum Task {
    /// A record is in the journal.
    Durable { record: Applied, at: u64, payload: Arc<[u8]>, rows: Vec<ChangedRow>, subjects: Vec<SubjectKey> },
    /// Somebody wants to read the tables as of now.
    Settle(oneshot::Sender<()>),
}

/// By which everybody but the journal tells the table writer, until it is closed.
#[derive(Clone)]
pub(crate) struct TaskQueue(Arc<Mutex<Option<SyncSender<Task>>>>);

impl TaskQueue {
    pub(crate) fn of(tasks: SyncSender<Task>) -> Self {
        Self(Arc::new(Mutex::new(Some(tasks))))
    }

    /// A way to tell it; not to be kept, for it ends when nobody can tell it anything any more. None once it is closed.
    pub(crate) fn open(&self) -> Option<SyncSender<Task>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nobody tells it anything this way any more.
    pub(crate) fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// The journal's side of the table writer: waits while the tables are too far behind.
pub(crate) struct WriterQueue {
    pub(crate) tasks: SyncSender<Task>,
    pub(crate) producer: Producer,
}

impl WriterQueue {
    /// Tells of a record that is in the journal. Waits while the tables are too far behind.
    pub(crate) fn send(
        &self,
        record: Applied,
        at: u64,
        payload: Arc<[u8]>,
        rows: Vec<ChangedRow>,
        subjects: Vec<SubjectKey>,
    ) -> Result<(), SendError<Task>> {
        self.producer.add(payload.len());
        self.tasks.send(Task::Durable { record, at, payload, rows, subjects })
    }
}

/// Runs until nobody can tell it anything any more, then writes what is left.
pub(crate) fn run(
    tasks: &Receiver<Task>,
    tables: &Tables,
    mut writer: Box<dyn TableWriter>,
    status: &Status,
    behind: (&Consumer, &Unapplied),
) -> Result<(), StoreError> {
    let mut bulk = Bulk::default();
    loop {
        let first = if bulk.pending.is_behind() {
            tasks.recv_timeout(QUIET)
        } else {
            tasks.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match first {
            Ok(task) => bulk.take(task, status),
            Err(RecvTimeoutError::Timeout) => bulk.is_due = true,
            Err(RecvTimeoutError::Disconnected) => return bulk.write(tables, &mut *writer, status, behind),
        }
        // What has come meanwhile is written together: of many who want to read, all wait for one bulk.
        while !bulk.is_full()
            && let Ok(task) = tasks.try_recv()
        {
            bulk.take(task, status);
        }
        if bulk.is_due || bulk.is_full() {
            bulk.write(tables, &mut *writer, status, behind)?;
        }
    }
}

/// What is written to the tables next, at once.
#[derive(Default)]
struct Bulk {
    pending: Pending,
    /// Since when it waits.
    since: Option<Instant>,
    /// How long the records are.
    bytes: usize,
    /// Who waits until the tables have it.
    waiting: Vec<oneshot::Sender<()>>,
    /// Whether it is to be written however little it is.
    is_due: bool,
}

impl Bulk {
    fn is_full(&self) -> bool {
        self.pending.len() >= ROWS
    }

    fn take(&mut self, task: Task, status: &Status) {
        match task {
            Task::Durable { record, at, payload, rows, subjects } => {
                status.unapplied.fetch_sub(1, Ordering::Relaxed);
                status.is_behind_since(at);
                self.is_due |= self.since.get_or_insert_with(Instant::now).elapsed() >= OLD;
                self.bytes += payload.len();
                self.pending.add(record, &payload, rows, subjects.into_iter());
            }
            Task::Settle(done) => {
                self.waiting.push(done);
                self.is_due = true;
            }
        }
    }

    /// Writes all of it, and tells those who wait.
    fn write(
        &mut self,
        tables: &Tables,
        writer: &mut dyn TableWriter,
        status: &Status,
        (consumer, unapplied): (&Consumer, &Unapplied),
    ) -> Result<(), StoreError> {
        if self.pending.is_behind() {
            unapplied.applied(write(&mut self.pending, tables, writer, status)?);
            consumer.caught_up(std::mem::take(&mut self.bytes));
        }
        (self.is_due, self.since) = (false, None);
        for done in self.waiting.drain(..) {
            let _ = done.send(());
        }
        Ok(())
    }
}

fn write(
    pending: &mut Pending,
    tables: &Tables,
    writer: &mut dyn TableWriter,
    status: &Status,
) -> Result<u64, StoreError> {
    let (began, rows) = (Instant::now(), pending.len());
    let applied = pending.apply(tables, writer)?;
    status.wrote(applied, rows, u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
    Ok(applied)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record in which no row changed and nothing was said.
    fn record(seq: u64) -> Task {
        Task::Durable {
            record: Applied::of(seq, 0),
            at: 0,
            payload: [0, 0].into(),
            rows: Vec::new(),
            subjects: Vec::new(),
        }
    }

    #[test]
    fn what_has_waited_long_is_written_though_more_keeps_coming() {
        let (mut bulk, status) = (Bulk::default(), Status::default());
        bulk.take(record(1), &status);
        assert!(!bulk.is_due, "more may come in a moment");
        bulk.since = bulk.since.map(|since| since.checked_sub(OLD).unwrap_or(since));
        bulk.take(record(2), &status);
        assert!(bulk.is_due);
    }
}
