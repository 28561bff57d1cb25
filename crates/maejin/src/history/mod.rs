//! What was said of an order, for clients of v1: its timeline, read from the journal.

mod entry;
mod summary;
#[cfg(test)]
mod tests;
mod timeline;

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use contracts::{Numbered, OrderId};
use http::request::Parts;
use http::{HeaderValue, Response, StatusCode, header};
use store::StoreError;
use tokio::sync::Semaphore;

use edge::page::Page;
use edge::preconditions::Preconditions;
use edge::query::{Query, decoded};
use edge::{Problem, headers, ids};

use host::display::{EventIds, StorefrontNames};

pub use entry::entry;
pub use timeline::timeline;

/// So many timelines are read at a time: each may have some records of thousands of messages in its hands.
const TIMELINES: usize = 4;
const JSON: &str = "application/json";

/// Timelines, over HTTP.
pub struct Timelines {
    dir: PathBuf,
    ids: EventIds,
    names: Arc<StorefrontNames>,
    permits: Semaphore,
}

impl Timelines {
    /// From the store in `dir`.
    pub fn new(dir: PathBuf, ids: EventIds, names: Arc<StorefrontNames>) -> Self {
        Self { dir, ids, names, permits: Semaphore::new(TIMELINES) }
    }

    /// The timeline of the order with the id `id` in `storefront`.
    pub async fn answer(&self, request: &Parts, storefront: &str, id: &str) -> Result<Response<Body>, Problem> {
        headers::accepts(&request.headers, JSON)?;
        Query::read(request.uri.query(), &[])?;
        Preconditions::refuse(&request.headers)?;
        let (storefront, id) = (decoded("storefront", storefront)?, decoded("order", id)?);
        let order = self.order(&storefront, &id)?;
        let (dir, ids) = (self.dir.clone(), self.ids.clone());
        let _leave = self.permits.acquire().await.map_err(|error| fault(&error))?;
        let read = tokio::task::spawn_blocking(move || timeline(&dir, &ids, order)).await;
        let items = read.map_err(|error| fault(&error))?.map_err(|error| match error {
            StoreError::ArchivedElsewhere { first, last, .. } => gone(first, last),
            other => fault(&other),
        })?;
        if items.is_empty() {
            return Err(Problem::no_such("order", &id));
        }
        let page = serde_json::to_vec(&Page { items, next: None }).map_err(|error| fault(&error))?;
        let mut response = Response::new(Body::from(page));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
        Ok(response)
    }

    fn order(&self, storefront: &str, id: &str) -> Result<OrderId, Problem> {
        let number = self.names.number(storefront);
        let storefront = number.ok_or_else(|| Problem::no_such("storefront", storefront))?;
        let number = ids::number(id).ok_or_else(|| Problem::no_such("order", id))?;
        Ok(OrderId::of(storefront, number))
    }
}

/// Records are archived where this shop does not find them.
pub fn gone(first: u64, last: u64) -> Problem {
    let message =
        format!("the records {first} to {last} are archived and not at hand; ask the operator to put them back");
    Problem::new(StatusCode::GONE, "archived", message)
}

/// What the store said is logged, and not shown.
pub fn fault(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "the journal could not be read for a client");
    Problem::fault()
}
