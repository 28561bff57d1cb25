//! The port to the store of a shop that does not run: it answers queries, and does nothing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use backend::{
    Ask, Backend, Done, EventRecord, IdempotencyKey, ParkedLine, ParkedMessage, Position, SaidRecord, Stage, Steer,
    Steered, Unavailable, WhichParked,
};
use contracts::queries::{Found, Placed, Query};
use contracts::{OfferingId, OrderId, Recorded, Shard};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use store::{StoreError, TableReader};
use tokio::sync::watch;

use crate::{Location, history, local, parked};

/// The tables of a store, up to its journal. It blocks while it reads.
pub struct AtRest<R> {
    reader: Mutex<R>,
    location: Location,
}

impl<R: TableReader> AtRest<R> {
    /// The store at `location`, whose tables `reader` reads.
    pub fn new(reader: R, location: impl Into<Location>) -> Self {
        Self { reader: Mutex::new(reader), location: location.into() }
    }

    fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn TableReader) -> Result<T, StoreError>,
    ) -> BoxFuture<'static, Result<T, Unavailable>> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        ready(read(&mut *reader).map_err(|error| local::unreadable(&error))).boxed()
    }
}

fn stopped<T: Send + 'static>() -> BoxFuture<'static, Result<T, Unavailable>> {
    ready(Err(Unavailable::Fault { why: "the shop does not run".to_owned() })).boxed()
}

impl<R: TableReader + Send + 'static> Backend for AtRest<R> {
    fn admits(&self, _: Shard) -> Result<(), Unavailable> {
        Err(Unavailable::Fault { why: "the shop does not run".to_owned() })
    }

    fn submit(&self, _: Ask) -> BoxFuture<'_, Result<Done, Unavailable>> {
        stopped()
    }

    fn query(&self, query: Query, _: Position) -> BoxFuture<'_, Result<Found, Unavailable>> {
        let name = query.name();
        let found = self.read(|reader| local::in_tables(&query, reader));
        let unanswered = move || Unavailable::Fault { why: format!("the query {name} could not be answered") };
        found.map(move |found| found?.ok_or_else(unanswered)).boxed()
    }

    fn decision(&self, _: OrderId, _: Stage, _: Duration) -> BoxFuture<'_, Result<Option<Placed>, Unavailable>> {
        stopped()
    }

    fn is_sold_out(&self, _: OfferingId, _: u64, _: Option<&str>) -> bool {
        false
    }

    fn was_answered(&self, _: IdempotencyKey) -> BoxFuture<'_, Result<bool, Unavailable>> {
        stopped()
    }

    fn durable(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }

    fn record_of(&self, id: u64) -> u64 {
        engine::record_of(id)
    }

    fn events(&self, after: u64, upto: u64) -> BoxFuture<'_, Result<Vec<EventRecord>, Unavailable>> {
        self.read(|_| history::events(&mut *self.location.read_journal()?, after, upto))
    }

    fn said(&self, after: u64, upto: u64) -> BoxFuture<'_, Result<Vec<SaidRecord>, Unavailable>> {
        self.read(|_| history::said(&mut *self.location.read_journal()?, after, upto))
    }

    fn at_hand(&self, from: u64) -> BoxFuture<'_, Result<(), Unavailable>> {
        self.read(|_| self.location.at_hand(from))
    }

    fn timeline(&self, order: OrderId) -> BoxFuture<'_, Result<Vec<Recorded>, Unavailable>> {
        self.read(|_| history::timeline(&self.location, order))
    }

    fn parked(&self, which: WhichParked) -> BoxFuture<'_, Result<Vec<ParkedMessage>, Unavailable>> {
        self.read(|reader| parked::list(reader, which))
    }

    fn parked_line(&self, id: u64, limit: u64) -> BoxFuture<'_, Result<Option<ParkedLine>, Unavailable>> {
        self.read(|reader| parked::line(reader, id, limit))
    }

    fn steer(&self, _: Steer) -> BoxFuture<'_, Result<Option<Steered>, Unavailable>> {
        stopped()
    }
}
