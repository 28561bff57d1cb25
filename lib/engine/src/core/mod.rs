//! The engine itself: hands messages to services, in order and in memory, and makes one record of what came of a batch of them.
//! It does no I/O but fetching rows; `Node` gives it threads, a journal and a clock.

mod command;
mod deliver;
mod due;
mod finish;
mod intake;
mod keys;
mod redrive;
mod replay;
mod unperformed;

use store::{Find, StoreError, TableReader};
use typed::{Answer, Message, Row};

use crate::batch::Messages;
use crate::caches::{CacheView, Caches, OpenCache};
use crate::envelope::Envelope;
use crate::idempotency::Keys;
use crate::limits::Limits;
use crate::parked::ParkedIndex;
use crate::record::Draft;
use crate::rows::{Fetched, Rows};
use crate::service::{Names, Service};
use crate::system_tables::{self, Intent};
use crate::timers::Timers;

pub use command::Command;
pub use intake::{Hosted, INTAKE, Incoming, Source};

/// So many rows are fetched before a batch is handled. Those of an ordinary batch are fewer.
const FETCHED: usize = 1 << 16;

/// How long after the start of a node the first idempotency keys are forgotten, in milliseconds: by then a clock that was wrong at the
/// start is set right.
const FORGET_AFTER_MS: u64 = 600_000;

/// All services of a node, with their rows in memory.
pub struct Core<M, A> {
    services: Vec<Box<dyn Service<M, A>>>,
    /// By the number of a service: its place among `services`.
    hosted: [Option<u8>; 32],
    /// By the kind of an event: the places of those that listen.
    listeners: Vec<Vec<u8>>,
    caches: Caches,
    reader: Box<dyn TableReader>,
    timers: Timers,
    parked: ParkedIndex,
    /// How many timers and intents were parked in this batch.
    parked_here: usize,
    /// The intents among them: nobody is at them any more.
    newly_parked: Vec<u64>,
    pub(crate) keys: Keys,
    batch: Messages<M>,
    limits: Limits,
    /// What the service that is invoked says; the ids follow when it is done.
    outbox: Vec<Envelope<M>>,
    draft: Draft,
    /// Where a row is written before it goes into the draft.
    room: Vec<u8>,
    /// How many rows the last batch changed: the next one is likely to change about as many.
    row_count: usize,
    last_sum: u32,
    /// What the clock on the wall shows.
    now: u64,
    /// What a clock shows that nobody sets.
    steady: u64,
    /// From when on idempotency keys are forgotten, by that clock.
    forgets_from: u64,
}

impl<M: Message, A: Answer> Core<M, A> {
    /// The engine for `services`, over tables that contain the journal up to its last record: `seq`, with the sum `sum`.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn open(
        services: Vec<Box<dyn Service<M, A>>>,
        mut reader: Box<dyn TableReader>,
        seq: u64,
        sum: u32,
    ) -> Result<Self, StoreError> {
        let mut tables: Vec<OpenCache> = system_tables::caches();
        tables.extend(services.iter().flat_map(|service| service.tables()));
        let caches = Caches::open(&tables, &mut *reader, seq + 1)?;
        let (mut hosted, mut listeners) = ([None; 32], vec![Vec::new(); 256]);
        for (place, service) in (0_u8..).zip(&services) {
            assert!(service.number() < INTAKE, "{} has the number {INTAKE} or a higher one", service.name());
            hosted[usize::from(service.number())] = Some(place);
            service.listens().iter().for_each(|kind| listeners[usize::from(*kind)].push(place));
        }
        let timers = Timers::open(&mut *reader)?;
        let parked = ParkedIndex::open(&mut *reader)?;
        let keys = Keys::open(&mut *reader)?;
        let (batch, outbox) = (Messages::new(), Vec::new());
        let core = Self {
            services,
            hosted,
            listeners,
            caches,
            reader,
            timers,
            parked,
            parked_here: 0,
            newly_parked: Vec::new(),
            keys,
            batch,
            limits: Limits::default(),
            outbox,
            draft: Draft::default(),
            room: Vec::new(),
            row_count: 0,
            last_sum: sum,
            now: 0,
            steady: 0,
            forgets_from: 0,
        };
        Ok(core)
    }

    /// The number of the last record made.
    pub fn seq(&self) -> u64 {
        self.caches.seq - 1
    }

    /// How many messages are parked.
    pub fn parked_count(&self) -> u64 {
        self.parked.count()
    }

    /// What is to be done outside and is not known to be done, without what is parked.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn intents(&mut self) -> Result<Vec<Intent>, StoreError> {
        let mut intents = Find::<Intent>::all().rows(&mut *self.reader)?;
        intents.retain(|intent| !self.parked.has_intent(intent.key));
        Ok(intents)
    }

    /// Begins a batch at `now`, in milliseconds since the Unix epoch, where nobody sets the clock back.
    pub fn begin(&mut self, now: u64) {
        self.begin_at(now, now.max(self.steady));
    }

    /// Begins a batch at `now`, in milliseconds since the Unix epoch, as the clock on the wall shows it, which may be set at any time.
    /// `steady` is a clock that showed the same when this began and that nobody sets: by it deadlines pass.
    pub fn begin_at(&mut self, now: u64, steady: u64) {
        (self.now, self.steady) = (now, steady);
    }

    /// Begins a life at `now`. Timers that are further ahead than they ever were to wait are set anew: the clock was wrong when they were set.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn wake_at(&mut self, now: u64) -> Result<(), StoreError> {
        self.begin_at(now, now);
        self.forgets_from = now + FORGET_AFTER_MS;
        let anew = self.timers.set_absurd_anew(now, &mut *self.reader)?;
        if anew > 0 {
            tracing::warn!(
                anew,
                "timers were due later than they may be, since the clock was wrong: they are set anew"
            );
        }
        Ok(())
    }

    /// The same with other limits of a record.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Fetches what `messages` name, one query for each table; of very much only the first part, the rest as it is needed.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn fetch<'m>(&mut self, messages: impl Iterator<Item = &'m M>) -> Result<(), StoreError> {
        let mut names = Names::default();
        for message in messages {
            if let Some(place) = message.to().and_then(|to| self.place_of(to)) {
                self.services[usize::from(place)].names(message, &mut names);
            }
            if names.0.len() >= FETCHED {
                break;
            }
        }
        self.caches.fetch_all(&mut names.0, &mut *self.reader)
    }

    /// Whether the batch has room for another request.
    pub fn has_room(&self) -> bool {
        self.limits.have_room(self.messages(), self.bytes(), 1)
    }

    /// Whether all of the batch fits a record.
    fn fits(&self) -> bool {
        self.limits.hold(self.messages(), self.bytes())
    }

    fn messages(&self) -> usize {
        self.batch.len() + self.parked_here
    }

    /// How long the record will be before it is compressed, at most.
    fn bytes(&self) -> usize {
        self.batch.bytes() + self.caches.weight()
    }

    /// The moment at which the next timer is due, by the steady clock.
    pub fn next_due(&self) -> Option<u64> {
        self.timers.first().map(|(due, _)| due)
    }

    /// The row of `key`, from memory or else from the table.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn row<R: Row>(&mut self, key: &R::Key) -> Result<Option<R>, StoreError> {
        loop {
            match self.caches.get::<R>(key) {
                Ok(row) => return Ok(row),
                Err(missing) => self.caches.fetch(&missing, &mut *self.reader)?,
            }
        }
    }

    /// The place among the services of the one with the number `service`.
    fn place_of(&self, service: u8) -> Option<u8> {
        self.hosted.get(usize::from(service)).copied().flatten()
    }

    /// The rows in memory.
    pub fn view(&mut self) -> CacheView<'_> {
        CacheView(&mut self.caches)
    }

    /// The same for a query, with what was fetched for it.
    pub(crate) fn rows<'a>(&'a self, fetched: &'a Fetched) -> Rows<'a> {
        Rows::of(&self.caches, Some(fetched))
    }

    /// Lets go of rows not used lately. The tables contain everything up to the record `applied`.
    pub fn evict(&mut self, applied: u64) {
        self.caches.evict(applied);
    }
}
