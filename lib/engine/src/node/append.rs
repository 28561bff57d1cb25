//! The thread that makes batches durable: appends the record, and only then answers and lets effects begin.

use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use store::{Applied, Journal};
use typed::{Answer, Message};

use super::effects::Effects;
use super::handle::Batch;
use super::ports::Observer;
use crate::status::Status;
use crate::system_tables::Intent;
use crate::writer::WriterQueue;

/// Runs until no batch can come any more, or the journal fails: then nobody is answered.
pub(crate) fn run<M: Message, A: Answer>(
    batches: &Receiver<Batch<M>>,
    mut journal: Box<dyn Journal>,
    writer: &WriterQueue,
    mut effects: Effects<M, A>,
    intents: Vec<Intent>,
    mut observer: Box<dyn Observer<M>>,
    status: &Status,
) {
    intents.into_iter().for_each(|intent| effects.resume(intent));
    for Batch { handled, releases } in batches {
        status.unwritten.fetch_sub(1, Ordering::Relaxed);
        let mut append_us = None;
        if let Some(record) = &handled.record {
            let began = Instant::now();
            if let Err(error) = journal.append(record) {
                tracing::error!(%error, "the journal failed: nothing is acknowledged any more");
                status.failed.store(true, Ordering::Release);
                return;
            }
            append_us = Some(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
            status.durable.send_replace(record.seq);
            let subjects = handled.messages.iter().map(|message| message.subject).collect();
            status.unapplied.fetch_add(1, Ordering::Relaxed);
            if writer.send(Applied::of(record.seq, record.sum), record.at, handled.payload.clone(), subjects).is_err() {
                status.failed.store(true, Ordering::Release);
                return;
            }
        }
        observer.unanswered(&handled.messages);
        releases.into_iter().for_each(|release| release());
        handled.intents.into_iter().for_each(|(key, intent)| effects.begin(key, intent));
        if let Some(append_us) = append_us {
            observer.durable(&handled.messages, append_us);
            if let Err(error) = journal.checkpoint() {
                tracing::error!(%error, "what is acknowledged is durable; the journal's log grows until the disk takes it over");
                status.checkpoint_failures.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}
