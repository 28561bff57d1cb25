//! A node: shards with threads. Some handle messages, each for several shards if there are more shards than threads; each shard has one that
//! appends and answers, and one that writes tables behind them.

mod admission;
mod append;
mod effects;
mod error;
mod handle;
mod owned;
mod ports;
mod time;
mod waiter;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use store::{Pool, StoreError, TableWriter};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use typed::{Answer, Message};
use world::Clock;

use crate::backpressure::{self, backpressure};
use crate::recover::Tables;
use crate::shard::Shard;
use crate::status::Status;
use crate::unapplied::Unapplied;
use crate::writer::{self, TaskQueue, WriterQueue};
use append::Appender;
use effects::{Effects, Outcomes};
use handle::{Driven, Told, Wake};
use time::Time;

pub use error::NodeError;
pub use owned::OwnedShard;
pub use ports::{Effector, Observer};

/// How many requests wait for a shard; more are refused at once, to be sent again later.
const QUEUE: usize = 8_192;
/// How many batches of a shard are handled but not yet begun to be appended.
const UNWRITTEN: usize = 1;
/// How many records wait for the table writer of a shard.
const UNAPPLIED: usize = 512;
/// How many read the tables of a shard at once, each with a connection and a thread of its own; more wait for their turn.
const READERS: usize = 16;

/// What a shard is run with.
pub struct Parts<M, A> {
    /// It.
    pub shard: Shard<M, A>,
    /// Its tables.
    pub tables: Tables,
    /// Writes its tables, which are up to its last record, in the same epoch.
    pub writer: Box<dyn TableWriter>,
    /// Reads its tables for everybody but the engine.
    pub pool: Pool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Who does things outside, by the number of the service that intends them.
    pub effectors: Vec<(u8, Arc<dyn Effector<M>>)>,
    /// Who is told of every batch.
    pub observer: Box<dyn Observer<M>>,
}

/// The shards that are driven by one thread, by what is known of them.
type Statuses = Arc<Mutex<Vec<Arc<Status>>>>;

/// Tells that shards have failed if the thread that drives them panics: one that lacks it answers nobody any more.
struct Alarm(Statuses);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let statuses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            statuses.iter().for_each(|status| status.failed.store(true, Ordering::Release));
        }
    }
}

/// A thread that handles messages.
struct Handler<M, A> {
    told: SyncSender<Told<M, A>>,
    drives_several: Arc<AtomicBool>,
    drives: Statuses,
}

/// A running node.
pub struct Node<M, A> {
    handlers: Vec<Handler<M, A>>,
    shards: Mutex<Vec<TaskQueue>>,
    places: AtomicU32,
    runtime: Handle,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl<M: Message, A: Answer> Node<M, A> {
    /// A node that owns no shard yet, with so many threads that handle messages. Effects are performed on `runtime`.
    pub fn start(handlers: NonZeroUsize, runtime: Handle) -> Self {
        let (shards, threads) = (Mutex::default(), Mutex::default());
        let mut node = Self { handlers: Vec::new(), shards, places: AtomicU32::new(0), runtime, threads };
        for _ in 0..handlers.get() {
            let (told, hears) = sync_channel(QUEUE);
            let (drives_several, drives) = (Arc::new(AtomicBool::new(false)), Statuses::default());
            let several = drives_several.clone();
            node.spawn("engine", drives.clone(), move || handle::run(&hears, &several));
            node.handlers.push(Handler { told, drives_several, drives });
        }
        node
    }

    /// Owns the shard of `parts` from now on, until it is stopped or somebody else takes the shard over.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn own(&self, parts: Parts<M, A>) -> Result<Arc<OwnedShard<M, A>>, StoreError> {
        let Parts { shard, tables, writer, pool, clock, effectors, observer } = parts;
        let (epoch, last) = (shard.epoch(), shard.last().0);
        let (mut core, journal) = shard.apart();
        let now = clock.now();
        core.wake_at(now)?;
        let intents = core.intents()?;
        let status = Arc::new(Status::default());
        status.applied.store(last, Ordering::Release);
        status.limit.store(admission::BURST, Ordering::Relaxed);
        status.durable.send_replace(last);
        status.parked.store(core.parked_count(), Ordering::Relaxed);
        status.keys.store(core.keys().0, Ordering::Relaxed);
        let place = self.places.fetch_add(1, Ordering::Relaxed);
        let handler = &self.handlers[usize::try_from(place).unwrap_or_default() % self.handlers.len()];
        let depth = journal.depth().max(1);
        let (batches, handled) = sync_channel(UNWRITTEN);
        let (tasks, given) = sync_channel(UNAPPLIED);
        let (producer, consumer) = backpressure(backpressure::LIMIT);
        let queue = TaskQueue::of(tasks.clone());
        let unapplied = Arc::new(Unapplied::default());
        let outcomes = Outcomes { place, handler: handler.told.clone() };
        let appender = Appender {
            journal,
            writer: WriterQueue { tasks, producer },
            unapplied: unapplied.clone(),
            tasks: queue.clone(),
            effects: Effects::new(effectors, outcomes, self.runtime.clone(), status.clone()),
            observer,
            wake: Wake { handler: handler.told.clone(), drives_several: handler.drives_several.clone() },
        };
        let owned = Arc::new(OwnedShard {
            place,
            handler: handler.told.clone(),
            tasks: queue.clone(),
            unapplied: unapplied.clone(),
            pool: Arc::new(pool),
            readers: Arc::new(Semaphore::new(READERS)),
            keys: core.keys.heard(),
            status: status.clone(),
            epoch,
        });
        self.shards.lock().unwrap_or_else(PoisonError::into_inner).push(queue);
        handler.drives.lock().unwrap_or_else(PoisonError::into_inner).push(status.clone());
        let its_own = Statuses::new(Mutex::new(vec![status.clone()]));
        let state = status.clone();
        self.spawn("tables", its_own.clone(), move || {
            if let Err(error) = writer::run(&given, &tables, writer, &state, (&consumer, &unapplied)) {
                tracing::error!(%error, "the tables cannot follow the journal");
                state.end(&error);
            }
        });
        let state = status.clone();
        self.spawn("journal", its_own, move || appender.run(&handled, intents, &state));
        let driven = Driven::new(place, core, (batches, depth + UNWRITTEN), Time::new(clock, now), status);
        // A thread that panicked drives nothing; its alarm has told.
        let _ = handler.told.send(Told::Own(Box::new(driven)));
        Ok(owned)
    }

    fn spawn(&self, name: &str, drives: Statuses, run: impl FnOnce() + Send + 'static) {
        let alarm = Alarm(drives);
        let run = move || {
            let _alarm = alarm;
            run();
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run).expect("a thread can be started");
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
    }

    /// Finishes what was accepted, brings the tables up to the journals, and ends the threads. Blocks until that is done.
    pub fn stop(&self) {
        for handler in &self.handlers {
            // What is sent after it is never done, and whoever sent it is told so.
            let _ = handler.told.send(Told::Stop);
        }
        self.shards.lock().unwrap_or_else(PoisonError::into_inner).drain(..).for_each(|tasks| tasks.close());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the node panicked");
            }
        }
    }
}
