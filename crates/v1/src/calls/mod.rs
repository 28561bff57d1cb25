//! v1, the API for new clients, over the port to the shop: calls turned into commands and queries of the services. What it looks like is in
//! `shapes`.

mod call;
mod catalogue;
mod customers;
mod docs;
mod offerings;
mod order_check;
mod order_view;
mod orders;
mod seats;
mod timeline;

use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use backend::Backend;
use contracts::display::{EventIds, StorefrontNames};
use contracts::{Numbered, Shard, StorefrontNo};
use futures_util::future::BoxFuture;
use gateway::{Caller, Mounted};
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, Method, Response};
use storefronts::Storefront;
use tokio::sync::watch;

use edge::Problem;
use edge::query::decoded;

use call::{Call, Reply};
pub use docs::pages;
use host::Running;

use crate::events::EventStream;

/// The prefix.
pub const PREFIX: &str = "/api/v1";

/// v1 of a shop.
pub struct V1 {
    backend: Arc<dyn Backend>,
    /// Those that are served.
    storefronts: Vec<Arc<Storefront>>,
    /// The names of all.
    names: Arc<StorefrontNames>,
    /// How ids of messages are written.
    ids: EventIds,
    events: EventStream,
    offerings: order_check::SeatedOfferings,
}

impl V1 {
    /// v1 for the `storefronts` of the shop behind `backend`, which is on `node` with its store in `dir`. Who listens to events is let go when
    /// `stopped` becomes true.
    pub fn new(
        backend: Arc<dyn Backend>,
        storefronts: Vec<Arc<Storefront>>,
        node: Arc<Running>,
        names: StorefrontNames,
        (dir, ids): (PathBuf, EventIds),
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let names = Arc::new(names);
        let events = EventStream::new(node, dir, ids.clone(), names.clone(), stopped);
        Self { backend, storefronts, names, ids, events, offerings: order_check::SeatedOfferings::default() }
    }

    /// The name of the storefront of an id; its number where nobody here knows it.
    fn storefront_of(&self, id: impl Numbered) -> String {
        self.names.name(id.storefront())
    }

    /// Which shard has to have room for a change at `path`. One of a storefront that there is not needs none.
    fn shard(&self, path: &[&str]) -> Shard {
        let storefront = match path {
            ["storefronts", name, ..] => self.storefronts.iter().find(|known| known.recipe.name == *name),
            _ => None,
        };
        let number = storefront.map_or(StorefrontNo(0), |known| known.recipe.number);
        Shard::Storefront { storefront: number, slot: 0 }
    }

    fn storefront(&self, name: &str) -> Result<&Arc<Storefront>, Problem> {
        let found = self.storefronts.iter().find(|storefront| storefront.recipe.name == name);
        found.ok_or_else(|| Problem::no_such("storefront", name))
    }

    /// Every call of v1, by its path and method. What is new gets a line here, and one in `crates/v1/src/document/paths.rs`.
    async fn serve(&self, call: &mut Call, path: &[&str]) -> Reply {
        if !call.parts.method.is_safe() {
            self.backend.admits(self.shard(path))?;
        }
        // An empty part leads nowhere, also at the end.
        if path.iter().any(|part| part.is_empty()) {
            return Err(nothing());
        }
        let method = match call.parts.method.clone() {
            Method::HEAD => Method::GET,
            method => method,
        };
        if matches!(method, Method::GET | Method::DELETE) {
            call.look_for_body().await;
        }
        match (path, method.as_str()) {
            (["events"], "GET") => {
                call.has_no_body()?;
                self.events.events(&call.parts.uri, &call.parts.headers)
            }
            (["events"], _) => Err(Problem::method("GET, HEAD")),
            (["storefronts"], "GET") => self.list_storefronts(call),
            (["storefronts"], _) => Err(Problem::method("GET, HEAD")),
            (["storefronts", name, rest @ ..], method) => {
                let name = decoded("storefront", name)?;
                let at = self.storefront(&name)?;
                match (rest, method) {
                    // By itself, so that the memory for its way through here is small: an order is what comes in crowds.
                    (["orders"], "POST") => self.place_order(at, call).await,
                    _ => Box::pin(self.serve_storefront(at, call, rest, method)).await,
                }
            }
            (["customers", customer, rest], method) => {
                let customer = decoded("customer", customer)?;
                Box::pin(self.serve_customer(&customer, call, rest, method)).await
            }
            _ => Err(nothing()),
        }
    }

    async fn serve_customer(&self, customer: &str, call: &mut Call, rest: &str, method: &str) -> Reply {
        match (rest, method) {
            ("orders", "GET") => self.my_orders(call, customer).await,
            ("points", "GET") => self.my_points(call, customer).await,
            ("notifications", "GET") => self.my_notifications(call, customer).await,
            ("orders" | "points" | "notifications", _) => Err(Problem::method("GET, HEAD")),
            _ => Err(nothing()),
        }
    }

    async fn serve_storefront(&self, at: &Arc<Storefront>, call: &mut Call, path: &[&str], method: &str) -> Reply {
        let id = match path {
            ["offerings", id, ..] => decoded("offering", id)?,
            ["orders", id, ..] => decoded("order", id)?,
            _ => "".into(),
        };
        match (path, method) {
            ([], "GET") => self.one_storefront(at, call),
            (["offerings"], "GET") => self.list_offerings(at, call).await,
            (["offerings"], "POST") => self.register_offering(at, call).await,
            (["offerings", _], "GET") => self.one_offering(at, &id, call).await,
            (["offerings", _], "PATCH") => self.change_offering(at, &id, call).await,
            (["offerings", _], "DELETE") => self.withdraw_offering(at, &id, call).await,
            (["offerings", _, "stock"], "POST") => self.add_stock(at, &id, call).await,
            (["offerings", _, "seats"], "GET") => self.list_seats(at, &id, call).await,
            (["orders", _], "GET") => self.one_order(at, &id, call).await,
            (["orders", _, "timeline"], "GET") => self.timeline(at, &id, call).await,
            (["orders", _, "cancel"], "POST") => self.cancel_order(at, &id, call).await,
            ([] | ["orders", _] | ["orders", _, "timeline"] | ["offerings", _, "seats"], _) => {
                Err(Problem::method("GET, HEAD"))
            }
            (["offerings"], _) => Err(Problem::method("GET, HEAD, POST")),
            (["offerings", _], _) => Err(Problem::method("GET, HEAD, PATCH, DELETE")),
            (["offerings", _, "stock"] | ["orders"] | ["orders", _, "cancel"], _) => Err(Problem::method("POST")),
            _ => Err(nothing()),
        }
    }
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
            let path: Vec<&str> = rest.split('/').skip(1).collect();
            let mut call = Call::new(request, caller);
            let mut response = match self.serve(&mut call, &path).await {
                Ok(response) => response,
                Err(problem) => {
                    // Not where the shop is busy: then nothing is read.
                    if problem.status().is_client_error() {
                        call.drain().await;
                    }
                    problem.answer(correlation).map(Body::from)
                }
            };
            if !call.prefix.is_empty() {
                below(&call.prefix, response.headers_mut());
            }
            response
        })
    }

    fn title(&self) -> &'static str {
        "v1"
    }

    fn start(&self) -> &'static str {
        "/storefronts"
    }

    fn paths(&self) -> Vec<String> {
        vec!["storefronts".to_owned()]
    }
}
