//! Events as they happen, read from the journal.

mod event_filter;
mod feed;
mod frame;
mod listener;
#[cfg(test)]
mod tests;
mod ticket;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use backend::Backend;
use contracts::display::{EventIds, NotOurs, StorefrontNames};
use edge::preconditions::Preconditions;
use edge::query::{Query, wrong};
use edge::{DoorCode, Problem, headers};
use http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header};
use tokio::sync::watch;

use crate::calls::route::{Handler, Route, route};
use crate::document::parts::{events, parameter, problem, text};
use event_filter::EventFilter;
use feed::Feed;
use listener::Listener;
use serde_json::json;
pub(crate) use ticket::routes as ticket_routes;

/// How long records gather before those who listen are told of them. Of a busy shop they get many events at once, and the engine
/// wakes one task, however many listen.
const GATHER: Duration = Duration::from_millis(10);
/// Where a client says which event it had last.
const LAST: &str = "last-event-id";
/// When a client may listen again where too many do, in seconds.
const RETRY_AFTER_S: u32 = 1;
const EVENTS: &str = "text/event-stream";
/// What a listener may ask for.
const KNOWN: [&str; 7] = ["after", "storefront", "order", "offering", "customer", "kinds", gateway::TICKET];
/// Where it is, below the prefix.
pub(crate) const PATH: &str = "/events";

/// Where listeners get events from.
pub(crate) struct EventStream {
    backend: Arc<dyn Backend>,
    ids: EventIds,
    names: Arc<StorefrontNames>,
    feed: Arc<Feed>,
    /// The last record, and the same as listeners are told of it.
    durable: watch::Receiver<u64>,
    gathered: watch::Receiver<u64>,
    stopped: watch::Receiver<bool>,
}

impl EventStream {
    /// Of the shop behind `backend`. Listeners are let go when `stopped` becomes true.
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        ids: EventIds,
        names: Arc<StorefrontNames>,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let (feed, durable) = (Feed::new(backend.clone()), backend.durable());
        let gathered = gathered(durable.clone());
        Self { backend, ids, names, feed, durable, gathered, stopped }
    }

    /// Events as they happen, from the one after `Last-Event-ID` on, or from now on.
    pub(crate) async fn events(&self, uri: &Uri, headers: &HeaderMap) -> Result<Response<Body>, Problem> {
        headers::accepts(headers, EVENTS)?;
        let query = Query::read(uri.query(), &KNOWN)?;
        Preconditions::refuse(headers)?;
        let filter = EventFilter::of(&query, &self.names)?;
        let durable = *self.durable.borrow();
        let header =
            headers.get(LAST).map(|id| self.last_event(id.to_str().unwrap_or_default(), durable).map_err(wrong_header));
        let after = query.text("after").map(|id| self.last_event(id, durable).map_err(|why| wrong("after", why)));
        // A wrong one is refused even where the other one counts.
        let last = header.transpose()?.or(after.transpose()?);
        if let Some(id) = last {
            self.backend.at_hand(self.backend.record_of(id)).await?;
        }
        let listener = Listener {
            backend: self.backend.clone(),
            listening: self.feed.listen().ok_or_else(too_many)?,
            ids: self.ids.clone(),
            names: self.names.clone(),
            filter,
            last: last.unwrap_or(0),
            seq: last.map_or(durable, |id| self.backend.record_of(id).saturating_sub(1)),
            durable: self.gathered.clone(),
            stopped: self.stopped.clone(),
        };
        let mut response = Response::new(Body::from_stream(listener.stream()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(EVENTS));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(response)
    }

    /// The number of the event that a client says it has; or why there is none.
    fn last_event(&self, text: &str, durable: u64) -> Result<u64, String> {
        let id = self.ids.number(text).map_err(|why| match why {
            NotOurs::NoId => "it is not the id of an event".to_owned(),
            NotOurs::OtherLife => format!(
                "the event {text} is not of this life of the store, which was restored from a backup or is newer than the id: \
                 what the client knows may never have happened here. Begin anew, with 0 or with what v1 shows now"
            ),
        })?;
        if self.backend.record_of(id) > durable {
            return Err(format!("the event {text} has not happened here"));
        }
        Ok(id)
    }
}

fn wrong_header(why: String) -> Problem {
    Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::InvalidHeader, "Last-Event-ID", why)
}

fn too_many() -> Problem {
    let problem =
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, DoorCode::Busy, "too many listen; come again in a moment");
    problem.with(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S))
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

/// The call that listens.
pub(crate) fn routes() -> Vec<Route> {
    let id = || json!({ "type": "string", "pattern": "^(0|[0-9a-f]{16}-[0-9]{1,20})$", "example": "5f2c9a1b3d4e6f70-6291463" });
    let last = "The id of the event that the client had last: what came after it comes, and then what happens. `0` begins at the \
                first one, without it the stream begins now. One from before the shop was restored from a backup is refused";
    let within = |name: &str| {
        let description = format!("Only what happens to this {name}; `storefront` says where it is");
        parameter("query", name, &description, json!({ "type": "string", "pattern": "^[0-9]{1,13}$" }))
    };
    let kinds = json!({
        "type": "string",
        "pattern": "^[A-Za-z]+(,[A-Za-z]+)*$",
        "example": "OrderConfirmed,OrderRejected",
    });
    let after = "The same, for a client that cannot send the header, which counts if both are there";
    let customer = "Only what happens to this customer and to the customer's orders";
    let listen = route(
        "get",
        PATH,
        ("events", "listen", "Listen to what happens, as server-sent events that do not end"),
        Handler::Shop(|v1, call| Box::pin(v1.listen(call))),
    );
    let listen = listen.takes([
        parameter("header", "Last-Event-ID", last, id()),
        parameter("query", "after", after, id()),
        parameter("query", "storefront", "Only what happens in it", text(1, 200)),
        within("order"),
        within("offering"),
        parameter("query", "customer", customer, text(1, 200)),
        parameter("query", "kinds", "Only these events, by their names, with commas between them", kinds),
    ]);
    vec![
        listen
            .says("200", events("Events: each with the `id` of its message, its name as `event`, and `data`", "Event"))
            .says("410", problem("What came after that event is archived and not at hand"))
            .says("503", problem("Busy, or too many listen: again after `Retry-After` seconds")),
    ]
}
