//! A thread that handles messages: takes what waits, hands it to the services of the shard that it is for, and passes each batch on to be
//! appended. It may drive several shards; one whose journal is slow does not hold up the others.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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

/// What became of the record of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It is in the journal.
    Durable,
    /// It is not, and somebody else owns the shard.
    Fenced,
    /// It is not, and nothing will be any more.
    Refused,
}

/// What is done once it is known what became of a batch.
pub(crate) type Release = Box<dyn FnOnce(Ended) + Send>;
type Then<A> = Box<dyn FnOnce(Result<A, String>, &CacheView<'_>) -> Release + Send>;
type Look<M, A> = Box<dyn FnOnce(&mut Core<M, A>) -> Release + Send>;

/// What a shard is asked, and since when.
pub(crate) enum Request<M, A> {
    /// Do this, and answer.
    Command(Command<M>, Then<A>, Instant),
    /// Hear what became of something outside.
    Outcome { service: u8, message: M, correlation: u64, cause: u64 },
    /// Hear that nobody can do something outside.
    Unperformed { intent: Intent, reason: String },
    /// Look at something.
    Look(Look<M, A>, Instant),
}

impl<M, A> Request<M, A> {
    /// Since when somebody waits for it; those are told as waiting.
    fn waits_since(&self) -> Option<Instant> {
        match self {
            Self::Command(_, _, since) | Self::Look(_, since) => Some(*since),
            Self::Outcome { .. } | Self::Unperformed { .. } => None,
        }
    }
}

/// What the thread is told.
pub(crate) enum Told<M, A> {
    /// The shard at this place is asked for something.
    Request(u32, Request<M, A>),
    /// Drive this shard, too.
    Own(Box<Driven<M, A>>),
    /// One that had to wait for its journal may go on, or is given up.
    GoOn,
    /// Do what came before this, and end.
    Stop,
}

/// Wakes the thread when the journal of a shard has room again.
pub(crate) struct Wake<M, A> {
    pub handler: SyncSender<Told<M, A>>,
    /// Whether the thread drives several shards. With one it waits for the journal of that, and for nothing else.
    pub drives_several: Arc<AtomicBool>,
}

impl<M, A> Wake<M, A> {
    pub(crate) fn is_needed(&self) -> bool {
        self.drives_several.load(Ordering::Acquire)
    }

    /// Where too much waits to be told, the thread is awake.
    pub(crate) fn wake(&self) {
        let _ = self.handler.try_send(Told::GoOn);
    }
}

/// A batch on its way to the journal.
pub(crate) struct Batch<M> {
    pub handled: HandledBatch<M>,
    pub releases: Vec<Release>,
}

/// A shard that the thread drives.
pub(crate) struct Driven<M, A> {
    place: u32,
    core: Core<M, A>,
    batches: SyncSender<Batch<M>>,
    /// How many batches may be handled and not durable yet, unless the thread has nothing else to do.
    under_way: u64,
    time: Time,
    status: Arc<Status>,
    admission: Admission,
    forget_at: u64,
    /// What was taken, and has had no room in a batch yet.
    taken: VecDeque<Request<M, A>>,
}

impl<M: Message, A: Answer> Driven<M, A> {
    /// The shard at `place`, of which so many batches are under way at most: appended, or waiting for that.
    pub(crate) fn new(
        place: u32,
        core: Core<M, A>,
        (batches, under_way): (SyncSender<Batch<M>>, usize),
        time: Time,
        status: Arc<Status>,
    ) -> Self {
        let (forget_at, under_way) = (time.steady(), under_way as u64);
        let (admission, taken) = (Admission::default(), VecDeque::new());
        Self { place, core, batches, under_way, time, status, admission, forget_at, taken }
    }

    fn has_room(&self) -> bool {
        self.status.under_way.load(Ordering::Acquire) < self.under_way
    }

    /// How long it has nothing to do, if nobody asks for anything.
    fn rests_for(&self, is_alone: bool) -> Duration {
        let may_go_on = is_alone || self.has_room();
        if !self.taken.is_empty() && may_go_on {
            return Duration::ZERO;
        }
        let due = self.core.next_due().filter(|_| may_go_on);
        due.map_or(IDLE, |due| Duration::from_millis(due.saturating_sub(self.time.steady())).min(IDLE))
    }

    /// Handles one batch, and passes it on. Returns whether it goes on: not where it is given up, or has failed.
    fn step(&mut self, is_alone: bool) -> bool {
        if self.status.has_failed() {
            return false;
        }
        if !is_alone && !self.has_room() {
            return true;
        }
        let these = self.taken.len().min(BATCH);
        let status = self.status.clone();
        status.waiting.fetch_sub(self.waiting(these), Ordering::Relaxed);
        let longest = self.taken.iter().find_map(Request::waits_since).map_or(Duration::ZERO, |since| since.elapsed());
        status.limit.store(self.admission.limit(longest, self.time.steady()), Ordering::Relaxed);
        let Some((batch, done)) = self.handle(these) else {
            status.failed.store(true, Ordering::Release);
            return false;
        };
        status.waiting.fetch_add(self.waiting(these - done), Ordering::Relaxed);
        status.parked.store(self.core.parked_count(), Ordering::Relaxed);
        if batch.handled.record.is_some() || !batch.releases.is_empty() {
            status.unwritten.fetch_add(1, Ordering::Relaxed);
            status.under_way.fetch_add(1, Ordering::Relaxed);
            if self.batches.send(batch).is_err() {
                return false;
            }
        }
        self.core.evict(status.applied());
        true
    }

    /// How many of the first `count` that were taken somebody waits for.
    fn waiting(&self, count: usize) -> u64 {
        self.taken.iter().take(count).filter(|request| request.waits_since().is_some()).count() as u64
    }

    /// Handles what was taken as far as one record has room for it, at most the first `these`, and the first in any case. Gives the batch
    /// and how many of them it has done.
    fn handle(&mut self, these: usize) -> Option<(Batch<M>, usize)> {
        let (now, steady) = self.time.look(&self.status);
        let Self { core, taken, forget_at, status, .. } = self;
        core.begin_at(now, steady);
        let commands = taken.iter().take(these).filter_map(|request| match request {
            Request::Command(command, ..) => Some(&command.message),
            Request::Outcome { message, .. } => Some(message),
            Request::Unperformed { .. } | Request::Look(..) => None,
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
        let (mut releases, mut done) = (Vec::with_capacity(these), 0);
        while done < these
            && let Some(request) = taken.pop_front()
        {
            done += 1;
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
            }
            if !core.has_room() {
                break;
            }
        }
        Some((Batch { handled: core.finish(), releases }, done))
    }
}

/// Runs until it is told to stop, and all that was asked before is done.
pub(crate) fn run<M: Message, A: Answer>(told: &Receiver<Told<M, A>>, drives_several: &AtomicBool) {
    let mut handler = Handler { shards: Vec::new(), stops: false, drives_several };
    while handler.take(told) {
        let is_alone = handler.shards.len() == 1;
        handler.shards.retain_mut(|shard| shard.step(is_alone));
        if handler.stops && handler.shards.iter().all(|shard| shard.taken.is_empty()) {
            return;
        }
    }
}

struct Handler<'h, M, A> {
    shards: Vec<Driven<M, A>>,
    stops: bool,
    drives_several: &'h AtomicBool,
}

impl<M: Message, A: Answer> Handler<'_, M, A> {
    /// Takes what waits, for one shard up to a batch; waits for the first if there is nothing to do. Returns whether anybody can still ask
    /// for anything.
    fn take(&mut self, told: &Receiver<Told<M, A>>) -> bool {
        let is_alone = self.shards.len() == 1;
        let rest = self.shards.iter().map(|shard| shard.rests_for(is_alone)).min().unwrap_or(IDLE);
        if !rest.is_zero() {
            match told.recv_timeout(rest) {
                Ok(first) => self.hear(first),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        // Of what is for several shards nothing may wait behind what is for one of them: how much each may have is bounded where it is asked.
        let mut room = if let [alone] = &self.shards[..] { BATCH - alone.taken.len().min(BATCH) } else { usize::MAX };
        while room > 0
            && !self.stops
            && let Ok(next) = told.try_recv()
        {
            self.hear(next);
            room -= 1;
        }
        true
    }

    /// Nothing is asked any more after it was told to stop.
    fn hear(&mut self, told: Told<M, A>) {
        match told {
            Told::Request(place, request) if !self.stops => {
                if let Some(shard) = self.shards.iter_mut().find(|shard| shard.place == place) {
                    shard.taken.push_back(request);
                }
            }
            Told::Own(shard) => {
                self.shards.push(*shard);
                self.drives_several.store(self.shards.len() > 1, Ordering::Release);
            }
            Told::Stop => self.stops = true,
            Told::Request(..) | Told::GoOn => {}
        }
    }
}
