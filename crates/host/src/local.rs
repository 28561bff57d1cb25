//! The port to the shop in this process: commands and queries go to the node beside it, at one box a call.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backend::{
    Ask, Backend, Done, EventRecord, IdempotencyKey, ParkedLine, ParkedMessage, Position, SaidRecord, Stage, Steer,
    Steered, Then, Unavailable, WhichParked,
};
use contracts::queries::{Asks, Found, Placed, PlacedOrder, Query};
use contracts::{Answer, OfferingId, OrderId, Recorded, Shard};
use engine::{CacheView, Command, Missing, NodeError, Rows};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use store::{Journal, StoreError, TableReader};
use tokio::sync::{Semaphore, watch};

use crate::services::{HOSTED, Hosted};
use crate::{RETRY_AFTER_S, Running, history, parked};

/// So many timelines are read at a time: each may have some records of thousands of messages in its hands.
const TIMELINES: usize = 4;

/// The node in this process, for doors.
pub struct Local {
    node: Arc<Running>,
    timelines: Semaphore,
    /// Journals of which events were read, for who reads next.
    journals: Arc<Mutex<Vec<Box<dyn Journal>>>>,
}

/// What was seen right after a command.
enum Seen {
    /// Nothing was to be looked at.
    Nothing,
    /// This was found.
    Found(Found),
    /// Only the tables can tell.
    InTables(Query),
    /// Whoever looked failed; the command is done all the same.
    Failed,
}

impl Local {
    /// The port to `node`.
    pub fn new(node: Arc<Running>) -> Self {
        Self { node, timelines: Semaphore::new(TIMELINES), journals: Arc::default() }
    }

    fn position(&self, shard: Shard) -> Position {
        Position { shard, sequence: self.node.engine.status().durable() }
    }

    async fn find(&self, query: Query) -> Result<Found, Unavailable> {
        if let Query::SeatsNamed(of) = &query {
            if let Some(seats) = self.node.houses.named(of) {
                return Ok(Found::SeatsNamed(seats));
            }
            self.learn_house(of.offering);
        }
        let of = service(&query);
        let name = query.name();
        // What customers read most, they need not wait for the tables to read.
        let list = if let Query::LinesOf(of) = &query { Some(of.customer.clone()) } else { None };
        let found = if let Some(customer) = list {
            self.node.engine.scan_list::<mypage::Line, _>(customer, move |reader| (of.listed)(&query, reader)).await
        } else if query.is_keyed() {
            self.node.engine.find(move |rows| keyed(of, &query, rows)).await
        } else {
            self.node.engine.scan(move |reader| (of.listed)(&query, reader)).await
        };
        let found = found.map_err(unavailable)?;
        found.ok_or_else(|| fault(&format!("the query {name} could not be answered")))
    }

    /// Reads where the seats of `offering` are, for those who ask next. Nobody waits for it.
    fn learn_house(&self, offering: OfferingId) {
        let node = &self.node;
        let Some(read) = node.houses.begin(offering, node.engine.status().applied()) else { return };
        let (engine, houses) = (node.engine.clone(), node.houses.clone());
        tokio::spawn(async move {
            let house = engine.read(move |reader| stock::House::read(offering, reader)).await;
            houses.end(offering, read, house.ok().flatten());
        });
    }

    /// What `read` reads from a journal.
    fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn Journal) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, Unavailable>> {
        let (location, journals) = (self.node.location.clone(), self.journals.clone());
        blocking(move || {
            let spare = || journals.lock().unwrap_or_else(PoisonError::into_inner);
            let journal = spare().pop();
            let mut journal = journal.map_or_else(|| location.read_journal(), Ok)?;
            let found = read(&mut *journal)?;
            spare().push(journal);
            Ok(found)
        })
    }

    async fn waited(&self, order: OrderId, stage: Stage, within: Duration) -> Result<Option<Placed>, Unavailable> {
        let placed = || async {
            let found = self.find(PlacedOrder { id: order }.query()).await?;
            Ok(PlacedOrder::of(found).flatten())
        };
        // Whoever begins to wait before the look misses nothing.
        let mut waiting = self.node.decisions.wait(order, stage);
        let is_there = |placed: &Option<Placed>| placed.as_ref().is_none_or(|placed| stage.is_reached(placed));
        let before = placed().await?;
        if is_there(&before) {
            return Ok(before);
        }
        match tokio::time::timeout(within, waiting.decided()).await {
            Ok(()) => placed().await,
            Err(_) => Ok(None),
        }
    }
}

impl Backend for Local {
    fn admits(&self, _: Shard) -> Result<(), Unavailable> {
        self.node.engine.admits().map_err(unavailable)
    }

    fn submit(&self, ask: Ask) -> BoxFuture<'_, Result<Done, Unavailable>> {
        let Ask { message, principal: _, correlation, key, deadline, then } = ask;
        // What has no shard is handled where it is said.
        let shard = message.shard().unwrap_or(Position::START.shard);
        let command = Command { message, correlation, cause: 0, key: key.map(key_of) };
        let sent = self.node.engine.submit(command, move |answer, view| seen(then, answer, view));
        let done = async move {
            let (answer, seen) = sent.await.map_err(unavailable)?;
            let found = match seen {
                Seen::Nothing => None,
                Seen::Found(found) => Some(found),
                Seen::InTables(query) => Some(Box::pin(self.find(query)).await.map_err(Unavailable::of_outcome)?),
                Seen::Failed => return Err(Unavailable::Unreachable { maybe_done: true }),
            };
            Ok(Done { answer, found, position: self.position(shard) })
        };
        match deadline {
            None => Box::pin(done),
            Some(deadline) => Box::pin(async move {
                let late = |_| Err(Unavailable::Unreachable { maybe_done: true });
                tokio::time::timeout(deadline, done).await.unwrap_or_else(late)
            }),
        }
    }

    /// What is acknowledged is seen by whoever asks afterwards: there is nobody else who could be ahead.
    fn query(&self, query: Query, _: Position) -> BoxFuture<'_, Result<Found, Unavailable>> {
        self.find(query).boxed()
    }

    fn decision(
        &self,
        order: OrderId,
        stage: Stage,
        within: Duration,
    ) -> BoxFuture<'_, Result<Option<Placed>, Unavailable>> {
        self.waited(order, stage, within).boxed()
    }

    fn is_sold_out(&self, offering: OfferingId, now_ms: u64, key: Option<&str>) -> bool {
        let node = &self.node;
        let is = node.sold_out.knows(offering, now_ms) && !key.is_some_and(|key| node.engine.may_have_heard(key));
        if is {
            node.sold_out.count_refused();
        }
        is
    }

    fn was_answered(&self, key: IdempotencyKey) -> BoxFuture<'_, Result<bool, Unavailable>> {
        let key = key_of(key);
        Box::pin(async move { self.node.engine.has_answered(key).await.map_err(unavailable) })
    }

    fn durable(&self) -> watch::Receiver<u64> {
        self.node.engine.status().follow()
    }

    fn record_of(&self, id: u64) -> u64 {
        engine::record_of(id)
    }

    fn events(&self, after: u64, upto: u64) -> BoxFuture<'_, Result<Vec<EventRecord>, Unavailable>> {
        self.read(move |journal| history::events(journal, after, upto))
    }

    fn said(&self, after: u64, upto: u64) -> BoxFuture<'_, Result<Vec<SaidRecord>, Unavailable>> {
        self.read(move |journal| history::said(journal, after, upto))
    }

    fn at_hand(&self, from: u64) -> BoxFuture<'_, Result<(), Unavailable>> {
        let location = self.node.location.clone();
        blocking(move || location.at_hand(from))
    }

    fn timeline(&self, order: OrderId) -> BoxFuture<'_, Result<Vec<Recorded>, Unavailable>> {
        Box::pin(async move {
            let location = self.node.location.clone();
            let _leave = self.timelines.acquire().await.map_err(|error| fault(&error.to_string()))?;
            blocking(move || history::timeline(&location, order)).await
        })
    }

    fn parked(&self, which: WhichParked) -> BoxFuture<'_, Result<Vec<ParkedMessage>, Unavailable>> {
        let found = self.node.engine.scan(move |reader| parked::list(reader, which));
        Box::pin(async move { found.await.map_err(unavailable) })
    }

    fn parked_line(&self, id: u64, limit: u64) -> BoxFuture<'_, Result<Option<ParkedLine>, Unavailable>> {
        let found = self.node.engine.scan(move |reader| parked::line(reader, id, limit));
        Box::pin(async move { found.await.map_err(unavailable) })
    }

    fn steer(&self, act: Steer) -> BoxFuture<'_, Result<Option<Steered>, Unavailable>> {
        Box::pin(async move { parked::steer(&self.node, act).await.map_err(unavailable) })
    }
}

/// What `read` reads, without holding up anybody else.
fn blocking<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> BoxFuture<'static, Result<T, Unavailable>> {
    Box::pin(async move {
        let read = tokio::task::spawn_blocking(read).await;
        read.map_err(|error| fault(&error.to_string()))?.map_err(|error| unreadable(&error))
    })
}

fn key_of(key: IdempotencyKey) -> engine::IdempotencyKey {
    engine::IdempotencyKey::new(key.key, key.fingerprint)
}

/// The service that answers `query`.
fn service(query: &Query) -> &'static Hosted {
    &HOSTED[query.to() as usize]
}

/// What `query` finds where no node runs; `None` if it could not be answered.
pub(crate) fn in_tables(query: &Query, reader: &mut dyn TableReader) -> Result<Option<Found>, StoreError> {
    let of = service(query);
    if query.is_keyed() {
        engine::find_in_tables(reader, |rows| keyed(of, query, rows))
    } else {
        (of.listed)(query, reader)
    }
}

fn keyed(of: &Hosted, query: &Query, rows: &Rows<'_>) -> Result<Option<Found>, Missing> {
    calmly(query.name(), || (of.keyed)(query, rows))
}

/// What `answer` finds. It runs on the thread that handles messages, which a panic would end, and the shop with it: so it finds nothing then.
fn calmly(query: &str, answer: impl FnOnce() -> Result<Option<Found>, Missing>) -> Result<Option<Found>, Missing> {
    catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(|_| {
        tracing::error!(query, "a query panicked");
        Ok(None)
    })
}

fn seen(then: Then, answer: &Answer, view: &CacheView<'_>) -> Seen {
    let query = match then {
        Then::Nothing => return Seen::Nothing,
        Then::Answered => match Query::of_answer(answer) {
            Some(query) => query,
            None => return Seen::Nothing,
        },
        Then::Query(query) => query,
    };
    if !query.is_keyed() {
        return Seen::InTables(query);
    }
    match keyed(service(&query), &query, &view.rows()) {
        Ok(Some(found)) => Seen::Found(found),
        Ok(None) => Seen::Failed,
        Err(_) => Seen::InTables(query),
    }
}

/// Why nothing was answered. What went wrong in here is logged.
fn unavailable(why: NodeError) -> Unavailable {
    match why {
        NodeError::Busy | NodeError::Stopped => Unavailable::Busy { retry_after_s: RETRY_AFTER_S },
        NodeError::NotOwner => Unavailable::NotOwner,
        NodeError::Unknown => Unavailable::Unreachable { maybe_done: true },
        NodeError::Fault(why) => fault(&why),
        NodeError::Store(error) => unreadable(&error),
    }
}

/// Why nothing could be read.
pub(crate) fn unreadable(error: &StoreError) -> Unavailable {
    if let StoreError::ArchivedElsewhere { first, last, .. } = *error {
        return Unavailable::Archived { first, last };
    }
    tracing::error!(%error, "the store could not be read");
    Unavailable::Fault { why: String::new() }
}

fn fault(why: &str) -> Unavailable {
    tracing::error!(why, "a request could not be handled");
    Unavailable::Fault { why: why.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_panics_finds_nothing_and_ends_nothing() {
        assert!(matches!(calmly("OneOrder", || panic!("in a reader")), Ok(None)));
    }

    #[test]
    fn every_query_is_answered_by_the_service_that_it_is_for() {
        let query = contracts::queries::OneOrder { id: OrderId(7) }.query();
        assert_eq!(service(&query).name, query.to());
    }
}
