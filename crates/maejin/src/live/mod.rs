//! What was said, for clients of v1: the timeline of an order, and events as they happen. Both are read from the journal.

mod entry;
mod feed;
mod listener;
mod problem;
mod summary;
mod timeline;
mod wanted;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, Request};
use contracts::{NUMBER_MAX, Numbered, OrderId};
use futures_util::future::BoxFuture;
use gateway::{Caller, Mounted};
use http::{HeaderMap, HeaderValue, Method, Response, Uri, header};
use serde_json::json;
use tokio::sync::{Semaphore, watch};

use crate::node::Running;
use crate::written::StorefrontNames;
use feed::Feed;
use listener::Listener;
use problem::Problem;
pub use timeline::timeline;
use wanted::Wanted;

/// The prefix.
pub const PREFIX: &str = "/api/v1";

/// How long records gather before those who listen are told of them. Of a busy shop they get many events at once, and the engine
/// wakes one task, however many listen.
const GATHER: Duration = Duration::from_millis(10);
/// So many timelines are read at a time: each may have some records of thousands of messages in its hands.
const TIMELINES: usize = 4;
/// Where a client says which event it had last.
const LAST: &str = "last-event-id";

/// What was said, over HTTP.
pub struct Live {
    node: Arc<Running>,
    dir: PathBuf,
    names: Arc<StorefrontNames>,
    feed: Arc<Feed>,
    /// Leave to read a timeline.
    timelines: Semaphore,
    durable: watch::Receiver<u64>,
    stopped: watch::Receiver<bool>,
}

impl Live {
    /// From `node`, whose store is in `dir`. Listeners are let go when `stopped` becomes true.
    pub fn new(node: Arc<Running>, dir: PathBuf, names: StorefrontNames, stopped: watch::Receiver<bool>) -> Self {
        let (feed, durable) = (Feed::new(&dir), gathered(node.engine.status().follow()));
        let timelines = Semaphore::new(TIMELINES);
        Self { node, dir, names: Arc::new(names), feed, timelines, durable, stopped }
    }

    /// Events as they happen, from the one after `Last-Event-ID` on, or from now on.
    pub fn events(&self, uri: &Uri, headers: &HeaderMap) -> Result<Response<Body>, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(uri);
        let Query(query) = query.map_err(|error| Problem::Field("query", error.to_string()))?;
        let mut wanted = Wanted::of(&query, &self.names)?;
        let durable = self.node.engine.status().durable();
        let after = wanted.after.take();
        let last = match (headers.get(LAST), after) {
            (Some(id), _) => Some(last_event("Last-Event-ID", id.to_str().unwrap_or("what is no text"), durable)?),
            (None, Some(id)) => Some(last_event("after", &id, durable)?),
            (None, None) => None,
        };
        let listener = Listener {
            node: self.node.clone(),
            listening: self.feed.listen().ok_or(Problem::Busy)?,
            names: self.names.clone(),
            wanted,
            last: last.unwrap_or(0),
            seq: last.map_or(durable, |id| engine::record_of(id).saturating_sub(1)),
            durable: self.durable.clone(),
            stopped: self.stopped.clone(),
        };
        let mut response = Response::new(Body::from_stream(listener.stream()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(response)
    }

    /// The timeline of the order with the id `id` in `storefront`.
    async fn timeline(&self, storefront: &str, id: &str) -> Result<Response<Body>, Problem> {
        let order = self.order(storefront, id)?;
        let dir = self.dir.clone();
        let _leave = self.timelines.acquire().await.map_err(|error| Problem::fault(&error))?;
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

/// The id of an event that a client has, where `field` says so.
fn last_event(field: &'static str, text: &str, durable: u64) -> Result<u64, Problem> {
    let id: Option<u64> =
        Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).and_then(|text| text.parse().ok());
    let id = id.ok_or_else(|| Problem::Field(field, format!("{text:?} is not the id of an event")))?;
    if engine::record_of(id) > durable {
        return Err(Problem::Field(field, format!("the event {id} has not happened here")));
    }
    Ok(id)
}

/// Tells of the last durable record at once, and then not again before [`GATHER`] has passed.
fn gathered(mut durable: watch::Receiver<u64>) -> watch::Receiver<u64> {
    let (told, gathered) = watch::channel(*durable.borrow());
    tokio::spawn(async move {
        while durable.changed().await.is_ok() {
            told.send_replace(*durable.borrow_and_update());
            tokio::time::sleep(GATHER).await;
        }
    });
    gathered
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
                (["events"], &Method::GET) => self.events(request.uri(), request.headers()),
                (["events"] | ["storefronts", _, "orders", _, "timeline"], _) => Err(Problem::Method),
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
