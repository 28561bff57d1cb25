//! The one node of the single process: all services on one store.

use std::num::NonZeroUsize;
use std::sync::Arc;

use contracts::{Answer, Message, Numbered, OrderId, Recipes, ServiceName, StorefrontNo};
use engine::{Effector, Node, OwnedShard, Parts, Shard, Tables, Taken};
use store::{Identity, StoreError, TableReader, TableWriter};
use tokio::runtime::Handle;
use typed::Row;
use world::Clock;

use crate::decisions::{Decisions, Telling};
use crate::fill_in;
use crate::houses::Houses;
use crate::location::{Location, OpenStore};
use crate::observer::{Meters, Traces, Watch};
use crate::services::{Hosted, made, migrations, tables};
use crate::sold_out::SoldOut;

/// When to send a request again that found the queue full, in seconds.
pub const RETRY_AFTER_S: u32 = 1;

/// A node that runs, and its store.
pub struct Running {
    /// The engine.
    pub engine: Arc<OwnedShard<Message, Answer>>,
    /// Who waits for the decision of an order.
    pub decisions: Arc<Decisions>,
    /// What is sold out.
    pub sold_out: Arc<SoldOut>,
    /// Where seats are.
    pub(crate) houses: Arc<Houses>,
    /// The threads.
    node: Node<Message, Answer>,
    /// Where its store is.
    pub(crate) location: Location,
    /// Held as long as the node runs.
    store: OpenStore,
}

impl Running {
    /// Finishes what was accepted, brings the tables up to the journal, and ends the threads. Blocks until that is done.
    pub fn stop(&self) {
        self.node.stop();
    }

    /// Leaves the store whole. To be called when the engine has stopped.
    pub fn close(&self) {
        if let Err(error) = self.store.close() {
            tracing::warn!(%error, "the store could not be closed; nothing is lost, and the next start will do it");
        }
    }
}

/// What the services of a node need of the world around it.
pub struct World {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Charges and refunds.
    pub payments: Arc<dyn Effector<Message>>,
    /// Sends mail, if that is configured, to these addresses.
    pub mail: Option<(notification::Addresses, Arc<dyn Effector<Message>>)>,
    /// Where numbers are counted.
    pub meters: Meters,
    /// Where traces go, if that is configured.
    pub traces: Option<Traces>,
}

/// A store whose tables are up to its journal.
pub struct Opened {
    pub(crate) location: Location,
    pub(crate) store: OpenStore,
    pub(crate) journal: Box<dyn store::Journal>,
    pub(crate) writer: Box<dyn TableWriter>,
    pub(crate) taken: Taken,
}

/// Opens the store at `location`, takes it over from whoever had it before, and brings its tables up to its journal.
///
/// # Errors
/// If the store cannot be opened, or is damaged.
pub fn open(location: impl Into<Location>) -> Result<Opened, StoreError> {
    let location = location.into();
    let store = location.open(&migrations())?;
    if let Some(copy) = store.set_aside() {
        let copy = copy.display();
        tracing::warn!(%copy, "the end of the journal's write-ahead log was torn, as a power cut does; a copy was kept");
    }
    let mut journal = store.journal()?;
    let mut writer = store.writer()?;
    let taken = engine::take_over::<Message>(&mut *journal, &Tables::new(tables()), &mut *writer, &mut tell_progress)?;
    tell_applied(taken.applied);
    Ok(Opened { location, store, journal, writer, taken })
}

impl Opened {
    /// The same with a journal that is no more than `wrap` makes of it.
    pub fn with_journal(self, wrap: impl FnOnce(Box<dyn store::Journal>) -> Box<dyn store::Journal>) -> Self {
        Self { journal: wrap(self.journal), ..self }
    }

    /// Who the store is to others.
    pub fn identity(&self) -> &Identity {
        self.store.identity()
    }

    /// The storefronts in which something was ordered.
    ///
    /// # Errors
    /// If the table cannot be read.
    pub fn storefronts(&self) -> Result<Vec<StorefrontNo>, StoreError> {
        let newest = self.store.reader()?.highest(order::Order::TABLE)?;
        Ok(newest.into_iter().map(|id| OrderId(id).storefront()).collect())
    }
}

/// Starts the services of `hosted` on an open store. On one from before, orders learn first what they do not know of their steps.
///
/// # Errors
/// If the tables cannot be read, or what the orders learn cannot be written.
pub fn start(
    mut opened: Opened,
    hosted: &[Hosted],
    recipes: &Recipes,
    world: World,
    runtime: Handle,
) -> Result<Running, StoreError> {
    fill_in::orders(&mut opened, recipes, world.clock.now())?;
    let Opened { location, store, journal, writer, taken } = opened;
    let mut effectors = vec![(ServiceName::Payment as u8, world.payments)];
    let mut addresses = None;
    if let Some((to, effector)) = world.mail {
        effectors.push((ServiceName::Notification as u8, effector));
        addresses = Some(to);
    }
    let held = held(&mut *store.reader()?)?;
    let (decisions, sold_out) = (Arc::new(Decisions::default()), Arc::new(SoldOut::default()));
    let houses = Arc::new(Houses::default());
    let services = made(hosted, store.identity(), recipes, addresses.as_ref());
    let parts = Parts {
        shard: Shard::open(services, store.reader()?, journal, taken)?,
        tables: Tables::new(tables()),
        writer,
        pool: store.pool(),
        clock: world.clock,
        effectors,
        observer: Box::new(Telling {
            sold_out: sold_out.clone(),
            houses: houses.clone(),
            decisions: decisions.clone(),
            watch: Watch::new(&world.meters, &held, world.traces),
        }),
    };
    // One process, one shard, one thread that handles its messages.
    let node = Node::start(NonZeroUsize::MIN, runtime);
    Ok(Running { engine: node.own(parts)?, decisions, sold_out, houses, node, location, store })
}

/// The orders for which stock is held, and since when.
fn held(reader: &mut dyn TableReader) -> Result<Vec<(OrderId, u64)>, StoreError> {
    let hold = || stock::Hold::COLUMNS;
    let mut held = Vec::new();
    let open = store::Find::all().with(hold().state.is(stock::HoldState::Held)).by(hold().held_at.asc());
    open.each(reader, (hold().owner, hold().held_at), |hold| held.push(hold))?;
    Ok(held)
}

/// Brings the tables up to the journal, and says so if it takes long. Returns the number and the sum of the last record.
///
/// # Errors
/// If the journal is damaged or the tables cannot be written.
pub fn bring_forward(
    journal: &mut dyn store::Journal,
    tables: &Tables,
    writer: &mut dyn TableWriter,
) -> Result<(u64, u32), StoreError> {
    let (seq, sum, applied) = engine::bring_forward::<Message>(journal, tables, writer, &mut tell_progress)?;
    tell_applied(applied);
    Ok((seq, sum))
}

fn tell_progress(at: u64, last: u64) {
    tracing::info!(at, last, "bringing the tables up to the journal");
}

fn tell_applied(records: u64) {
    if records > 0 {
        tracing::info!(records, "the tables were behind the journal, and are up to it now");
    }
}
