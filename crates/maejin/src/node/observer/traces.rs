//! One trace for what a request does to an order, made of the messages that are durable: the whole, and below it a span for each
//! message that a service handled, below the one in which it was said.

use std::collections::HashMap;

use contracts::{Message, Numbered, OrderId, Recipes, ServiceName};
use engine::{Envelope, OUTSIDE};
use service::{Span, Spans};

/// What is being traced.
#[derive(Debug)]
pub struct Traces {
    spans: Spans,
    /// A request is traced if its mark is at most this.
    most: u64,
    recipes: Recipes,
    /// By the kind of an event: who listens.
    listeners: Vec<Vec<ServiceName>>,
    /// When each request began that has not ended, in milliseconds since the Unix epoch.
    began: HashMap<u64, u64>,
}

impl Traces {
    /// Sends the share `sample_ratio` of all traces to `spans`.
    pub fn new(spans: Spans, sample_ratio: f64, recipes: &Recipes) -> Self {
        let mut listeners = vec![Vec::new(); 256];
        for service in crate::node::services(recipes, None) {
            let name = ServiceName::ALL.into_iter().find(|name| *name as u8 == service.number());
            for kind in service.listens() {
                listeners[usize::from(*kind)].extend(name);
            }
        }
        let most = (sample_ratio.clamp(0.0, 1.0) * u64::MAX as f64) as u64;
        Self { spans, most, recipes: recipes.clone(), listeners, began: HashMap::new() }
    }

    pub(super) fn durable(&mut self, messages: &[Envelope<Message>], append_us: u64) {
        let mut spans = Vec::new();
        for envelope in messages {
            let Some(order) = super::order_of(envelope) else { continue };
            if envelope.correlation != 0 && mark(envelope.correlation, 2) <= self.most {
                self.add(order, envelope, append_us, &mut spans);
            }
        }
        if !spans.is_empty() {
            self.spans.send(spans);
        }
    }

    fn add(&mut self, order: OrderId, envelope: &Envelope<Message>, append_us: u64, spans: &mut Vec<Span>) {
        let (trace, root) = ids(envelope.correlation);
        let (began_us, ended_us) = (envelope.at * 1_000, envelope.at * 1_000 + append_us);
        let parent =
            if envelope.from == OUTSIDE || envelope.cause == 0 { root } else { mark(envelope.cause, envelope.from) };
        let message = &envelope.message;
        let heard =
            message.to().map_or_else(|| self.listeners[usize::from(message.kind() as u8)].clone(), |to| vec![to]);
        for service in heard {
            spans.push(Span {
                trace,
                id: mark(envelope.id, service as u8),
                parent: Some(parent),
                service: service.as_str(),
                name: message.name(),
                began_us,
                ended_us,
                attributes: self.attributes(order, message),
            });
        }
        match message {
            Message::OrderPlaced(_) | Message::OrderCancelling(_) => {
                self.began.insert(envelope.correlation, envelope.at);
            }
            Message::OrderConfirmed(_) | Message::OrderRejected(_) | Message::OrderCancelled(_) => {
                let began = self.began.remove(&envelope.correlation).unwrap_or(envelope.at);
                let attributes = self.attributes(order, message);
                let (name, service) = ("order", "maejin");
                spans.push(Span {
                    trace,
                    id: root,
                    parent: None,
                    service,
                    name,
                    began_us: began * 1_000,
                    ended_us,
                    attributes,
                });
            }
            _ => {}
        }
    }

    fn attributes(&self, order: OrderId, message: &Message) -> Vec<(&'static str, String)> {
        let storefront = self.recipes.get(&order.storefront()).map(|recipe| recipe.name.clone());
        let mut attributes = vec![("maejin.order", order.number().to_string())];
        attributes.extend(storefront.map(|name| ("maejin.storefront", name)));
        let (state, code) = match message {
            Message::OrderPlaced(_) => (Some("placed"), None),
            Message::OrderHeld(_) => (Some("held"), None),
            Message::OrderConfirmed(_) => (Some("confirmed"), None),
            Message::OrderRejected(rejected) => (Some("rejected"), Some(rejected.code)),
            Message::OrderCancelling(_) => (Some("cancelling"), None),
            Message::OrderCancelled(_) => (Some("cancelled"), None),
            Message::StockRefused(refused) => (None, Some(refused.code)),
            _ => (None, None),
        };
        attributes.extend(state.map(|state| ("maejin.state", state.to_owned())));
        attributes.extend(code.map(|code| ("maejin.code", code.as_str().to_owned())));
        attributes
    }
}

/// The ids of the trace and of its whole, for a correlation id.
fn ids(correlation: u64) -> (u128, u64) {
    ((u128::from(mark(correlation, 0)) << 64) | u128::from(correlation), mark(correlation, 1))
}

/// Spreads a number over all 64 bits (the finalizer of SplitMix64): the same each time, and never zero.
fn mark(number: u64, salt: u8) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(salt) + 1));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)).max(1)
}
