//! The feed to Apache Kafka, on a thread of its own: nobody who serves requests waits for it.

use std::sync::Arc;
use std::thread::JoinHandle;

use backend::Backend;
use contracts::Recipes;
use contracts::display::StorefrontNames;
use feed::{Feed, FeedMeters, Given};
use host::history::Recall;
use kafka::{Access, Account};
use old_names::Translator;
use store::Identity;
use tokio::runtime::Handle;
use tokio::sync::watch;
use world::Clock;

use super::outside::secret;
use crate::settings::{Kafka, Settings};

/// A feed that runs.
pub struct Feeding(JoinHandle<()>);

impl Feeding {
    /// Waits until it has ended, which it does a moment after the shop is told to stop.
    pub async fn ended(self) {
        let _ = tokio::task::spawn_blocking(|| self.0.join()).await;
    }
}

/// Starts the feed of the store `whose`, if brokers are configured. It ends when `stopped` becomes true.
pub fn start(
    settings: &Settings,
    backend: Arc<dyn Backend>,
    whose: &Identity,
    known: &Recipes,
    beside: (FeedMeters, Arc<dyn Clock>, watch::Receiver<bool>),
) -> Result<Option<Feeding>, String> {
    let Some(access) = access(&settings.kafka)? else { return Ok(None) };
    let (meters, clock, stopped) = beside;
    let names = StorefrontNames::of(known);
    let recall = Recall::of(settings.location()?);
    let translator = settings.kafka.old_topics.then(|| Translator::try_new(recall, &names)).transpose()?;
    let given = Given {
        backend,
        dir: settings.data.clone(),
        access,
        topics: settings.kafka.topics(),
        store: whose.store.clone(),
        incarnation: whose.incarnation.to_string(),
        names,
        translator,
        meters,
        clock,
    };
    let (feed, runtime) = (Feed::try_new(given).map_err(|error| error.to_string())?, Handle::current());
    let run = move || runtime.block_on(feed.run(stopped));
    let thread = std::thread::Builder::new().name("feed".to_owned()).spawn(run);
    thread.map(|thread| Some(Feeding(thread))).map_err(|error| format!("the feed: {error}"))
}

/// How the brokers are reached, if some are configured.
pub fn access(settings: &Kafka) -> Result<Option<Access>, String> {
    let Some(brokers) = settings.brokers.clone() else { return Ok(None) };
    let password = settings.password_file.as_deref().map(secret).transpose()?;
    let account = match (settings.user.clone(), password) {
        (None, None) => None,
        (Some(user), Some(password)) => Some(Account { mechanism: settings.mechanism.clone(), user, password }),
        _ => return Err("kafka: user and password_file go together".to_owned()),
    };
    Ok(Some(Access { brokers, tls: settings.tls, ca_file: settings.ca_file.clone(), account }))
}
