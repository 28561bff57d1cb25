//! The engine itself: hands messages to services, in order and in memory, and makes one record of what came of a batch of them.
//! It does no I/O but fetching rows; `Node` gives it threads, a journal and a clock.

use std::collections::VecDeque;
use std::sync::Arc;

use hashbrown::HashMap;
use store::{Record, StoreError, TableReader};
use typed::{Answer, Key, Message, Row, SubjectKey};

use crate::batch::Messages;
use crate::caches::{CacheView, Caches, MissingRow, OpenCache};
use crate::deliver::Delivery;
use crate::idempotency::{KeyHash, Keys};
use crate::limits::Limits;
use crate::record::{Draft, Envelope, OUTSIDE};
use crate::redrive::not_here;
use crate::service::{Names, Service};
use crate::system_tables::{self, Intent, Timer, split_key};
use crate::timers::Timers;

/// So many rows are fetched before a batch is handled. Those of an ordinary batch are fewer.
const FETCHED: usize = 1 << 16;

/// How long after the start of a node the first idempotency keys are forgotten, in milliseconds: by then a clock that was wrong at the
/// start is set right.
const FORGET_AFTER_MS: u64 = 600_000;

/// All services of a node, with their rows in memory.
pub struct Core<M, A> {
    pub(crate) services: Vec<Box<dyn Service<M, A>>>,
    /// By the number of a service: its place among `services`.
    pub(crate) hosted: [Option<u8>; 32],
    /// By the kind of an event: the places of those that listen.
    pub(crate) listeners: Vec<Vec<u8>>,
    pub(crate) caches: Caches,
    pub(crate) reader: Box<dyn TableReader>,
    pub(crate) timers: Timers,
    /// The ids of what is parked, oldest first, by service and subject. What is about nothing has no followers and is not here.
    pub(crate) parked: HashMap<(u8, SubjectKey), VecDeque<u64>>,
    /// The ids under which intents are parked, by the keys of those.
    pub(crate) parked_intents: HashMap<u64, u64>,
    /// How many timers and intents were parked in this batch.
    pub(crate) parked_here: usize,
    /// The intents among them: nobody is at them any more.
    pub(crate) newly_parked: Vec<u64>,
    /// How many are parked in all.
    pub(crate) parked_count: u64,
    pub(crate) keys: Keys,
    pub(crate) batch: Messages<M>,
    pub(crate) limits: Limits,
    pub(crate) said: Vec<(SubjectKey, M)>,
    draft: Draft,
    last_sum: u32,
    /// What the clock on the wall shows.
    pub(crate) now: u64,
    /// What a clock shows that nobody sets.
    pub(crate) steady: u64,
    /// From when on idempotency keys are forgotten, by that clock.
    pub(crate) forgets_from: u64,
}

/// A batch that was handled.
#[derive(Debug)]
pub struct HandledBatch<M> {
    /// What is to be appended to the journal before anybody hears of it; `None` if nothing changed.
    pub record: Option<Record>,
    /// The record's payload, before it was compressed.
    pub payload: Arc<[u8]>,
    /// What was said.
    pub messages: Vec<Envelope<M>>,
    /// What is to be done outside, once the record is durable: the key, and the effect.
    pub intents: Vec<(u64, Option<Intent>)>,
}

/// A request from outside.
#[derive(Debug, Clone)]
pub struct Command<M> {
    /// What is asked for.
    pub message: M,
    /// By which everything it brings about is found in logs; at most 2^63 - 1.
    pub correlation: u64,
    /// The message that brought it about; zero if none did.
    pub cause: u64,
    /// What makes a repetition of it known.
    pub key: Option<IdempotencyKey>,
}

/// What makes a repetition of a command known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub(crate) key: String,
    pub(crate) fingerprint: u64,
    pub(crate) hash: KeyHash,
}

impl IdempotencyKey {
    /// `key` says whose key it is, and the key; `fingerprint`, at most 2^63 - 1, tells whether another command came with the same key.
    pub fn new(key: String, fingerprint: u64) -> Self {
        Self { hash: KeyHash::of(&key), key, fingerprint }
    }
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
            hosted[usize::from(service.number())] = Some(place);
            service.listens().iter().for_each(|kind| listeners[usize::from(*kind)].push(place));
        }
        let timers = Timers::open(&mut *reader)?;
        let (parked, parked_count) = crate::redrive::parked(&mut *reader)?;
        let parked_intents = crate::unperformed::parked(&mut *reader)?;
        let keys = Keys::open(&mut *reader)?;
        let (batch, said) = (Messages::new(), Vec::new());
        let core = Self {
            services,
            hosted,
            listeners,
            caches,
            reader,
            timers,
            parked,
            parked_intents,
            parked_here: 0,
            newly_parked: Vec::new(),
            parked_count,
            keys,
            batch,
            limits: Limits::default(),
            said,
            draft: Draft::default(),
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
        self.parked_count
    }

    /// What is to be done outside and is not known to be done, without what is parked.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn intents(&mut self) -> Result<Vec<Intent>, StoreError> {
        let mut intents = store::select::<Intent>(&mut *self.reader, "", &[])?;
        intents.retain(|intent| !self.parked_intents.contains_key(&intent.key));
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
            let to = message.to().and_then(|to| self.hosted.get(usize::from(to)).copied().flatten());
            if let Some(place) = to {
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
    pub(crate) fn fits(&self) -> bool {
        self.limits.hold(self.messages(), self.bytes())
    }

    fn messages(&self) -> usize {
        self.batch.len() + self.parked_here
    }

    /// How long the record will be before it is compressed, at most.
    fn bytes(&self) -> usize {
        self.batch.bytes() + self.caches.weight()
    }

    /// Handles a request and all that follows from it. Its key is remembered with the answer, unless that is a refusal that changed
    /// nothing: then the same request may be made again, with the same key.
    ///
    /// # Errors
    /// Why it could not be handled; nothing was changed then.
    pub fn command(&mut self, command: Command<M>) -> Result<A, String> {
        if let Some(key) = &command.key
            && let Some(answer) = self.answered_before(key)?
        {
            return Ok(answer);
        }
        let key = command.key.clone();
        let (correlation, cause) = (command.correlation, command.cause);
        let delivery = Delivery { from: OUTSIDE, correlation, cause, subject: SubjectKey::NONE };
        let (answer, came_of_it) = self.take_in(command.message, delivery)?;
        if let Some(key) = key.filter(|_| came_of_it) {
            self.remember(&key, &answer);
        }
        Ok(answer)
    }

    /// Handles a request that was made on a condition: `decide` looks at the rows as they are now and gives the command, or says why there
    /// is none. A request that came before with `key` has the answer of then, whatever the rows are by now.
    ///
    /// # Errors
    /// Why it could not be handled; nothing was changed then.
    pub fn command_if<E>(
        &mut self,
        key: Option<&IdempotencyKey>,
        decide: impl FnOnce(&mut Self) -> Result<Result<Command<M>, E>, StoreError>,
    ) -> Result<Result<A, E>, String> {
        if let Some(key) = key
            && let Some(answer) = self.answered_before(key)?
        {
            return Ok(Ok(answer));
        }
        match decide(self).map_err(|error| error.to_string())? {
            Ok(command) => self.command(command).map(Ok),
            Err(why) => Ok(Err(why)),
        }
    }

    /// Handles the messages whose time has come, until the batch is half full.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn fire_timers(&mut self) -> Result<(), StoreError> {
        while let Some((due, _)) = self.timers.first() {
            if due > self.steady || !self.limits.have_room(self.messages(), self.bytes(), 2) {
                break;
            }
            let Some((key, due)) = self.timers.pop() else { break };
            let Some(timer) = self.row::<Timer>(&key)?.filter(|timer| timer.due == due) else { continue };
            self.caches.set::<Timer>(key, None);
            self.caches.keep();
            let (service, _) = split_key(key);
            match (minicbor::decode::<M>(&timer.message), self.place_of(service)) {
                (Ok(message), Some(_)) => self.hand_to(service, message, timer.correlation, timer.cause),
                (Ok(message), None) => self.park_timer(&timer, Some(&message), &not_here(service)),
                (Err(error), _) => self.park_timer(&timer, None, &format!("its message cannot be read: {error}")),
            }
        }
        Ok(())
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

    /// The rows in memory.
    pub fn view(&mut self) -> CacheView<'_> {
        CacheView(&mut self.caches)
    }

    /// Ends the batch.
    pub fn finish(&mut self) -> HandledBatch<M> {
        self.unpark_changed_intents();
        let seq = self.caches.seq;
        let draft = &mut self.draft;
        draft.begin();
        let (mut intents, mut timers) = (Vec::new(), Vec::new());
        for cache in self.caches.iter_mut() {
            let table = cache.table().number;
            cache.take_changes(seq, &mut |key, row| {
                draft.row(table, key, row);
                if table == Timer::TABLE.number {
                    timers.extend(u64::from_value(key).map(|key| (key, row.is_some())));
                } else if table == Intent::TABLE.number {
                    intents.extend(u64::from_value(key));
                }
            });
        }
        for (key, is_there) in timers {
            match self.caches.get::<Timer>(&key) {
                Ok(Some(timer)) if is_there => {
                    let wait = timer.due.saturating_sub(self.now);
                    self.timers.set(key, self.steady.saturating_add(wait), timer.due);
                }
                _ => self.timers.take_back(key),
            }
        }
        let mut intents: Vec<_> =
            intents.into_iter().map(|key| (key, self.caches.get::<Intent>(&key).unwrap_or_default())).collect();
        intents.extend(self.newly_parked.drain(..).map(|key| (key, None)));
        self.parked_here = 0;
        if self.batch.len() == 0 && draft.is_empty() {
            return HandledBatch { record: None, payload: Arc::default(), messages: self.batch.take(), intents };
        }
        let payload: Arc<[u8]> = draft.payload(&self.batch).into();
        let messages = self.batch.take();
        let record = Record::after(self.last_sum, seq, self.now, draft.body().into());
        self.last_sum = record.sum;
        self.caches.begin(seq + 1);
        HandledBatch { record: Some(record), payload, messages, intents }
    }

    /// Lets go of rows not used lately. The tables contain everything up to the record `applied`.
    pub fn evict(&mut self, applied: u64) {
        self.caches.evict(applied);
    }
}

impl From<MissingRow> for String {
    fn from(missing: MissingRow) -> Self {
        format!("the row {:?} of table {} is not in memory", missing.key, missing.table)
    }
}
