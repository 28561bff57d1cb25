//! What was said, for clients of v1: the timeline of an order. Read from the journal.

mod entry;
mod problem;
mod summary;
mod timeline;

use std::path::PathBuf;

use axum::body::Body;
use axum::extract::Request;
use contracts::{NUMBER_MAX, Numbered, OrderId};
use futures_util::future::BoxFuture;
use gateway::{Caller, Mounted};
use http::{HeaderValue, Method, Response, header};
use serde_json::json;

use crate::written::StorefrontNames;
use problem::Problem;
pub use timeline::timeline;

/// The prefix.
pub const PREFIX: &str = "/api/v1";

/// What was said, over HTTP.
pub struct Live {
    dir: PathBuf,
    names: StorefrontNames,
}

impl Live {
    /// From the journal in `dir`.
    pub fn new(dir: PathBuf, names: StorefrontNames) -> Self {
        Self { dir, names }
    }

    /// The timeline of the order with the id `id` in `storefront`.
    async fn timeline(&self, storefront: &str, id: &str) -> Result<Response<Body>, Problem> {
        let order = self.order(storefront, id)?;
        let dir = self.dir.clone();
        let read = tokio::task::spawn_blocking(move || timeline(&dir, order)).await;
        let items = read.map_err(|error| Problem::fault(&error))?.map_err(|error| Problem::fault(&error))?;
        if items.is_empty() {
            return Err(Problem::NotFound(format!("there is no order {id} in {storefront}")));
        }
        let mut response = Response::new(Body::from(json!({ "items": items }).to_string()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }

    fn order(&self, storefront: &str, id: &str) -> Result<OrderId, Problem> {
        let number = self.names.number(storefront);
        let storefront = number.ok_or_else(|| Problem::NotFound(format!("there is no storefront {storefront}")))?;
        let number = id.parse().ok().filter(|number| (1..=NUMBER_MAX).contains(number));
        let number = number.ok_or_else(|| Problem::NotFound(format!("there is no order {id}")))?;
        Ok(OrderId::of(storefront, number))
    }
}

impl Mounted for Live {
    fn answer(&self, request: Request, caller: Caller) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async move {
            let rest = request.uri().path().strip_prefix(PREFIX).unwrap_or_default();
            let path: Vec<&str> = rest.split('/').skip(1).collect();
            let answered = match (&path[..], request.method()) {
                (["storefronts", storefront, "orders", id, "timeline"], &Method::GET) => {
                    self.timeline(storefront, id).await
                }
                (["storefronts", _, "orders", _, "timeline"], _) => Err(Problem::Method),
                _ => Err(Problem::NotFound("there is nothing here".to_owned())),
            };
            answered.unwrap_or_else(|problem| problem.answer(caller.correlation))
        })
    }

    fn title(&self) -> &'static str {
        "v1"
    }

    fn paths(&self) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests;
