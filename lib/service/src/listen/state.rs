//! What one connection is at. Written by the connection's own task, without a lock; read by whoever looks who lets the shop wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use futures_util::task::AtomicWaker;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The shop itself: nobody else.
    Working,
    /// A request, of which nothing has come.
    Idle,
    /// The rest of a request's head.
    Head,
    /// The rest of a request's body.
    Body,
    /// That the client takes some of the answer.
    Reader,
}

const PHASES: [Phase; 5] = [Phase::Working, Phase::Idle, Phase::Head, Phase::Body, Phase::Reader];
/// The bits of a phase, below the moment since when it lasts.
const PHASE_BITS: u32 = 3;

/// End, if the client is still waited for.
const CUT: u8 = 1;
/// End once what was accepted is answered.
const STOP: u8 = 2;

/// A connection, as its keeper sees it.
#[derive(Debug)]
pub(super) struct State {
    /// Tells the older of two connections.
    pub serial: u64,
    /// Milliseconds since the keeper began, as it last looked at the clock.
    clock: Arc<AtomicU64>,
    /// The phase, and since when it lasts.
    at: AtomicU64,
    /// How many bytes of a body have come.
    body: AtomicU64,
    told: AtomicU8,
    waker: AtomicWaker,
}

impl State {
    pub(super) fn new(serial: u64, clock: Arc<AtomicU64>) -> Self {
        let (told, waker) = (AtomicU8::new(0), AtomicWaker::new());
        let state = Self { serial, clock, at: AtomicU64::new(0), body: AtomicU64::new(0), told, waker };
        state.enter(Phase::Idle);
        state
    }

    /// The phase, and since when it lasts.
    pub(super) fn phase(&self) -> (Phase, u64) {
        let at = self.at.load(Ordering::Relaxed);
        let phase = usize::try_from(at & ((1 << PHASE_BITS) - 1)).ok().and_then(|place| PHASES.get(place));
        (phase.copied().unwrap_or(Phase::Working), at >> PHASE_BITS)
    }

    pub(super) fn enter(&self, phase: Phase) {
        let now = self.clock.load(Ordering::Relaxed);
        self.at.store((now << PHASE_BITS) | phase as u64, Ordering::Relaxed);
    }

    /// Enters `to` if it is in `from`.
    pub(super) fn pass(&self, from: Phase, to: Phase) {
        if self.phase().0 == from {
            self.enter(to);
        }
    }

    /// The head of a request is there.
    pub(super) fn works(&self) {
        self.body.store(0, Ordering::Relaxed);
        self.enter(Phase::Working);
    }

    /// So many bytes of the body have come.
    pub(super) fn received(&self, bytes: usize) {
        self.body.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// How many bytes of the body have come.
    pub(super) fn body(&self) -> u64 {
        self.body.load(Ordering::Relaxed)
    }

    /// Whether the shop waits for the client.
    pub(super) fn waits(&self) -> bool {
        self.phase().0 != Phase::Working
    }

    /// Tells it to end if the client is still waited for. Returns whether it was not told before.
    pub(super) fn cut(&self) -> bool {
        let new = self.told.fetch_or(CUT, Ordering::AcqRel) & CUT == 0;
        self.waker.wake();
        new
    }

    /// Tells it to end once what was accepted is answered.
    pub(super) fn stop(&self) {
        self.told.fetch_or(STOP, Ordering::AcqRel);
        self.waker.wake();
    }

    /// Called by the connection's task before it looks what it was told.
    pub(super) fn listens(&self, waker: &std::task::Waker) {
        self.waker.register(waker);
    }

    pub(super) fn is_cut(&self) -> bool {
        self.told.load(Ordering::Acquire) & CUT != 0
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.told.load(Ordering::Acquire) & STOP != 0
    }

    /// What was waited for came in the last moment. Returns whether it was told to end.
    pub(super) fn stays(&self) -> bool {
        self.told.fetch_and(!CUT, Ordering::AcqRel) & CUT != 0
    }
}
