//! A shard that a node owns, as everybody else sees it: asked for something, and looked at.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Instant;

use store::{Epoch, Pool, StoreError, TableReader, WithList};
use tokio::sync::{Semaphore, oneshot};
use typed::{Answer, Message, Row, Text};

use super::QUEUE;
use super::error::NodeError;
use super::handle::{Request, Told};
use super::waiter::Waiter;
use crate::caches::CacheView;
use crate::core::{Command, Core};
use crate::idempotency::{IdempotencyKey, KeyHash, KeysHeard};
use crate::rows::{Fetched, Missing, Rows};
use crate::status::Status;
use crate::unapplied::Unapplied;
use crate::writer::{Task, TaskQueue};

/// A shard that a node owns.
pub struct OwnedShard<M, A> {
    /// Which of those that the thread drives.
    pub(super) place: u32,
    /// The thread that handles its messages.
    pub(super) handler: SyncSender<Told<M, A>>,
    pub(super) tasks: TaskQueue,
    pub(super) unapplied: Arc<Unapplied>,
    pub(super) pool: Arc<Pool>,
    pub(super) readers: Arc<Semaphore>,
    pub(super) keys: KeysHeard,
    pub(super) status: Arc<Status>,
    pub(super) epoch: Epoch,
}

impl<M: Message, A: Answer> OwnedShard<M, A> {
    fn send(&self, request: Request<M, A>) -> Result<(), NodeError> {
        // Counted also where the thread takes all that comes, because it drives other shards, too.
        let waiting = self.status.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = if waiting < QUEUE as u64 {
            self.handler.try_send(Told::Request(self.place, request))
        } else {
            Err(TrySendError::Full(Told::GoOn))
        };
        sent.map_err(|error| {
            self.status.waiting.fetch_sub(1, Ordering::Relaxed);
            match error {
                TrySendError::Full(_) => {
                    self.status.refused.fetch_add(1, Ordering::Relaxed);
                    NodeError::Busy
                }
                TrySendError::Disconnected(_) => self.gone(),
            }
        })
    }

    /// Why nobody takes a request, or tells what became of it before it was handled.
    fn gone(&self) -> NodeError {
        if self.status.is_fenced() { NodeError::NotOwner } else { NodeError::Stopped }
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
        receiver.await.unwrap_or_else(|_| Err(self.gone()))
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

    /// Reads the tables as they are, with all that is acknowledged of `list` of the table of `R`: what they lack of that is given by
    /// [`TableReader::unapplied`]. Nobody waits for the tables, unless they lack very much of the list. Read at once, on the caller's
    /// thread, as long as that takes less than to wake another one ([`Pool::is_quick`]).
    ///
    /// # Errors
    /// If the node is stopped, or the tables cannot be read.
    pub async fn scan_list<R: Row + Send, T: Send + 'static>(
        &self,
        list: Text,
        read: impl FnOnce(&mut dyn TableReader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NodeError> {
        // Before the tables are looked at: what is let go of meanwhile is in them by then.
        let rows = match self.unapplied.rows::<R>(&list).map_err(NodeError::Store)? {
            Some(rows) => rows,
            None => {
                // All that was acknowledged before this is in the tables then; what came since need not be seen.
                self.settle_tables().await?;
                self.unapplied.rows::<R>(&list).map_err(NodeError::Store)?.unwrap_or_default()
            }
        };
        let read = move |tables: &mut dyn TableReader| read(&mut WithList { tables, list, rows });
        let here = self.pool.is_quick().then(|| self.readers.try_acquire().ok()).flatten();
        let Some(_turn) = here else { return self.read_by(move |pool| pool.with_pace(read)).await };
        let done = catch_unwind(AssertUnwindSafe(|| self.pool.with_pace(read)));
        done.map_err(|_| NodeError::Fault("a reader panicked".to_owned()))?.map_err(NodeError::Store)
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
        let tasks = self.tasks.open().ok_or_else(|| self.gone())?;
        match tasks.try_send(Task::Settle(sender)) {
            // Not kept while it waits: the table writer ends when nobody can tell it anything any more.
            Ok(()) => drop(tasks),
            Err(TrySendError::Full(settle)) => {
                let told = tokio::task::spawn_blocking(move || tasks.send(settle));
                told.await.map_err(|_| NodeError::Stopped)?.map_err(|_| self.gone())?;
            }
            Err(TrySendError::Disconnected(_)) => return Err(self.gone()),
        }
        receiver.await.map_err(|_| self.gone())
    }

    /// Reads the tables as they are: they contain at least what [`Status::applied`] said before.
    ///
    /// # Errors
    /// If the node is stopped, or the tables cannot be read.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn TableReader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NodeError> {
        self.read_by(move |pool| pool.with(read)).await
    }

    /// Has another thread read.
    async fn read_by<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Pool) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, NodeError> {
        let turn = self.readers.clone().acquire_owned().await.map_err(|_| NodeError::Stopped)?;
        let pool = self.pool.clone();
        // The turn ends with the reading, also where nobody waits for it any more.
        let reading = move || {
            let done = read(&pool);
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

    /// The epoch in which the node owns it.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }
}
