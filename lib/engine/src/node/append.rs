//! The thread that makes the batches of a shard durable: appends the record, and only then answers and lets effects begin. As many records
//! are under way at once as the journal allows; the answers come in the order of the batches all the same.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use store::{Applied, Journal, StoreError};
use typed::{Answer, Message};

use super::effects::Effects;
use super::handle::{Batch, Ended, Release, Wake};
use super::ports::Observer;
use crate::status::Status;
use crate::system_tables::Intent;
use crate::unapplied::Unapplied;
use crate::writer::{TaskQueue, WriterQueue};

/// How often it looks whether the oldest append is durable while another one may begin. Only where the journal has several under way.
const LOOKS: Duration = Duration::from_micros(100);

/// What the thread has.
pub(crate) struct Appender<M, A> {
    pub journal: Box<dyn Journal>,
    pub writer: WriterQueue,
    /// What the tables lack, for readers.
    pub unapplied: Arc<Unapplied>,
    /// By which others tell the table writer; nobody does any more once the shard is given up.
    pub tasks: TaskQueue,
    pub effects: Effects<M, A>,
    pub observer: Box<dyn Observer<M>>,
    pub wake: Wake<M, A>,
}

/// A batch whose append is under way, and since when.
type UnderWay<M> = VecDeque<(Batch<M>, Instant)>;

/// Why the thread ends before all batches are durable, and who waits for the one with which it ends.
struct Failed {
    why: Why,
    with: Vec<Release>,
}

/// Why the thread ends.
enum Why {
    /// The journal says so.
    Journal(StoreError),
    /// The record is durable, but nobody writes the tables any more, so nothing may follow.
    NoTables,
}

impl<M: Message, A: Answer> Appender<M, A> {
    /// Runs until no batch can come any more, the journal fails, or somebody else has taken over: then nobody is answered that it was done.
    pub(crate) fn run(mut self, batches: &Receiver<Batch<M>>, intents: Vec<Intent>, status: &Status) {
        intents.into_iter().for_each(|intent| self.effects.resume(intent));
        let mut under_way = UnderWay::new();
        while let Some(done) = self.step(batches, &mut under_way, status) {
            if let Err(failed) = done {
                return self.end(failed, under_way, batches, status);
            }
            self.wake.is_needed().then(|| self.wake.wake());
        }
    }

    /// Begins an append, if one may be begun, and else ends the oldest. Nothing is left to be done where it gives nothing.
    fn step(
        &mut self,
        batches: &Receiver<Batch<M>>,
        under_way: &mut UnderWay<M>,
        status: &Status,
    ) -> Option<Result<(), Failed>> {
        let (mut next, mut wait) = (None, true);
        match under_way.len() {
            0 => next = Some(batches.recv().ok()?),
            some if some < self.journal.depth() => match batches.recv_timeout(LOOKS) {
                Ok(batch) => next = Some(batch),
                Err(RecvTimeoutError::Timeout) => wait = false,
                Err(RecvTimeoutError::Disconnected) => {}
            },
            _ => {}
        }
        if let Some(batch) = next {
            status.unwritten.fetch_sub(1, Ordering::Relaxed);
            let began = Instant::now();
            let begun = batch.handled.record.as_ref().map_or(Ok(()), |record| self.journal.begin_append(record));
            if let Err(why) = begun {
                // What began before it ends for itself.
                while let Some((oldest, began)) = under_way.pop_front() {
                    let done = match self.is_durable(&oldest, true) {
                        Ok(_) => self.finish(oldest, began, status),
                        Err(why) => Err(Failed { why: Why::Journal(why), with: oldest.releases }),
                    };
                    if done.is_err() {
                        return Some(done);
                    }
                }
                return Some(Err(Failed { why: Why::Journal(why), with: batch.releases }));
            }
            under_way.push_back((batch, began));
            if under_way.len() < self.journal.depth() {
                return Some(Ok(()));
            }
        }
        let oldest = under_way.front()?;
        match self.is_durable(&oldest.0, wait) {
            Ok(false) => Some(Ok(())),
            Ok(true) => under_way.pop_front().map(|(batch, began)| self.finish(batch, began, status)),
            Err(why) => {
                under_way.pop_front().map(|(batch, _)| Err(Failed { why: Why::Journal(why), with: batch.releases }))
            }
        }
    }

    /// Whether the oldest batch is durable; waits for it, if told to.
    fn is_durable(&mut self, oldest: &Batch<M>, wait: bool) -> Result<bool, StoreError> {
        if oldest.handled.record.is_some() { self.journal.end_append(wait) } else { Ok(true) }
    }

    /// `batch` is durable: answers, and lets its effects begin.
    fn finish(&mut self, batch: Batch<M>, began: Instant, status: &Status) -> Result<(), Failed> {
        let Batch { mut handled, releases } = batch;
        let mut append_us = None;
        if let Some(record) = &handled.record {
            append_us = Some(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
            let (rows, payload) = (std::mem::take(&mut handled.rows), std::mem::take(&mut handled.payload));
            self.unapplied.add(record.seq, &payload, &rows);
            let subjects = handled.messages.iter().map(|message| message.subject).collect();
            status.unapplied.fetch_add(1, Ordering::Relaxed);
            let applied = Applied::of(record.seq, record.sum);
            if self.writer.send(applied, record.at, payload, rows, subjects).is_err() {
                return Err(Failed { why: Why::NoTables, with: releases });
            }
        }
        status.under_way.fetch_sub(1, Ordering::Release);
        self.observer.unanswered(&handled.messages);
        // From here on others may hear of it: what they then look at knows it.
        if let Some(record) = &handled.record {
            status.durable.send_replace(record.seq);
        }
        releases.into_iter().for_each(|release| release(Ended::Durable));
        handled.intents.into_iter().for_each(|(key, intent)| self.effects.begin(key, intent));
        if let Some(append_us) = append_us {
            self.observer.durable(&handled.messages, append_us);
            if let Err(error) = self.journal.checkpoint() {
                tracing::error!(%error, "what is acknowledged is durable; the journal's log grows until the disk takes it over");
                status.checkpoint_failures.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Tells all who wait as much as is known: of what was refused, and of all that comes after it, that it was not done.
    fn end(mut self, failed: Failed, under_way: UnderWay<M>, batches: &Receiver<Batch<M>>, status: &Status) {
        let Failed { why, with } = failed;
        let ended = match &why {
            Why::Journal(error @ StoreError::Fenced { .. }) => {
                tracing::warn!(%error, "it is given up");
                Some(Ended::Fenced)
            }
            Why::Journal(error) => {
                tracing::error!(%error, "the journal failed: nothing is acknowledged any more");
                let is_unknown = matches!(error, StoreError::Unknown { .. });
                (!is_unknown).then_some(Ended::Refused)
            }
            Why::NoTables => None,
        };
        match &why {
            Why::Journal(error) => status.end(error),
            Why::NoTables => status.failed.store(true, Ordering::Release),
        }
        let Some(ended) = ended else { return };
        release(with, ended);
        if ended == Ended::Fenced {
            self.effects.give_up();
            under_way.into_iter().for_each(|(batch, _)| release(batch.releases, ended));
        }
        drop(self.writer);
        self.tasks.close();
        self.wake.wake();
        batches.iter().for_each(|batch| release(batch.releases, ended));
    }
}

fn release(releases: Vec<Release>, ended: Ended) {
    releases.into_iter().for_each(|release| release(ended));
}
