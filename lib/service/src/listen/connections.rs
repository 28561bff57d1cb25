//! All connections of a process: how many there may be, who is let go when there is no room, and who lets the shop wait for too long.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use tokio::sync::Notify;

use super::Limits;
use super::state::{Phase, State};
use crate::{Meter, Sheet};

/// Why connections were cut.
const REASONS: [&str; 5] = ["idle", "head", "body", "reader", "room"];
const ROOM: usize = 4;

/// All connections of a process, however many ports it listens on.
#[derive(Debug, Clone)]
pub struct Connections(Arc<All>);

#[derive(Debug)]
struct All {
    limits: Limits,
    clock: Arc<AtomicU64>,
    open: Mutex<Open>,
    stopping: AtomicBool,
    /// Tells that one has ended.
    ended: Notify,
    cut: [AtomicU64; REASONS.len()],
    refused: AtomicU64,
}

#[derive(Debug, Default)]
struct Open {
    by_serial: HashMap<u64, Arc<State>>,
    last: u64,
    /// How many of them were told to end to make room, and have not yet.
    leaving: usize,
}

/// A place among the connections. Given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    pub state: Arc<State>,
    /// Whether nobody but probes is answered on it.
    pub crowded: bool,
    all: Arc<All>,
}

impl Connections {
    /// None so far; there may be as many, and they may let the shop wait for as long, as `limits` says. Called on a runtime.
    pub fn new(limits: Limits) -> Self {
        let all = Arc::new(All {
            limits,
            clock: Arc::default(),
            open: Mutex::default(),
            stopping: AtomicBool::new(false),
            ended: Notify::new(),
            cut: Default::default(),
            refused: AtomicU64::new(0),
        });
        tokio::spawn(keep(Arc::downgrade(&all), limits));
        Self(all)
    }

    /// A place for one more; `None` if there is none, not even by letting go of those who let the shop wait for the longest.
    pub(super) fn admit(&self) -> Option<Place> {
        let all = &self.0;
        let mut open = all.open();
        if open.staying() >= all.limits.in_full() {
            all.make_room(&mut open);
        }
        let crowded = open.staying() >= all.limits.in_full();
        if open.staying() >= all.limits.connections {
            all.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        open.last += 1;
        let serial = open.last;
        let state = Arc::new(State::new(serial, all.clock.clone()));
        open.by_serial.insert(serial, state.clone());
        if all.stopping.load(Ordering::Acquire) {
            state.stop();
        }
        Some(Place { state, crowded, all: all.clone() })
    }

    /// Lets go of those who let the shop wait for the longest.
    pub(super) fn make_room(&self) {
        let all = &self.0;
        all.make_room(&mut all.open());
    }

    /// Tells all to end once what was accepted is answered.
    pub(super) fn stop(&self) {
        let open = self.0.open();
        self.0.stopping.store(true, Ordering::Release);
        open.by_serial.values().for_each(|state| state.stop());
    }

    /// Waits until all have ended.
    pub(super) async fn none(&self) {
        loop {
            let ended = self.0.ended.notified();
            if self.0.open().by_serial.is_empty() {
                return;
            }
            ended.await;
        }
    }
}

impl All {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn make_room(&self, open: &mut Open) {
        let waiting = |state: &&Arc<State>| !state.is_cut() && state.waits();
        let mut oldest: Vec<_> =
            open.by_serial.values().filter(waiting).map(|state| (state.phase().1, state.serial)).collect();
        let let_go = self.limits.let_go().min(oldest.len());
        if let_go == 0 {
            return;
        }
        oldest.select_nth_unstable(let_go - 1);
        for (_, serial) in &oldest[..let_go] {
            if open.by_serial.get(serial).is_some_and(|state| state.cut()) {
                open.leaving += 1;
                self.cut[ROOM].fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Cuts those who have let the shop wait for too long at `now`; it began to stop at `stopping`.
    fn cut_the_slow(&self, now: u64, stopping: Option<u64>) {
        let mut open = self.open();
        let mut cut = 0;
        for state in open.by_serial.values() {
            let (phase, since) = state.phase();
            let reason = match phase {
                Phase::Working => continue,
                Phase::Idle => 0,
                Phase::Head => 1,
                Phase::Body => 2,
                Phase::Reader => 3,
            };
            let waited = |since: u64| u128::from(now.saturating_sub(since));
            let too_long = waited(since) >= self.limits.patience(phase, state.body()).as_millis();
            let at_the_end = stopping.is_some_and(|began| waited(since.max(began)) >= self.limits.stopping.as_millis());
            if (too_long || at_the_end) && state.cut() {
                cut += 1;
                self.cut[reason].fetch_add(1, Ordering::Relaxed);
            }
        }
        open.leaving += cut;
    }
}

impl Open {
    fn staying(&self) -> usize {
        self.by_serial.len().saturating_sub(self.leaving)
    }
}

impl Place {
    /// What was waited for came in the last moment: it does not end after all.
    pub(super) fn stays(&self) {
        let mut open = self.all.open();
        if self.state.stays() {
            open.leaving = open.leaving.saturating_sub(1);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.all.open();
        if self.state.stays() {
            open.leaving = open.leaving.saturating_sub(1);
        }
        open.by_serial.remove(&self.state.serial);
        drop(open);
        self.all.ended.notify_waiters();
    }
}

/// Moves the clock, and cuts those who have let the shop wait for too long, as long as there is anybody who could listen.
async fn keep(all: Weak<All>, limits: Limits) {
    let (began, mut stopping) = (Instant::now(), None);
    let mut look = tokio::time::interval(limits.look());
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        let Some(all) = all.upgrade() else { return };
        let now = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        all.clock.store(now, Ordering::Relaxed);
        if all.stopping.load(Ordering::Acquire) {
            stopping.get_or_insert(now);
        }
        all.cut_the_slow(now, stopping);
    }
}

impl Meter for Connections {
    fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let (open, of) = (self.0.open().by_serial.len(), |count: &AtomicU64| count.load(Ordering::Relaxed) as f64);
        sheet.gauge("maejin_connections", "Connections that are open", open as f64)?;
        sheet.gauge("maejin_connections_most", "How many there may be", self.0.limits.connections as f64)?;
        let labels = REASONS.map(|reason| [("reason", reason)]);
        let cut = labels.iter().zip(&self.0.cut).map(|(labels, count)| (&labels[..], of(count)));
        sheet.counters("maejin_connections_cut", "Connections cut because the client let the shop wait", cut)?;
        sheet.counter("maejin_connections_refused", "Connections that there was no room for", of(&self.0.refused))
    }
}
