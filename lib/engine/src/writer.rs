//! The table writer: a thread that brings the tables up to the journal, in bulk, behind everybody's back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use store::{StoreError, TableWriter};
use tokio::sync::oneshot;

use crate::record::rows_in;
use crate::recover::{Pending, Tables};

/// So many changed rows are written at once.
const ROWS: usize = 20_000;
/// Or all there are, when nothing has changed for so long.
const QUIET: Duration = Duration::from_millis(50);

/// What the table writer is told.
pub(crate) enum Task {
    /// A record is in the journal.
    Durable { seq: u64, payload: Arc<[u8]>, subjects: Vec<u64> },
    /// Somebody wants to read the tables as of now.
    Settle(oneshot::Sender<()>),
}

/// Runs until nobody can tell it anything any more, then writes what is left.
pub(crate) fn run(
    tasks: &Receiver<Task>,
    tables: &Tables,
    mut writer: Box<dyn TableWriter>,
    applied: &AtomicU64,
) -> Result<(), StoreError> {
    let mut pending = Pending::default();
    loop {
        let task = if !pending.is_behind() {
            tasks.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            tasks.recv_timeout(QUIET)
        };
        let mut waiting = None;
        match task {
            Ok(Task::Durable { seq, payload, subjects }) => {
                let rows = rows_in(&payload).map_err(|why| StoreError::Damaged { seq, why })?;
                pending.add(seq, &payload, rows, subjects.into_iter());
                if pending.len() < ROWS {
                    continue;
                }
            }
            Ok(Task::Settle(done)) => waiting = Some(done),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                if pending.is_behind() {
                    applied.store(pending.apply(tables, &mut *writer)?, Ordering::Release);
                }
                return Ok(());
            }
        }
        if pending.is_behind() {
            applied.store(pending.apply(tables, &mut *writer)?, Ordering::Release);
        }
        if let Some(done) = waiting {
            let _ = done.send(());
        }
    }
}
