//! The timeline of an order, read from the journal.

use std::path::PathBuf;
use std::sync::Arc;

use contracts::display::EventIds;
use contracts::{Numbered, OrderId};
use edge::page::Page;
use edge::timeline::entry;
use edge::{Problem, ids};
use http::StatusCode;
use store::StoreError;
use storefronts::Storefront;
use tokio::sync::Semaphore;

use super::V1;
use super::call::{Call, Reply, json};
use crate::events::{fault, gone};

/// So many timelines are read at a time: each may have some records of thousands of messages in its hands.
const TIMELINES: usize = 4;

/// Where timelines are read.
pub(super) struct Timelines {
    dir: PathBuf,
    ids: EventIds,
    permits: Semaphore,
}

impl Timelines {
    /// In the store in `dir`.
    pub(super) fn new(dir: PathBuf, ids: EventIds) -> Self {
        Self { dir, ids, permits: Semaphore::new(TIMELINES) }
    }
}

impl V1 {
    pub(super) async fn timeline(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        call.query(&[])?;
        let Timelines { dir, ids, permits } = &self.timelines;
        let number = ids::number(id).ok_or_else(|| Problem::no_such("order", id))?;
        let (dir, order) = (dir.clone(), OrderId::of(at.recipe.number, number));
        let _leave = permits.acquire().await.map_err(|error| fault(&error))?;
        let read = tokio::task::spawn_blocking(move || host::history::timeline(&dir, order)).await;
        let said = read.map_err(|error| fault(&error))?.map_err(|error| match error {
            StoreError::ArchivedElsewhere { first, last, .. } => gone(first, last),
            other => fault(&other),
        })?;
        if said.is_empty() {
            return Err(Problem::no_such("order", id));
        }
        let items = said.iter().map(|said| entry(said, ids)).collect();
        Ok(json(StatusCode::OK, &Page { items, next: None }))
    }
}
