//! Hears of every batch: counts what was said, and logs it by correlation id.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use contracts::{Message, Numbered, ServiceName};
use engine::{Envelope, Observer};
use service::metrics::encoding::EncodeLabelSet;
use service::metrics::metrics::counter::Counter;
use service::metrics::metrics::family::Family;
use service::metrics::metrics::histogram::{Histogram, exponential_buckets};
use service::metrics::registry::Registry;

/// What is counted of messages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Said {
    message: &'static str,
}

/// The counters of a node.
#[derive(Clone)]
pub struct Meters {
    messages: Family<Said, Counter<u64, AtomicU64>>,
    batch: Arc<Histogram>,
    append: Arc<Histogram>,
}

impl Meters {
    /// Counters that are shown by `registry`.
    pub fn new(registry: &mut Registry) -> Self {
        let meters = Self {
            messages: Family::default(),
            batch: Arc::new(Histogram::new(exponential_buckets(1.0, 2.0, 15))),
            append: Arc::new(Histogram::new(exponential_buckets(0.000_025, 2.0, 16))),
        };
        registry.register("maejin_messages", "Messages said, by name", meters.messages.clone());
        registry.register("maejin_batch_messages", "Messages in one batch", (*meters.batch).clone());
        registry.register("maejin_append_seconds", "Time to make one batch durable", (*meters.append).clone());
        meters
    }
}

/// Counts and logs the messages of a node.
pub struct Watch {
    meters: Meters,
}

impl Watch {
    /// Counts on `meters`.
    pub fn new(meters: Meters) -> Self {
        Self { meters }
    }
}

impl Observer<Message> for Watch {
    fn durable(&mut self, messages: &[Envelope<Message>], append_us: u64) {
        self.meters.batch.observe(messages.len() as f64);
        self.meters.append.observe(append_us as f64 / 1_000_000.0);
        let mut counted: Vec<(&'static str, u64)> = Vec::with_capacity(24);
        for envelope in messages {
            let name = envelope.message.name();
            match counted.iter_mut().find(|(known, _)| std::ptr::eq(*known, name)) {
                Some((_, count)) => *count += 1,
                None => counted.push((name, 1)),
            }
        }
        for (message, count) in counted {
            self.meters.messages.get_or_create(&Said { message }).inc_by(count);
        }
        if tracing::enabled!(target: "maejin::orders", tracing::Level::DEBUG) {
            messages.iter().for_each(log);
        }
    }
}

fn log(envelope: &Envelope<Message>) {
    let service = ServiceName::ALL.iter().find(|service| **service as u8 == envelope.from);
    let service = service.map_or("outside", |service| service.as_str());
    let correlation_id = format!("{:016x}", envelope.correlation);
    let order = contracts::OrderId(envelope.subject);
    let order = (envelope.subject >> 60 == 0 && envelope.subject != 0).then(|| order.number());
    tracing::debug!(target: "maejin::orders", correlation_id, order, from = service, message = envelope.message.name(), "said");
}
