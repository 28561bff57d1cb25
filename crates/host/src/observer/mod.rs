//! Hears of every batch: counts what was said, by storefront what became of orders, and logs it by correlation id.
//! It runs between two appends: a few additions for a message, no lock, no text; more only where traces are configured.

mod open;
mod orders;
mod state;
mod traces;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use contracts::{Message, Numbered, OrderId, Recipes, ServiceName, Subject};
use engine::{Envelope, Observer};
use service::{Histogram, Labels, Meter, Sheet};

use open::Open;
use orders::Orders;
pub use state::StateMeters;
pub use traces::Traces;

const BATCHES: &[f64] =
    &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0];
const APPENDS: &[f64] =
    &[0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5];
/// Kinds of messages: as many as their numbers allow.
const KINDS: usize = 256;

/// What is counted of a node's batches.
#[derive(Debug)]
pub struct Counts {
    /// By the number of their kind.
    messages: Vec<MessageCount>,
    batch: Histogram,
    append: Histogram,
    /// By storefront, in the order of their numbers.
    orders: Vec<Orders>,
}

#[derive(Debug, Default)]
struct MessageCount {
    name: std::sync::OnceLock<&'static str>,
    count: AtomicU64,
}

/// The counters of a node.
#[derive(Debug, Clone)]
pub struct Meters(Arc<Counts>);

impl Meters {
    /// Counters for the storefronts of `recipes`.
    pub fn new(recipes: &Recipes) -> Self {
        Self(Arc::new(Counts {
            messages: (0..KINDS).map(|_| MessageCount::default()).collect(),
            batch: Histogram::new(BATCHES),
            append: Histogram::new(APPENDS),
            orders: recipes.iter().map(|(number, recipe)| Orders::new(*number, &recipe.name)).collect(),
        }))
    }
}

impl Meter for Meters {
    fn show(&self, sheet: &mut Sheet<'_>) -> fmt::Result {
        let seen: Vec<_> =
            self.0.messages.iter().filter_map(|of_kind| Some((*of_kind.name.get()?, &of_kind.count))).collect();
        let labels: Vec<_> = seen.iter().map(|(name, _)| [("message", *name)]).collect();
        let counts =
            labels.iter().zip(&seen).map(|(labels, (_, count))| (&labels[..], count.load(Ordering::Relaxed) as f64));
        sheet.counters("maejin_messages", "Messages said, by name", counts)?;
        sheet.histogram("maejin_batch_messages", "Messages in one batch", &self.0.batch)?;
        sheet.histogram("maejin_append_seconds", "Time to make one batch durable", &self.0.append)?;
        orders::show(&self.0.orders, sheet)
    }
}

/// Counts and logs the messages of a node.
pub struct Watch {
    counts: Arc<Counts>,
    /// For each of `counts.orders`: its orders and holds that have not ended.
    open: Vec<Open>,
    /// By the number of a storefront: its place.
    places: Vec<Option<usize>>,
    traces: Option<Traces>,
}

impl Watch {
    /// Counts on `meters`. `held` are the orders for which stock is held, and since when, in milliseconds since the Unix epoch.
    pub fn new(meters: &Meters, held: &[(OrderId, u64)], traces: Option<Traces>) -> Self {
        let counts = meters.0.clone();
        let mut places = Vec::new();
        for (place, orders) in counts.orders.iter().enumerate() {
            let number = orders.storefront.0 as usize;
            places.resize(places.len().max(number + 1), None);
            places[number] = Some(place);
        }
        let open = counts.orders.iter().map(|_| Open::default()).collect();
        let mut watch = Self { counts, open, places, traces };
        for (order, since) in held {
            if let Some(place) = watch.place(*order) {
                watch.open[place].recover(*order, *since);
            }
        }
        watch.tell();
        watch
    }

    fn place(&self, order: OrderId) -> Option<usize> {
        self.places.get(order.storefront().0 as usize).copied().flatten()
    }

    fn count(&mut self, envelope: &Envelope<Message>) {
        let of_kind = &self.counts.messages[usize::from(envelope.message.kind() as u8)];
        of_kind.name.get_or_init(|| envelope.message.name());
        of_kind.count.fetch_add(1, Ordering::Relaxed);
        let Some(order) = order_of(envelope) else { return };
        let Some(place) = self.place(order) else { return };
        self.counts.orders[place].count(order, envelope, &mut self.open[place]);
    }

    /// Tells how many orders and holds are open.
    fn tell(&self) {
        self.counts.orders.iter().zip(&self.open).for_each(|(orders, open)| orders.tell(open));
    }
}

impl Observer<Message> for Watch {
    fn durable(&mut self, messages: &[Envelope<Message>], append_us: u64) {
        self.counts.batch.observe(messages.len() as f64);
        self.counts.append.observe(append_us as f64 / 1_000_000.0);
        messages.iter().for_each(|envelope| self.count(envelope));
        self.tell();
        if let Some(traces) = &mut self.traces {
            traces.durable(messages, append_us);
        }
        if tracing::enabled!(target: "maejin::orders", tracing::Level::DEBUG) {
            messages.iter().for_each(log);
        }
    }
}

/// The order that a message is about, if it is about one.
fn order_of(envelope: &Envelope<Message>) -> Option<OrderId> {
    Subject::of(envelope.subject).and_then(Subject::order)
}

fn log(envelope: &Envelope<Message>) {
    let service = ServiceName::ALL.iter().find(|service| **service as u8 == envelope.from);
    let service = service.map_or("outside", |service| service.as_str());
    let correlation_id = format!("{:016x}", envelope.correlation);
    let order = order_of(envelope).map(Numbered::number);
    tracing::debug!(target: "maejin::orders", correlation_id, order, from = service, kind = envelope.message.name(), "said");
}

/// The values with the labels that belong to them, as a sheet wants them.
fn labelled<'a, const N: usize, T>(
    values: &'a [([(&'a str, &'a str); N], T)],
) -> impl Iterator<Item = (Labels<'a>, &'a T)> {
    values.iter().map(|(labels, value)| (&labels[..], value))
}
