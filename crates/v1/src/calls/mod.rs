//! v1, the API for new clients, over the port to the shop: calls turned into commands and queries of the services. What it looks like is in
//! `shapes`.

pub(crate) mod call;
mod catalogue;
mod customers;
mod docs;
mod index;
mod offerings;
mod order_check;
mod order_list;
mod order_view;
mod orders;
pub(crate) mod route;
mod seats;
mod timeline;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use backend::Backend;
use contracts::display::{EventIds, StorefrontNames};
use contracts::{Numbered, Shard, StorefrontNo};
use futures_util::future::BoxFuture;
use gateway::{Caller, Entry, Mounted, Tickets};
use http::header::{CACHE_CONTROL, LOCATION};
use http::{HeaderMap, HeaderValue, Method, Response};
use storefronts::Storefront;
use tokio::sync::watch;

use edge::Problem;

use call::{Call, Reply};
pub use docs::{Page, pages};
use route::{Route, Routes};

use crate::events::EventStream;

/// The prefix.
pub const PREFIX: &str = "/api/v1";
/// What is read may change at any moment, and be nobody else's business: a client that kept it asks whether it still has the present one.
const ASK_AGAIN: &str = "private, no-cache";

/// v1 of a shop.
pub struct V1 {
    routes: Routes,
    backend: Arc<dyn Backend>,
    /// Those that are served.
    storefronts: Vec<Arc<Storefront>>,
    /// The names of all.
    names: Arc<StorefrontNames>,
    /// How ids of messages are written.
    ids: EventIds,
    events: EventStream,
    pub(crate) tickets: Tickets,
    offerings: order_check::SeatedOfferings,
}

impl V1 {
    /// v1 for the `storefronts` of the shop behind `backend`. Who listens to events is let go when `stopped` becomes true.
    pub fn new(
        backend: Arc<dyn Backend>,
        storefronts: Vec<Arc<Storefront>>,
        names: StorefrontNames,
        ids: EventIds,
        tickets: Tickets,
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let names = Arc::new(names);
        let events = EventStream::new(backend.clone(), ids.clone(), names.clone(), stopped);
        Self {
            routes: Routes::of(routes()),
            backend,
            storefronts,
            names,
            ids,
            events,
            tickets,
            offerings: order_check::SeatedOfferings::default(),
        }
    }

    /// The name of the storefront of an id; its number where nobody here knows it.
    fn storefront_of(&self, id: impl Numbered) -> String {
        self.names.name(id.storefront())
    }

    /// Which shard has to have room for a change at `path`. One of a storefront that there is not needs none.
    fn shard(&self, path: &str) -> Shard {
        let mut parts = path.split('/').skip(1);
        let storefront = match (parts.next(), parts.next()) {
            (Some("storefronts"), Some(name)) => self.storefronts.iter().find(|known| known.recipe.name == name),
            _ => None,
        };
        let number = storefront.map_or(StorefrontNo(0), |known| known.recipe.number);
        Shard::Storefront { storefront: number, slot: 0 }
    }

    fn storefront(&self, name: &str) -> Result<&Arc<Storefront>, Problem> {
        let found = self.storefronts.iter().find(|storefront| storefront.recipe.name == name);
        found.ok_or_else(|| Problem::no_such("storefront", name))
    }

    /// Events as they happen.
    pub(crate) async fn listen(&self, call: &Call) -> Reply {
        call.has_no_body()?;
        self.events.events(&call.parts.uri, &call.parts.headers).await
    }

    /// What `path` says below the prefix.
    async fn serve(&self, call: &mut Call, path: &str) -> Reply {
        if !call.parts.method.is_safe() {
            self.backend.admits(self.shard(path))?;
        }
        // An empty part leads nowhere, also at the end.
        if !path.is_empty() && (!path.starts_with('/') || path.ends_with('/') || path.contains("//")) {
            return Err(nothing());
        }
        let method = call.parts.method.clone();
        if matches!(method, Method::GET | Method::HEAD | Method::DELETE) {
            call.look_for_body().await;
        }
        self.routes.serve(self, path, &method, call).await
    }
}

/// Every call of v1.
pub(crate) fn routes() -> impl Iterator<Item = Route> {
    let beside = [
        index::routes(),
        offerings::storefronts(),
        offerings::routes(),
        seats::routes(),
        catalogue::routes(),
        orders::routes(),
        order_list::routes(),
        customers::routes(),
        timeline::routes(),
        crate::events::routes(),
        crate::events::ticket_routes(),
    ];
    beside.into_iter().flatten()
}

/// Puts `prefix`, which a hop before this process took away, before the path in `Location`.
fn below(prefix: &str, headers: &mut HeaderMap) {
    let path = headers.get(LOCATION).and_then(|path| path.to_str().ok());
    if let Some(Ok(path)) = path.map(|path| HeaderValue::try_from([prefix, path].concat())) {
        headers.insert(LOCATION, path);
    }
}

fn nothing() -> Problem {
    Problem::not_found("there is nothing here")
}

impl Mounted for V1 {
    fn answer(&self, request: Request, caller: Caller) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async move {
            let (uri, correlation) = (request.uri().clone(), caller.correlation);
            let rest = uri.path().strip_prefix(PREFIX).unwrap_or_default();
            let reads = request.method().is_safe();
            let mut call = Call::new(request, caller);
            let mut response = match self.serve(&mut call, rest).await {
                Ok(response) => response,
                Err(problem) => {
                    // Not where the shop is busy: then nothing is read.
                    if problem.status().is_client_error() {
                        call.drain().await;
                    }
                    problem.answer(correlation).map(Body::from)
                }
            };
            if reads {
                response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static(ASK_AGAIN));
            }
            if !call.prefix.is_empty() {
                below(&call.prefix, response.headers_mut());
            }
            response
        })
    }

    fn title(&self) -> &'static str {
        "v1"
    }

    fn entry(&self, path: &str) -> Entry {
        if path.strip_prefix(PREFIX) == Some(crate::events::PATH) { Entry::Ticket } else { Entry::Token }
    }

    fn is_for_pages(&self) -> bool {
        true
    }

    fn is_compressed(&self) -> bool {
        true
    }

    fn start(&self) -> &'static str {
        ""
    }

    fn paths(&self) -> Vec<String> {
        vec!["storefronts".to_owned()]
    }
}
