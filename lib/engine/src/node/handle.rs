//! The thread that handles messages: takes what waits, hands it to the services, and passes the batch on to be appended.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use typed::{Answer, Message};

use super::admission::Admission;
use super::time::Time;
use crate::batch::HandledBatch;
use crate::caches::CacheView;
use crate::core::{Command, Core};
use crate::status::Status;
use crate::system_tables::Intent;

/// How many requests are handled together at the most.
const BATCH: usize = 1_024;
/// How long the engine sleeps at the most when no timer is due, so that it notices that it was told to stop.
const IDLE: Duration = Duration::from_secs(1);
/// How often old idempotency keys are forgotten, in milliseconds.
const FORGET_MS: u64 = 1_000;

/// What is done once a batch is durable.
pub(crate) type Release = Box<dyn FnOnce() + Send>;
type Then<A> = Box<dyn FnOnce(Result<A, String>, &CacheView<'_>) -> Release + Send>;
type Look<M, A> = Box<dyn FnOnce(&mut Core<M, A>) -> Release + Send>;

/// What the engine is asked, and since when.
pub(crate) enum Request<M, A> {
    /// Do this, and answer.
    Command(Command<M>, Then<A>, Instant),
    /// Hear what became of something outside.
    Outcome { service: u8, message: M, correlation: u64, cause: u64 },
    /// Hear that nobody can do something outside.
    Unperformed { intent: Intent, reason: String },
    /// Look at something.
    Look(Look<M, A>, Instant),
    /// Do what came before this, and end.
    Stop,
}

impl<M, A> Request<M, A> {
    /// Since when somebody waits for it; those are told as waiting.
    fn waits_since(&self) -> Option<Instant> {
        match self {
            Self::Command(_, _, since) | Self::Look(_, since) => Some(*since),
            Self::Outcome { .. } | Self::Unperformed { .. } | Self::Stop => None,
        }
    }
}

/// A batch on its way to the journal.
pub(crate) struct Batch<M> {
    pub handled: HandledBatch<M>,
    pub releases: Vec<Release>,
}

/// Runs until it is told to stop, and all that was asked before is done.
pub(crate) fn run<M: Message, A: Answer>(
    requests: &Receiver<Request<M, A>>,
    mut core: Core<M, A>,
    batches: &SyncSender<Batch<M>>,
    mut time: Time<'_>,
    status: &Status,
) {
    let (mut forget_at, mut admission) = (time.steady(), Admission::default());
    // What has no room in a batch is the first of the next one.
    let (mut taken, mut stops) = (VecDeque::new(), false);
    loop {
        let wait =
            core.next_due().map_or(IDLE, |due| Duration::from_millis(due.saturating_sub(time.steady())).min(IDLE));
        if !take(requests, &mut taken, &mut stops, wait) {
            return;
        }
        status.waiting.fetch_sub(waiting(&taken), Ordering::Relaxed);
        let longest = taken.iter().find_map(Request::waits_since).map_or(Duration::ZERO, |since| since.elapsed());
        status.limit.store(admission.limit(longest, time.steady()), Ordering::Relaxed);
        let Some(batch) = handle(&mut core, &mut taken, time.look(status), &mut forget_at, status) else {
            status.failed.store(true, Ordering::Release);
            return;
        };
        status.waiting.fetch_add(waiting(&taken), Ordering::Relaxed);
        let nothing = batch.handled.record.is_none() && batch.releases.is_empty();
        status.parked.store(core.parked_count(), Ordering::Relaxed);
        if !nothing {
            status.unwritten.fetch_add(1, Ordering::Relaxed);
            if batches.send(batch).is_err() {
                return;
            }
        }
        if stops && taken.is_empty() {
            return;
        }
        core.evict(status.applied());
    }
}

/// How many of `taken` somebody waits for.
fn waiting<M, A>(taken: &VecDeque<Request<M, A>>) -> u64 {
    taken.iter().filter(|request| request.waits_since().is_some()).count() as u64
}

/// Takes what waits, up to a batch; waits for the first if there is none. Nothing is taken from where it is told to stop. Returns whether
/// anybody can still ask for anything.
fn take<M, A>(
    requests: &Receiver<Request<M, A>>,
    taken: &mut VecDeque<Request<M, A>>,
    stops: &mut bool,
    wait: Duration,
) -> bool {
    if *stops {
        return true;
    }
    if taken.is_empty() {
        match requests.recv_timeout(wait) {
            Ok(request) => taken.push_back(request),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
    let room = BATCH.saturating_sub(taken.len());
    taken.extend(requests.try_iter().take(room));
    if let Some(from) = taken.iter().position(|request| matches!(request, Request::Stop)) {
        taken.truncate(from);
        *stops = true;
    }
    true
}

/// Handles what was `taken` as far as one record has room for it, and the first of it in any case.
fn handle<M: Message, A: Answer>(
    core: &mut Core<M, A>,
    taken: &mut VecDeque<Request<M, A>>,
    (now, steady): (u64, u64),
    forget_at: &mut u64,
    status: &Status,
) -> Option<Batch<M>> {
    core.begin_at(now, steady);
    let commands = taken.iter().filter_map(|request| match request {
        Request::Command(command, ..) => Some(&command.message),
        Request::Outcome { message, .. } => Some(message),
        Request::Unperformed { .. } | Request::Look(..) | Request::Stop => None,
    });
    let forget = steady >= *forget_at;
    let ready = core.fetch(commands).and_then(|()| core.fire_timers());
    if let Err(error) = ready.and_then(|()| if forget { core.forget_old_keys() } else { Ok(()) }) {
        tracing::error!(%error, "the tables cannot be read");
        return None;
    }
    if forget {
        *forget_at = steady + FORGET_MS;
        let (keys, early) = core.keys();
        status.keys.store(keys, Ordering::Relaxed);
        status.keys_forgotten_early.store(early, Ordering::Relaxed);
    }
    let mut releases = Vec::with_capacity(taken.len());
    while let Some(request) = taken.pop_front() {
        match request {
            Request::Command(command, then, _) => {
                let answer = core.command(command);
                releases.push(then(answer, &core.view()));
            }
            Request::Outcome { service, message, correlation, cause } => {
                core.dispatch(service, message, correlation, cause)
            }
            Request::Unperformed { intent, reason } => {
                if let Err(error) = core.park_intent(&intent, &reason) {
                    tracing::error!(%error, "the tables cannot be read");
                    return None;
                }
            }
            Request::Look(look, _) => releases.push(look(core)),
            Request::Stop => {}
        }
        if !core.has_room() {
            break;
        }
    }
    Some(Batch { handled: core.finish(), releases })
}
