//! Makes records durable: one thread writes whatever has gathered and syncs once for all of it, so that many callers share a sync.
//! A caller takes a [`Ticket`] and waits on it before it tells anybody what was recorded.

use std::io;
use std::sync::mpsc;
use std::thread::JoinHandle;

use tokio::sync::watch;

use crate::record::Record;
use crate::refusal::Refusal;

/// The records on their way to the disk.
#[derive(Debug)]
pub(crate) struct Journal {
    lines: Option<mpsc::Sender<Vec<u8>>>,
    appended: u64,
    durable: watch::Receiver<u64>,
    writer: Option<JoinHandle<()>>,
}

impl Journal {
    /// Starts the writer. `commit` writes its bytes and returns when they are durable; after its first failure nothing is
    /// written any more, because what the disk holds is no longer known.
    pub(crate) fn start(commit: impl FnMut(&[u8]) -> io::Result<()> + Send + 'static) -> io::Result<Self> {
        let (lines, waiting) = mpsc::channel();
        let (progress, durable) = watch::channel(0);
        let writer = std::thread::Builder::new()
            .name("sandbox-journal".to_owned())
            .spawn(move || write_all(&waiting, commit, &progress))?;
        Ok(Self { lines: Some(lines), appended: 0, durable, writer: Some(writer) })
    }

    /// Hands a record to the writer. It is not durable before [`Journal::ticket`] says so.
    pub(crate) fn append(&mut self, record: &Record) {
        self.appended += 1;
        if let Some(lines) = &self.lines {
            // A writer that has failed is gone; whoever holds a ticket is told by the ticket.
            let _ = lines.send(record.to_line());
        }
    }

    /// To wait until all that was appended so far is durable.
    pub(crate) fn ticket(&self) -> Ticket {
        Ticket { appended: self.appended, durable: self.durable.clone() }
    }
}

impl Drop for Journal {
    /// Waits for the writer, so that the file is complete and free for the next one to open.
    fn drop(&mut self) {
        self.lines = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the journal of the sandbox provider stopped in a panic");
        }
    }
}

/// The right to speak, once what was appended is durable.
#[derive(Debug)]
pub(crate) struct Ticket {
    appended: u64,
    durable: watch::Receiver<u64>,
}

impl Ticket {
    /// Waits until everything before this ticket is durable.
    pub(crate) async fn settled(mut self) -> Result<(), Refusal> {
        let appended = self.appended;
        self.durable.wait_for(|durable| *durable >= appended).await.map(drop).map_err(|_gone| Refusal::NotWritten)
    }
}

fn write_all(
    waiting: &mpsc::Receiver<Vec<u8>>,
    mut commit: impl FnMut(&[u8]) -> io::Result<()>,
    progress: &watch::Sender<u64>,
) {
    while let Ok(mut batch) = waiting.recv() {
        let mut count = 1;
        for line in waiting.try_iter() {
            batch.extend_from_slice(&line);
            count += 1;
        }
        if let Err(error) = commit(&batch) {
            tracing::error!(%error, "the sandbox provider cannot write its records; it answers 503 from now on");
            return;
        }
        progress.send_modify(|durable| *durable += count);
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::Journal;
    use crate::record::{Record, Refund, RefundStatus};
    use crate::refusal::Refusal;

    fn record() -> Record {
        let (key, charge_key, id) = ("r".to_owned(), "k".to_owned(), "re_1".to_owned());
        Record::Refund(Refund {
            key,
            charge_key,
            id,
            at_ms: 1,
            status: RefundStatus::Voided,
            amount: 0,
            currency: None,
        })
    }

    #[tokio::test]
    async fn a_ticket_is_settled_only_after_the_commit() {
        let (written, mut seen) = tokio::sync::watch::channel(0);
        let commit = move |bytes: &[u8]| {
            written.send_modify(|total| *total += bytes.len());
            Ok(())
        };
        let mut journal = Journal::start(commit).unwrap();
        journal.append(&record());
        journal.ticket().settled().await.unwrap();
        assert_eq!(*seen.borrow_and_update(), record().to_line().len());
    }

    #[tokio::test]
    async fn nothing_is_told_after_the_disk_has_failed() {
        let mut journal = Journal::start(|_: &[u8]| Err(io::Error::other("disk full"))).unwrap();
        journal.append(&record());
        assert_eq!(journal.ticket().settled().await, Err(Refusal::NotWritten));
        journal.append(&record());
        assert_eq!(journal.ticket().settled().await, Err(Refusal::NotWritten));
    }
}
