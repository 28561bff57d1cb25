//! Sends what is durable and not acknowledged yet, again and again until it is.

use std::convert::Infallible;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use backend::{Backend, Unavailable};
use contracts::display::{EventIds, StorefrontNames};
use kafka::{Access, KafkaError, Outgoing, Outlet, Topics};
use old_names::Translator;
use tokio::sync::watch;
use world::Clock;

use crate::events::Events;
use crate::meters::FeedMeters;
use crate::old::OldWords;
use crate::position::{Found, Position, Whereabouts};
use crate::topics::{TopicSettings, topics};

/// How long the feed waits after a failure before it begins again.
const PAUSE: Duration = Duration::from_secs(1);
/// After so long without an acknowledgement it is said that the brokers are away.
const SILENCE: Duration = Duration::from_secs(5);
/// How long a shop that stops waits for what it said last.
const FAREWELL: Duration = Duration::from_secs(2);
/// How old a position on the disk may be: so much is sent again after a crash.
const KEEP: Duration = Duration::from_millis(500);

/// What a feed is made from.
pub struct Given {
    /// The shop.
    pub backend: Arc<dyn Backend>,
    /// The data directory.
    pub dir: PathBuf,
    /// How the brokers are reached.
    pub access: Access,
    /// The topics.
    pub topics: TopicSettings,
    /// The name of the store.
    pub store: String,
    /// Its life.
    pub incarnation: String,
    /// The names of all storefronts.
    pub names: StorefrontNames,
    /// What says things in old words, where somebody wants that.
    pub translator: Option<Translator>,
    /// Where numbers are counted.
    pub meters: FeedMeters,
    /// Tells how old things are.
    pub clock: Arc<dyn Clock>,
}

/// Why the feed cannot go on as it is.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// Kafka refuses something, or does not answer.
    #[error(transparent)]
    Kafka(#[from] KafkaError),
    /// The journal cannot be read.
    #[error("the journal: {0}")]
    Journal(#[from] Unavailable),
    /// What was said before cannot be looked up.
    #[error("what was said before: {0}")]
    Recall(String),
    /// The position cannot be read or kept.
    #[error("the position: {0}")]
    Position(#[from] io::Error),
}

/// The feed.
pub struct Feed {
    given: Given,
    events: Events,
    old: Option<OldWords>,
    old_topics: Vec<String>,
    durable: watch::Receiver<u64>,
    /// Whether it was said that Kafka does not take anything.
    is_told: bool,
}

/// Some records on their way.
struct Chunk {
    /// The last of them.
    record: u64,
    messages: Vec<Outgoing>,
}

impl Feed {
    /// A feed; it does nothing before [`Feed::run`].
    ///
    /// # Errors
    /// If the settings are wrong.
    pub fn try_new(mut given: Given) -> Result<Self, KafkaError> {
        Outlet::open(&given.access)?;
        let ids = EventIds::of(Some(given.incarnation.clone()));
        let old_topics = given.translator.as_ref().map(Translator::topics).unwrap_or_default();
        let old = given.translator.take().map(|translator| OldWords::new(translator, ids.clone()));
        let events = Events::new(&given.store, ids, given.names.clone(), given.topics.clone());
        let durable = given.backend.durable();
        given.meters.follow(durable.clone(), given.clock.clone());
        Ok(Self { given, events, old, old_topics, durable, is_told: false })
    }

    /// Sends what happens until `stopped` becomes true, and then what is left, as far as that is done in a moment.
    pub async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let (meters, durable) = (self.given.meters.clone(), self.durable.clone());
        let farewell = async {
            let _ = stopped.wait_for(|stopped| *stopped).await;
            tokio::time::timeout(FAREWELL, meters.caught_up(durable)).await
        };
        tokio::select! {
            ended = farewell => if ended.is_err() {
                tracing::info!("Kafka has not acknowledged everything; the rest is sent after the next start");
            },
            never = self.go_on_again() => match never {},
        }
    }

    async fn go_on_again(&mut self) -> Infallible {
        loop {
            let Err(error) = self.go_on().await;
            self.given.meters.failed();
            self.tell(&error);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Says once that the feed is stuck, until it goes on.
    fn tell(&mut self, why: &dyn std::fmt::Display) {
        if !self.is_told {
            tracing::warn!(%why, "the feed to Kafka is stuck; the shop goes on, and the feed catches up");
            self.is_told = true;
        }
    }

    async fn go_on(&mut self) -> Result<Infallible, FeedError> {
        let (outlet, mut position) = self.connect().await?;
        self.old.iter_mut().for_each(OldWords::begin_again);
        let mut kept_at = self.given.clock.now();
        loop {
            let behind = *self.durable.borrow_and_update();
            if position.record() >= behind {
                position.keep()?;
                self.changed().await;
                continue;
            }
            let chunk = self.read(position.record(), behind).await?;
            self.send(&outlet, &chunk).await?;
            position.advance(chunk.record);
            self.given.meters.stands_at(chunk.record);
            let now = self.given.clock.now();
            if now.abs_diff(kept_at) >= KEEP.as_millis() as u64 {
                position.keep()?;
                kept_at = now;
            }
        }
    }

    /// Waits until something else is durable. A shop that has ended says nothing more.
    async fn changed(&mut self) {
        if self.durable.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Finds the brokers, makes the topics that are missing, and says from where the feed goes on.
    async fn connect(&mut self) -> Result<(Outlet, Position), FeedError> {
        let given = &self.given;
        let outlet = Outlet::open(&given.access)?;
        let cluster = outlet.cluster()?;
        let made = Topics::open(&given.access)?.make(&topics(&given.topics, &given.names, &self.old_topics)).await?;
        if !made.is_empty() {
            tracing::info!(topics = made.join(", "), "topics were made");
        }
        let (topics, incarnation) = (given.topics.events.clone(), given.incarnation.clone());
        let of = Whereabouts { cluster: cluster.clone(), topics: topics.clone(), incarnation };
        let (position, found) = Position::open(&given.dir, of)?;
        let record = position.record();
        match found {
            Found::Here => tracing::info!(cluster, topics, record, "the feed to Kafka goes on"),
            Found::Nothing => tracing::info!(cluster, topics, "the feed to Kafka begins at the first event"),
            Found::Other(before) => tracing::warn!(
                cluster,
                topics,
                cluster_before = before.cluster,
                topics_before = before.topics,
                incarnation_before = before.incarnation,
                "the feed begins anew at the first event: it went elsewhere before, or the store was restored from a backup"
            ),
        }
        given.meters.stands_at(record);
        Ok((outlet, position))
    }

    async fn read(&mut self, after: u64, upto: u64) -> Result<Chunk, FeedError> {
        let records = self.given.backend.said(after, upto).await?;
        let (record, mut messages) = (records.last().map_or(upto, |record| record.seq), Vec::new());
        for said in records.iter().flat_map(|record| &record.messages) {
            if said.message.kind().is_event() {
                messages.push(self.events.outgoing(said));
            }
            if let Some(old) = &mut self.old {
                messages.extend(old.outgoing(said).map_err(FeedError::Recall)?);
            }
        }
        Ok(Chunk { record, messages })
    }

    /// Sends `chunk`, and says it if that takes long.
    async fn send(&mut self, outlet: &Outlet, chunk: &Chunk) -> Result<(), FeedError> {
        self.given.meters.waits_for(chunk.messages.first().map_or(0, |message| message.at_ms));
        let sending = outlet.send(&chunk.messages);
        tokio::pin!(sending);
        match tokio::time::timeout(SILENCE, &mut sending).await {
            Ok(sent) => sent?,
            Err(_) => {
                self.tell(&"no broker acknowledges what is sent");
                sending.await?;
            }
        }
        if std::mem::take(&mut self.is_told) {
            tracing::info!("the feed to Kafka goes on");
        }
        self.given.meters.waits_for(0);
        chunk.messages.iter().for_each(|message| self.given.meters.sent(&message.topic));
        Ok(())
    }
}
