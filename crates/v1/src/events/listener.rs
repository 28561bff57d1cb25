//! One who listens: gets every event from where it stopped on, as fast as it reads them, and none twice.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use backend::{Backend, Unavailable};
use contracts::OrderId;
use contracts::display::{EventIds, StorefrontNames, order_of};
use contracts::queries::OrderDetails;
use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::event_filter::EventFilter;
use super::feed::{EventRecord, Listening};

/// How long nothing is sent at the most. Proxies close what is silent for a minute.
const SILENCE: Duration = Duration::from_secs(15);
/// Said first: how soon a client that was cut off may come again.
const HELLO: &str = "retry: 1000\n\n";
const HEARTBEAT: &str = ": still here\n\n";

/// One who listens.
pub struct Listener {
    pub backend: Arc<dyn Backend>,
    pub listening: Listening,
    pub ids: EventIds,
    pub names: Arc<StorefrontNames>,
    pub filter: EventFilter,
    /// The last event that it has.
    pub last: u64,
    /// The last record that was looked at.
    pub seq: u64,
    /// The last record that is durable.
    pub durable: watch::Receiver<u64>,
    /// Whether the shop is stopping.
    pub stopped: watch::Receiver<bool>,
}

struct State {
    listener: Listener,
    silent_until: Instant,
}

impl Listener {
    /// What it gets. Nothing is read before it is asked for, so a slow client costs no memory.
    pub fn stream(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        let state = State { listener: self, silent_until: Instant::now() + SILENCE };
        let hello = stream::once(std::future::ready(Ok(Bytes::from_static(HELLO.as_bytes()))));
        stream::StreamExt::chain(hello, stream::unfold(state, next))
    }

    /// What of `records` is wanted, as it is sent; nothing if nothing is.
    async fn chosen(&mut self, records: &[Arc<EventRecord>]) -> Result<Vec<u8>, Unavailable> {
        let events = || records.iter().flat_map(|record| &record.events).filter(|event| event.recorded.id > self.last);
        let events: Vec<_> = events().collect();
        events.iter().for_each(|event| self.filter.learn(&event.recorded));
        let unsure = events.iter().filter(|event| self.filter.takes(&event.recorded).is_none());
        let mut unsure: Vec<OrderId> = unsure.filter_map(|event| order_of(event.recorded.subject)).collect();
        unsure.dedup();
        self.look_up(&unsure).await?;
        let mut chosen = Vec::new();
        for event in events {
            if self.filter.takes(&event.recorded) == Some(true) {
                chosen.extend_from_slice(event.frame(&self.ids, &self.names));
                self.last = event.recorded.id;
            }
        }
        Ok(chosen)
    }

    /// Looks at `orders`, which were placed before this listener began.
    async fn look_up(&mut self, orders: &[OrderId]) -> Result<(), Unavailable> {
        if orders.is_empty() {
            return Ok(());
        }
        let found = self.backend.ask(OrderDetails { ids: orders.to_vec() }).await?;
        found.iter().flatten().for_each(|order| self.filter.learn_order(&order.view));
        Ok(())
    }
}

/// The next piece; `None` when the shop stops, or cannot read its journal: then the client comes again.
async fn next(mut state: State) -> Option<(Result<Bytes, Infallible>, State)> {
    loop {
        if *state.listener.stopped.borrow() {
            return None;
        }
        let durable = *state.listener.durable.borrow_and_update();
        if state.listener.seq < durable {
            let read = read_on(&mut state, durable).await;
            let chosen =
                read.inspect_err(|error| tracing::error!(%error, "events cannot be read for a client")).ok()?;
            if !chosen.is_empty() {
                return Some(item(chosen.into(), state));
            }
            if Instant::now() < state.silent_until {
                continue;
            }
        } else {
            tokio::select! {
                changed = state.listener.durable.changed() => { changed.ok()?; continue }
                stopped = state.listener.stopped.changed() => { stopped.ok()?; continue }
                () = sleep_until(state.silent_until) => {}
            }
        }
        return Some(item(Bytes::from_static(HEARTBEAT.as_bytes()), state));
    }
}

fn item(piece: Bytes, mut state: State) -> (Result<Bytes, Infallible>, State) {
    state.silent_until = Instant::now() + SILENCE;
    (Ok(piece), state)
}

async fn read_on(state: &mut State, durable: u64) -> Result<Vec<u8>, Unavailable> {
    let listener = &mut state.listener;
    let records = listener.listening.feed().after(listener.seq, durable).await?;
    let chosen = listener.chosen(&records).await?;
    listener.seq = records.last().map_or(listener.seq, |record| record.seq);
    Ok(chosen)
}
