//! The provider as a whole: its book, its journal, and the calls it holds open.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use world::Clock;

use crate::answer::{ChargeAnswer, Reply};
use crate::book::Book;
use crate::card::Card;
use crate::journal::{Journal, Ticket};
use crate::ledger::Ledger;
use crate::page::Page;
use crate::record::{ChargeRequest, Record, Refund};
use crate::refusal::Refusal;
use crate::store::{self, OpenError};

/// So many keys are more than anybody tries in one book, and 2.4 GB.
const KEYS_MAX: usize = 4_000_000;

/// Bounds on the calls that are left waiting, and on what is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a call that is never answered is held before its connection is cut.
    pub hold_ms: u64,
    /// How many calls are held at a time. Above it they get 503.
    pub held_max: usize,
    /// How many keys are remembered, charged or voided; they are in memory, some 600 bytes each. Above it new ones get 507.
    pub keys_max: usize,
}

impl Default for Limits {
    /// Two minutes, longer than any client waits; a thousand calls, some megabytes at most; four million keys, some 2.4 GB.
    fn default() -> Self {
        Self { hold_ms: 120_000, held_max: 1_000, keys_max: KEYS_MAX }
    }
}

/// A sandbox provider. Clones are the same provider.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    limits: Limits,
    state: Mutex<State>,
    room: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

/// Under one lock, so that the records stand in the file in the order in which they were taken in.
struct State {
    book: Book,
    journal: Option<Journal>,
}

impl State {
    fn record(&mut self, record: Record) {
        if let Some(journal) = &mut self.journal {
            journal.append(&record);
        }
        self.book.apply(record);
    }

    fn ticket(&self) -> Option<Ticket> {
        self.journal.as_ref().map(Journal::ticket)
    }
}

impl Sandbox {
    /// A provider that keeps its records in `folder` and reads back what is there, or only in memory without one.
    pub fn open(folder: Option<PathBuf>, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        Self::open_with(folder, clock, Limits::default())
    }

    /// As [`Sandbox::open`], with other limits.
    pub fn open_with(folder: Option<PathBuf>, clock: Arc<dyn Clock>, limits: Limits) -> Result<Self, OpenError> {
        let (book, journal) = match folder {
            Some(folder) => store::open(&folder).map(|(book, journal)| (book, Some(journal)))?,
            None => (Book::default(), None),
        };
        Ok(Self::of(book, journal, clock, limits))
    }

    /// The records in `folder` as they are now, to be looked at: nothing is written there, and what is asked of it is not kept.
    pub fn read(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        Ok(Self::of(store::read(folder)?, None, clock, Limits::default()))
    }

    fn of(book: Book, journal: Option<Journal>, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        let state = Mutex::new(State { book, journal });
        let room = Arc::new(Semaphore::new(limits.held_max));
        Self(Arc::new(Inner { clock, limits, state, room, closing: watch::Sender::new(false) }))
    }

    /// Cuts every call that is being held, now and from now on. A server that stops need not wait for them.
    pub fn release_held(&self) {
        self.0.closing.send_replace(true);
    }

    /// Charges, waits as long as the card demands, and says what happened; `None` if the caller is not to be answered.
    pub(crate) async fn charge(&self, key: &str, request: ChargeRequest) -> Result<Option<ChargeAnswer>, Refusal> {
        let place = if Card::parse(&request.card).may_hold() { self.take_place() } else { None };
        let (reply, ticket) = {
            let mut state = self.state();
            let (reply, record) = state.book.charge(key, request, self.0.clock.now(), place.is_some())?;
            if let Some(charge) = record {
                self.has_room(&state)?;
                state.record(Record::Charge(charge));
            }
            (reply, state.ticket())
        };
        settle(ticket).await?;
        match reply {
            Reply::Now(answer) => Ok(Some(answer)),
            Reply::After { wait_ms, answer } => Ok(self.hold(wait_ms).await.then_some(answer)),
            Reply::Never => {
                self.hold(self.0.limits.hold_ms).await;
                Ok(None)
            }
        }
    }

    /// Gives back the charge of `charge_key`, or voids that key.
    pub(crate) async fn refund(&self, key: &str, charge_key: &str) -> Result<Refund, Refusal> {
        let (refund, ticket) = {
            let mut state = self.state();
            let (refund, is_new) = state.book.refund(key, charge_key, self.0.clock.now())?;
            if is_new {
                // What was charged can always be given back.
                if refund.amount == 0 {
                    self.has_room(&state)?;
                }
                state.record(Record::Refund(refund.clone()));
            }
            (refund, state.ticket())
        };
        settle(ticket).await.map(|()| refund)
    }

    /// What became of a key.
    pub(crate) async fn look_up(&self, key: &str) -> Result<ChargeAnswer, Refusal> {
        let (answer, ticket) = {
            let state = self.state();
            (state.book.look_up(key), state.ticket())
        };
        settle(ticket).await?;
        answer.ok_or(Refusal::NotFound)
    }

    /// Up to `limit` charges after the first `after` of them, as JSON.
    pub(crate) async fn list(&self, after: usize, limit: usize) -> Result<Vec<u8>, Refusal> {
        let (text, ticket) = {
            let state = self.state();
            let text = serde_json::to_vec(&Page::of(&state.book, after, limit));
            (text.expect("a page is texts and whole numbers, which JSON can always hold"), state.ticket())
        };
        settle(ticket).await.map(|()| text)
    }

    /// The whole ledger, as JSON.
    pub(crate) async fn ledger(&self) -> Result<Vec<u8>, Refusal> {
        let (text, ticket) = {
            let state = self.state();
            let text = serde_json::to_vec(&Ledger::of(&state.book));
            (text.expect("a ledger is texts and whole numbers, which JSON can always hold"), state.ticket())
        };
        settle(ticket).await.map(|()| text)
    }

    fn has_room(&self, state: &State) -> Result<(), Refusal> {
        let keys = state.book.charges().len() + state.book.refunds().len();
        (keys < self.0.limits.keys_max).then_some(()).ok_or(Refusal::Full)
    }

    fn take_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.room).try_acquire_owned().ok()
    }

    /// Waits until the held calls are released.
    pub(crate) fn released(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut closing = self.0.closing.subscribe();
        async move {
            // An error means that the provider is gone, which releases them as well.
            let _ = closing.wait_for(|closing| *closing).await;
        }
    }

    /// Waits; false if it was cut short because the provider stops.
    async fn hold(&self, wait_ms: u64) -> bool {
        tokio::time::timeout(Duration::from_millis(wait_ms), self.released()).await.is_err()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn settle(ticket: Option<Ticket>) -> Result<(), Refusal> {
    match ticket {
        Some(ticket) => ticket.settled().await,
        None => Ok(()),
    }
}
