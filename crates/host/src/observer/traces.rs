//! One trace for what a request does to an order, made of the messages that are durable: the whole, and below it a span for each
//! message that a service handled, below the one in which it was said.

use std::collections::HashMap;

use contracts::states::OrderState;
use contracts::{Message, Numbered, OrderId, Recipes, ServiceName};
use engine::{Envelope, OUTSIDE};
use service::{Remote, Remotes, Span, Spans};
use store::Identity;

/// What is being traced.
#[derive(Debug)]
pub struct Traces {
    spans: Spans,
    /// A request is traced if its mark is at most this, unless it comes on behalf of a span of another program.
    most: u64,
    recipes: Recipes,
    /// By the kind of an event: who listens.
    listeners: Vec<Vec<ServiceName>>,
    /// On whose behalf requests came a moment ago.
    remotes: Remotes,
    /// What requests do to orders that have not come to an end.
    under_way: HashMap<OrderId, Vec<Course>>,
}

/// What one request does to one order.
#[derive(Debug, Clone, Copy)]
struct Course {
    /// The request.
    correlation: u64,
    /// When it began, in milliseconds since the Unix epoch.
    began: u64,
    /// The span of another program on whose behalf it is done.
    remote: Option<Remote>,
}

impl Traces {
    /// Sends to `spans` the share `sample_ratio` of all traces, and those that `remotes` record.
    pub fn new(spans: Spans, sample_ratio: f64, recipes: &Recipes, remotes: Remotes) -> Self {
        let mut listeners = vec![Vec::new(); 256];
        // Only what they listen to is asked, which is the same in every store.
        for service in crate::services::services(&Identity::new_store(), recipes, None) {
            let name = ServiceName::ALL.into_iter().find(|name| *name as u8 == service.number());
            for kind in service.listens() {
                listeners[usize::from(*kind)].extend(name);
            }
        }
        let most = (sample_ratio.clamp(0.0, 1.0) * u64::MAX as f64) as u64;
        Self { spans, most, recipes: recipes.clone(), listeners, remotes, under_way: HashMap::new() }
    }

    pub(super) fn durable(&mut self, messages: &[Envelope<Message>], append_us: u64) {
        let (mut spans, any_remote) = (Vec::new(), self.remotes.any());
        for envelope in messages {
            let Some(order) = super::order_of(envelope) else { continue };
            let is_drawn = mark(envelope.correlation, 2) <= self.most;
            if envelope.correlation != 0 && (is_drawn || any_remote) {
                self.hear(order, envelope, is_drawn, append_us, &mut spans);
            }
        }
        if !spans.is_empty() {
            self.spans.send(spans);
        }
    }

    fn hear(
        &mut self,
        order: OrderId,
        envelope: &Envelope<Message>,
        is_drawn: bool,
        append_us: u64,
        spans: &mut Vec<Span>,
    ) {
        let course = self.course(order, envelope);
        let is_traced = course.remote.map_or(is_drawn, |remote| remote.sampled);
        match &envelope.message {
            Message::OrderPlaced(_) | Message::OrderCancelling(_) if is_traced || course.remote.is_some() => {
                self.under_way.entry(order).or_default().push(course);
            }
            message if ends(message) => drop(self.under_way.remove(&order)),
            _ => {}
        }
        if is_traced {
            self.add(order, envelope, course, append_us, spans);
        }
    }

    /// What a message about `order` is part of.
    fn course(&self, order: OrderId, envelope: &Envelope<Message>) -> Course {
        let correlation = envelope.correlation;
        let known = self.under_way.get(&order).into_iter().flatten().find(|course| course.correlation == correlation);
        known.copied().unwrap_or_else(|| Course {
            correlation,
            began: envelope.at,
            remote: self.remotes.of(correlation),
        })
    }

    fn add(&self, order: OrderId, envelope: &Envelope<Message>, course: Course, append_us: u64, spans: &mut Vec<Span>) {
        let message = &envelope.message;
        let (trace, root) = ids(course);
        let (began_us, ended_us) = (envelope.at * 1_000, envelope.at * 1_000 + append_us);
        let parent =
            if envelope.from == OUTSIDE || envelope.cause == 0 { root } else { mark(envelope.cause, envelope.from) };
        let whole = Span {
            trace,
            id: root,
            parent: course.remote.map(|remote| remote.span),
            parent_is_remote: course.remote.is_some(),
            service: "maejin",
            name: "order",
            began_us: course.began * 1_000,
            ended_us,
            attributes: self.attributes(order, envelope),
        };
        let heard =
            message.to().map_or_else(|| self.listeners[usize::from(message.kind() as u8)].clone(), |to| vec![to]);
        spans.extend(heard.into_iter().map(|service| Span {
            id: mark(envelope.id, service as u8),
            parent: Some(parent),
            parent_is_remote: false,
            service: service.as_str(),
            name: message.name(),
            began_us,
            ..whole.clone()
        }));
        if ends(message) {
            spans.push(whole);
        }
    }

    fn attributes(&self, order: OrderId, envelope: &Envelope<Message>) -> Vec<(&'static str, String)> {
        let storefront = self.recipes.get(&order.storefront()).map(|recipe| recipe.name.clone());
        let correlation_id = format!("{:016x}", envelope.correlation);
        let number = order.number().to_string();
        let mut attributes = vec![("maejin.order", number), ("maejin.correlation_id", correlation_id)];
        attributes.extend(storefront.map(|name| ("maejin.storefront", name)));
        let (state, code) = match &envelope.message {
            Message::OrderPlaced(_) => (Some(OrderState::Placed), None),
            Message::OrderHeld(_) => (Some(OrderState::Held), None),
            Message::OrderConfirmed(_) => (Some(OrderState::Confirmed), None),
            Message::OrderRejected(rejected) => (Some(OrderState::Rejected), Some(rejected.code)),
            Message::OrderCancelling(_) => (Some(OrderState::Cancelling), None),
            Message::OrderCancelled(_) => (Some(OrderState::Cancelled), None),
            Message::StockRefused(refused) => (None, Some(refused.code)),
            _ => (None, None),
        };
        attributes.extend(state.map(|state| ("maejin.state", state.as_str().to_owned())));
        attributes.extend(code.map(|code| ("maejin.code", code.as_str().to_owned())));
        attributes
    }
}

/// Whether an order comes to an end by this.
fn ends(message: &Message) -> bool {
    matches!(message, Message::OrderConfirmed(_) | Message::OrderRejected(_) | Message::OrderCancelled(_))
}

/// The ids of the trace and of its whole.
fn ids(Course { correlation, remote, .. }: Course) -> (u128, u64) {
    let own = (u128::from(mark(correlation, 0)) << 64) | u128::from(correlation);
    (remote.map_or(own, |remote| remote.trace), mark(correlation, 1))
}

/// Spreads a number over all 64 bits (the finalizer of SplitMix64): the same each time, and never zero.
fn mark(number: u64, salt: u8) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(salt) + 1));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)).max(1)
}
