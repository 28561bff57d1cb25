//! Effects: things done outside, after the append that intends them, until their service has heard what became of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use hashbrown::HashMap;
use tokio::task::AbortHandle;
use typed::Message;

use super::handle::{Request, Told};
use super::ports::Effector;
use crate::status::Status;
use crate::system_tables::{Intent, split_key};

/// How long an outcome waits when the engine's queue is full before it tries again.
const AGAIN: Duration = Duration::from_millis(20);

/// How an effector is asked.
type How<M> = fn(&dyn Effector<M>, M) -> BoxFuture<'static, Result<M, String>>;

/// Where the outcomes of one shard's effects go.
pub(crate) struct Outcomes<M, A> {
    /// Which of those that the thread drives.
    pub place: u32,
    /// The thread that handles its messages.
    pub handler: SyncSender<Told<M, A>>,
}

impl<M, A> Clone for Outcomes<M, A> {
    fn clone(&self) -> Self {
        Self { place: self.place, handler: self.handler.clone() }
    }
}

pub(crate) struct Effects<M, A> {
    effectors: HashMap<u8, Arc<dyn Effector<M>>>,
    outcomes: Outcomes<M, A>,
    runtime: tokio::runtime::Handle,
    under_way: HashMap<u64, AbortHandle>,
    status: Arc<Status>,
}

impl<M: Message, A: Send + 'static> Effects<M, A> {
    pub(crate) fn new(
        effectors: Vec<(u8, Arc<dyn Effector<M>>)>,
        outcomes: Outcomes<M, A>,
        runtime: tokio::runtime::Handle,
        status: Arc<Status>,
    ) -> Self {
        Self { effectors: effectors.into_iter().collect(), outcomes, runtime, under_way: HashMap::new(), status }
    }

    /// Begins what `intent` says, in the place of what was under way for `key`.
    pub(crate) fn begin(&mut self, key: u64, intent: Option<Intent>) {
        self.start(key, intent, |effector, effect| effector.perform(effect));
    }

    /// Begins what an earlier process may have begun.
    pub(crate) fn resume(&mut self, intent: Intent) {
        self.start(intent.key, Some(intent), |effector, effect| effector.resume(effect));
    }

    fn start(&mut self, key: u64, intent: Option<Intent>, how: How<M>) {
        let (service, _) = split_key(key);
        if let Some(before) = self.under_way.remove(&key) {
            before.abort();
            self.count(service, |intents| intents.fetch_sub(1, Ordering::Relaxed));
        }
        let Some(intent) = intent else { return };
        let performing = self.performing(service, &intent, how);
        let outcomes = self.outcomes.clone();
        let task = self.runtime.spawn(async move {
            let (correlation, cause) = (intent.correlation, intent.cause);
            let outcome = match performing.await {
                Ok(message) => Request::Outcome { service, message, correlation, cause },
                Err(reason) => Request::Unperformed { intent, reason },
            };
            bring_back(&outcomes, outcome).await;
        });
        self.under_way.insert(key, task.abort_handle());
        self.count(service, |intents| intents.fetch_add(1, Ordering::Relaxed));
    }

    fn performing(&self, service: u8, intent: &Intent, how: How<M>) -> BoxFuture<'static, Result<M, String>> {
        let cannot = |reason| -> BoxFuture<'static, _> { Box::pin(std::future::ready(Err(reason))) };
        match (minicbor::decode::<M>(&intent.effect), self.effectors.get(&service)) {
            (Err(error), _) => cannot(format!("what is intended cannot be read: {error}")),
            (Ok(_), None) => cannot("nobody is configured who could perform it".to_owned()),
            (Ok(effect), Some(effector)) => how(&**effector, effect),
        }
    }

    /// Leaves all that is under way to whoever has taken the shard over.
    pub(crate) fn give_up(&mut self) {
        self.under_way.drain().for_each(|(_, under_way)| under_way.abort());
        self.status.intents.iter().for_each(|intents| intents.store(0, Ordering::Relaxed));
    }

    fn count(&self, service: u8, change: impl FnOnce(&AtomicU64) -> u64) {
        self.status.intents.get(usize::from(service)).map(change);
    }
}

async fn bring_back<M, A>(outcomes: &Outcomes<M, A>, outcome: Request<M, A>) {
    let mut outcome = Told::Request(outcomes.place, outcome);
    while let Err(TrySendError::Full(again)) = outcomes.handler.try_send(outcome) {
        outcome = again;
        tokio::time::sleep(AGAIN).await;
    }
}
