//! A node: the engine on one store, with its threads. One handles messages, one appends and answers, one writes tables behind them.

mod admission;
mod append;
mod effects;
mod error;
mod handle;
mod ports;
mod time;
mod waiter;

use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use store::{Journal, Pool, StoreError, TableReader, TableWriter};
use tokio::sync::{Semaphore, oneshot};
use typed::{Answer, Message, Row};
use world::Clock;

use crate::backpressure::{self, backpressure};
use crate::caches::CacheView;
use crate::core::{Command, Core};
use crate::idempotency::{IdempotencyKey, KeyHash, KeysHeard};
use crate::recover::Tables;
use crate::rows::{Fetched, Missing, Rows};
use crate::service::Service;
use crate::status::Status;
use crate::writer::{self, Task, WriterQueue};
use handle::Request;
use time::Time;
use waiter::Waiter;

pub use error::NodeError;
pub use ports::{Effector, Observer};

/// How many requests wait for the engine; more are refused at once, to be sent again later.
const QUEUE: usize = 8_192;
/// How many batches are handled but not yet appended.
const UNWRITTEN: usize = 1;
/// How many records wait for the table writer.
const UNAPPLIED: usize = 512;
/// How many read the tables at once, each with a connection and a thread of its own; more wait for their turn.
const READERS: usize = 16;

/// What a node is made of.
pub struct Parts<M, A> {
    /// Its services.
    pub services: Vec<Box<dyn Service<M, A>>>,
    /// Its tables.
    pub tables: Tables,
    /// Its journal, whose last record is `last`.
    pub journal: Box<dyn Journal>,
    /// The number and the sum of the last record; zeros if there is none.
    pub last: (u64, u32),
    /// Writes its tables, which are up to `last`.
    pub writer: Box<dyn TableWriter>,
    /// Reads its tables for the engine.
    pub reader: Box<dyn TableReader>,
    /// Reads its tables for everybody else.
    pub pool: Pool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Who does things outside, by the number of the service that intends them.
    pub effectors: Vec<(u8, Arc<dyn Effector<M>>)>,
    /// Who is told of every batch.
    pub observer: Box<dyn Observer<M>>,
}

/// Tells that the node has failed if its thread panics: a node that lacks one answers nobody any more.
struct Alarm(Arc<Status>);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.failed.store(true, Ordering::Release);
        }
    }
}

/// A running node.
pub struct Node<M, A> {
    requests: SyncSender<Request<M, A>>,
    tasks: Mutex<Option<SyncSender<Task>>>,
    pool: Arc<Pool>,
    readers: Arc<Semaphore>,
    keys: KeysHeard,
    status: Arc<Status>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl<M: Message, A: Answer> Node<M, A> {
    /// Starts the threads. Effects are performed on `runtime`.
    ///
    /// # Errors
    /// If the tables cannot be read.
    pub fn start(parts: Parts<M, A>, runtime: tokio::runtime::Handle) -> Result<Arc<Self>, StoreError> {
        let Parts { services, tables, journal, last, writer, reader, pool, clock, effectors, observer } = parts;
        let mut core = Core::open(services, reader, last.0, last.1)?;
        let now = clock.now();
        core.wake_at(now)?;
        let intents = core.intents()?;
        let status = Arc::new(Status::default());
        status.applied.store(last.0, Ordering::Release);
        status.limit.store(admission::BURST, Ordering::Relaxed);
        status.durable.send_replace(last.0);
        status.parked.store(core.parked_count(), Ordering::Relaxed);
        status.keys.store(core.keys().0, Ordering::Relaxed);
        let (requests, requested) = sync_channel(QUEUE);
        let (batches, handled) = sync_channel(UNWRITTEN);
        let (tasks, given) = sync_channel(UNAPPLIED);
        let (producer, consumer) = backpressure(backpressure::LIMIT);
        let writer_queue = WriterQueue { tasks: tasks.clone(), producer };
        let effects = effects::Effects::new(effectors, requests.clone(), runtime, status.clone());
        let node = Arc::new(Self {
            requests,
            tasks: Mutex::new(Some(tasks)),
            pool: Arc::new(pool),
            readers: Arc::new(Semaphore::new(READERS)),
            keys: core.keys.heard(),
            status: status.clone(),
            threads: Mutex::default(),
        });
        let state = status.clone();
        node.spawn("tables", move || {
            if let Err(error) = writer::run(&given, &tables, writer, &state, &consumer) {
                tracing::error!(%error, "the tables cannot follow the journal");
                state.failed.store(true, Ordering::Release);
            }
        });
        let state = status.clone();
        node.spawn("journal", move || {
            append::run(&handled, journal, &writer_queue, effects, intents, observer, &state)
        });
        node.spawn("engine", move || handle::run(&requested, core, &batches, Time::new(&*clock, now), &status));
        Ok(node)
    }

    fn spawn(&self, name: &str, run: impl FnOnce() + Send + 'static) {
        let alarm = Alarm(self.status.clone());
        let run = move || {
            let _alarm = alarm;
            run();
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run).expect("a thread can be started");
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
    }

    fn send(&self, request: Request<M, A>) -> Result<(), NodeError> {
        self.status.waiting.fetch_add(1, Ordering::Relaxed);
        self.requests.try_send(request).map_err(|error| {
            self.status.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => {
                    self.status.refused.fetch_add(1, Ordering::Relaxed);
                    NodeError::Busy
                }
                TrySendError::Disconnected(_) => NodeError::Stopped,
            }
        })
    }

    /// Whether there is room for another command. Asked before any work is put into it, so that a refusal costs next to nothing.
    ///
    /// # Errors
    /// If too many wait already, or too much is under way outside.
    pub fn admits(&self) -> Result<(), NodeError> {
        if self.status.waiting() < self.status.limit.load(Ordering::Relaxed) && self.status.has_room_outside() {
            return Ok(());
        }
        self.status.refused.fetch_add(1, Ordering::Relaxed);
        Err(NodeError::Busy)
    }

    /// Has `command` handled, and waits until what came of it is durable. `then` looks at the rows right after it was handled. It waits for
    /// its turn from this call on, whether anybody waits for the answer or not.
    ///
    /// # Errors
    /// If it was not done: then nothing was changed; but for [`NodeError::Unknown`].
    pub fn submit<T: Send + 'static, F>(
        &self,
        command: Command<M>,
        then: F,
    ) -> impl Future<Output = Result<(A, T), NodeError>> + Send + use<M, A, T, F>
    where
        F: FnOnce(&A, &CacheView<'_>) -> T + Send + 'static,
    {
        self.hear_of(command.key.as_ref());
        let (sender, receiver) = oneshot::channel();
        let then = Box::new(move |answer: Result<A, String>, view: &CacheView<'_>| {
            let reply = answer.map_err(NodeError::Fault).map(|answer| {
                let seen = then(&answer, view);
                (answer, seen)
            });
            Waiter::new(sender).answered_once_durable(reply)
        });
        let sent = self.send(Request::Command(command, then, Instant::now()));
        async move {
            sent?;
            receiver.await.unwrap_or(Err(NodeError::Stopped))
        }
    }

    /// What `find` finds in rows by their keys, as they are between two requests. What it saw is durable when it is given. Called again
    /// after rows were fetched.
    ///
    /// # Errors
    /// If the node is busy or stopped, or the tables cannot be read.
    pub async fn find<T: Send + 'static>(
        &self,
        mut find: impl Fn(&Rows<'_>) -> Result<T, Missing> + Send + 'static,
    ) -> Result<T, NodeError> {
        let mut fetched = Fetched::default();
        loop {
            let look = move |core: &mut Core<M, A>| (find(&core.rows(&fetched)), find, fetched);
            let found;
            (found, find, fetched) = self.look(look).await?;
            match found {
                Ok(found) => return Ok(found),
                Err(missing) => {
                    fetched = self.read(move |reader| fetched.fetch(missing, reader).map(|()| fetched)).await?;
                }
            }
        }
    }

    /// Has a command handled that depends on how the rows are: `decide` gives it, or says why there is none, and nothing comes in between.
    /// A request that came before with `key` has the answer of then. Otherwise as [`Self::submit`].
    ///
    /// # Errors
    /// If it was not done: then nothing was changed; but for [`NodeError::Unknown`].
    pub async fn submit_if<T: Send + 'static, E: Send + 'static>(
        &self,
        key: Option<IdempotencyKey>,
        decide: impl FnOnce(&mut Core<M, A>) -> Result<Result<Command<M>, E>, StoreError> + Send + 'static,
        then: impl FnOnce(&A, &CacheView<'_>) -> T + Send + 'static,
    ) -> Result<Result<(A, T), E>, NodeError> {
        self.hear_of(key.as_ref());
        let done = move |core: &mut Core<M, A>| {
            let done = core.command_if(key.as_ref(), decide).map_err(NodeError::Fault)?;
            Ok(done.map(|answer| {
                let seen = then(&answer, &core.view());
                (answer, seen)
            }))
        };
        self.act(done).await?
    }

    /// Whether a command with the idempotency key `key` may have come before, or be on its way. It is only sometimes wrong where it says
    /// yes: who hears no has a key that is new.
    pub fn may_have_heard(&self, key: &str) -> bool {
        self.keys.may_have(KeyHash::of(key).short())
    }

    /// Whether a command with `key` was answered.
    ///
    /// # Errors
    /// If the node is busy or stopped, or the tables cannot be read.
    pub async fn has_answered(&self, key: IdempotencyKey) -> Result<bool, NodeError> {
        self.look(move |core| core.has_answered(&key)).await?.map_err(NodeError::Fault)
    }

    /// Remembers a key before its command waits, so that nobody who asks again with it is taken for somebody new.
    fn hear_of(&self, key: Option<&IdempotencyKey>) {
        key.into_iter().for_each(|key| self.keys.add(key.hash.short()));
    }

    /// Has the engine look at something between two requests, and waits until all that it saw is durable.
    ///
    /// # Errors
    /// If the node is busy or stopped.
    pub async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Core<M, A>) -> T + Send + 'static,
    ) -> Result<T, NodeError> {
        self.act(look).await.map_err(|why| if matches!(why, NodeError::Unknown) { NodeError::Stopped } else { why })
    }

    /// Has something done by the engine between two requests, and waits until what came of it is durable.
    ///
    /// # Errors
    /// If it was not done: then nothing was changed; but for [`NodeError::Unknown`].
    pub async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Core<M, A>) -> T + Send + 'static,
    ) -> Result<T, NodeError> {
        let (sender, receiver) = oneshot::channel();
        let act = Box::new(move |core: &mut Core<M, A>| {
            let done = act(core);
            Waiter::new(sender).answered_once_durable(Ok(done))
        });
        self.send(Request::Look(act, Instant::now()))?;
        receiver.await.unwrap_or(Err(NodeError::Stopped))
    }

    /// The row of `key`, as of now.
    ///
    /// # Errors
    /// If the node is busy or stopped, or the table cannot be read.
    pub async fn get<R: Row>(&self, key: R::Key) -> Result<Option<R>, NodeError>
    where
        R::Key: Send + Sync,
    {
        let wanted = key.clone();
        match self.look(move |core| core.view().get::<R>(&wanted)).await? {
            Some(row) => Ok(row),
            None => {
                let value = typed::Key::to_value(&key);
                let found = self.read(move |reader| reader.load(R::TABLE, &[value])).await?;
                Ok(store::rows_of::<R>(found).pop())
            }
        }
    }

    /// Reads the tables, as of now: what is pending is applied first, so that nobody reads the past.
    ///
    /// # Errors
    /// If the node is stopped, or the tables cannot be read.
    pub async fn scan<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn TableReader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NodeError> {
        self.settle_tables().await?;
        self.read(read).await
    }

    /// Waits until the tables contain all that is acknowledged.
    ///
    /// # Errors
    /// If the node is stopped.
    pub async fn settle_tables(&self) -> Result<(), NodeError> {
        if self.status.applied() == self.status.durable() {
            return Ok(());
        }
        let (sender, receiver) = oneshot::channel();
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let tasks = tasks.ok_or(NodeError::Stopped)?;
        match tasks.try_send(Task::Settle(sender)) {
            // Not kept while it waits: the table writer ends when nobody can tell it anything any more.
            Ok(()) => drop(tasks),
            Err(TrySendError::Full(settle)) => {
                let told = tokio::task::spawn_blocking(move || tasks.send(settle));
                told.await.map_err(|_| NodeError::Stopped)?.map_err(|_| NodeError::Stopped)?;
            }
            Err(TrySendError::Disconnected(_)) => return Err(NodeError::Stopped),
        }
        receiver.await.map_err(|_| NodeError::Stopped)
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn TableReader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NodeError> {
        let turn = self.readers.clone().acquire_owned().await.map_err(|_| NodeError::Stopped)?;
        let pool = self.pool.clone();
        // The turn ends with the reading, also where nobody waits for it any more.
        let reading = move || {
            let done = pool.with(read);
            drop(turn);
            done
        };
        let done = tokio::task::spawn_blocking(reading).await;
        done.map_err(|error| NodeError::Fault(error.to_string()))?.map_err(NodeError::Store)
    }

    /// How it stands.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Finishes what was accepted, brings the tables up to the journal, and ends the threads. Blocks until that is done.
    pub fn stop(&self) {
        // What is sent after it is never done, and whoever sent it is told so.
        let _ = self.requests.send(Request::Stop);
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).take();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the node panicked");
            }
        }
    }
}
