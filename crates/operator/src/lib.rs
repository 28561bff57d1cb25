//! What an operator can see and do while the shop runs: orders, parked work, offerings, points, how a delivery goes on, and what is logged.
//!
//! Owns: what is below `/operator`, JSON. The command line speaks to this, and reads the store of a stopped shop by the same code.

mod act;
mod cancel_orders;
mod error;
mod log;
pub mod reading;
mod redrive;
mod request;
mod seats;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use backend::Backend;
use contracts::Shard;
use contracts::display::{EventIds, StorefrontNames};
use edge::body;
use edge::preconditions::Preconditions;
use futures_util::future::BoxFuture;
use gateway::{Caller, Mounted};
use http::{HeaderValue, Method, Response, header};
use serde_json::Value;
use service::LogFilter;

pub use error::OperatorError;
use reading::Reader;

/// The prefix.
pub const PREFIX: &str = "/operator";
/// The longest body that is read.
const BODY_MAX: usize = 64 * 1024;

/// The operator's hands on a running shop.
pub struct Operator {
    backend: Arc<dyn Backend>,
    names: StorefrontNames,
    ids: EventIds,
    logs: LogFilter,
}

type Reply = Result<Value, OperatorError>;

impl Operator {
    /// For the shop behind `backend`, with the names of its storefronts, and ids of its messages as `ids` writes them; `logs` are those of
    /// this process.
    pub fn new(backend: Arc<dyn Backend>, names: StorefrontNames, ids: EventIds, logs: LogFilter) -> Self {
        Self { backend, names, ids, logs }
    }

    fn reader(&self, now_ms: u64) -> Reader<'_> {
        Reader { backend: &*self.backend, names: &self.names, ids: &self.ids, now_ms }
    }

    async fn act(&self, method: &Method, path: &[&str], body: &[u8], caller: &Caller) -> Reply {
        let names = &self.names;
        match (path, method.as_str()) {
            (["parked", id, "redrive"], "POST") => self.redrive(id).await,
            (["parked", id, "give-up"], "POST") => self.give_up(id).await,
            (["orders", storefront, number, act @ ("cancel" | "retry" | "give-up")], "POST") => {
                self.change_order(reading::id(names, storefront, number)?, act, body, caller).await
            }
            (["deliveries", storefront, number, act @ ("dispatch" | "complete")], "POST") => {
                self.deliver(reading::id(names, storefront, number)?, act, caller).await
            }
            (["offerings"], "POST") => self.register(body, caller).await,
            (["offerings", storefront, number, "stock"], "POST") => {
                self.add_stock(reading::id(names, storefront, number)?, body, caller).await
            }
            (["offerings", storefront, number, "reopen"], "POST") => {
                self.reopen(reading::id(names, storefront, number)?, caller).await
            }
            (["offerings", storefront, number, "seats"], "POST") => {
                self.arrange_seats(reading::id(names, storefront, number)?, body, caller).await
            }
            (["offerings", storefront, number, "cancel-orders"], "POST") => {
                self.cancel_orders(reading::id(names, storefront, number)?, body, caller).await
            }
            (["offerings", storefront, number], "PATCH") => {
                self.change(reading::id(names, storefront, number)?, body, caller).await
            }
            (["offerings", storefront, number], "DELETE") => {
                self.withdraw(reading::id(names, storefront, number)?, caller).await
            }
            (["log"], "PUT") => self.set_log(body),
            (["points", customer], "POST") => self.add_points(customer, body, caller).await,
            (["points", customer], "PUT") => self.set_points(customer, body, caller).await,
            _ => Err(allowed(path).map_or_else(OperatorError::nothing_here, OperatorError::method)),
        }
    }

    /// Which shard has to have room for a change at `path`.
    fn shard(&self, path: &str) -> Shard {
        let storefront = path.split('/').nth(2).and_then(|name| self.names.number(name));
        storefront.map_or(Shard::Customers { slot: 0 }, |storefront| Shard::Storefront { storefront, slot: 0 })
    }

    async fn serve(&self, request: Request, caller: &Caller) -> Reply {
        let (head, body) = request.into_parts();
        let below = head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
        // Who is busy may want to know with what.
        if !head.method.is_safe() && below != log::PATH {
            self.backend.admits(self.shard(below))?;
        }
        let parts = request::parts(below)?;
        let path: Vec<&str> = parts.iter().map(String::as_str).collect();
        Preconditions::refuse(&head.headers).map_err(OperatorError::Problem)?;
        let acts = allowed(&path).is_some_and(|methods| !methods.contains("GET"));
        let query = head.uri.query().unwrap_or_default();
        if matches!(head.method, Method::GET | Method::HEAD) && !acts {
            return match path[..] {
                ["log"] => self.log(query),
                _ => self.reader(caller.now_ms).read(&path, query).await,
            };
        }
        request::Filters::of(query)?.end()?;
        let most = if matches!(path[..], ["offerings", _, _, "seats"]) { body::LARGE } else { BODY_MAX };
        let too_long = |_| OperatorError::invalid("body", format!("the body is at most {most} bytes"));
        body::is_plain(&head.headers).map_err(OperatorError::Problem)?;
        let body = to_bytes(body, most).await.map_err(too_long)?;
        let body = body::text(body).map_err(OperatorError::Problem)?;
        self.act(&head.method, &path, &body, caller).await
    }
}

/// The methods that something at `path` takes; `None` if there is nothing.
fn allowed(path: &[&str]) -> Option<&'static str> {
    match path {
        [] | ["parked" | "orders"] | ["parked", _] | ["orders", _, _] | ["orders", _, _, "timeline"] => Some("GET"),
        ["offerings"] => Some("GET, POST"),
        ["offerings", _, _] => Some("GET, PATCH, DELETE"),
        ["log"] => Some("GET, PUT"),
        ["points", _] => Some("GET, POST, PUT"),
        ["parked", _, "redrive" | "give-up"]
        | ["orders", _, _, "cancel" | "retry" | "give-up"]
        | ["deliveries", _, _, "dispatch" | "complete"]
        | ["offerings", _, _, "stock" | "reopen" | "seats" | "cancel-orders"] => Some("POST"),
        _ => None,
    }
}

fn response(body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Mounted for Operator {
    fn answer(&self, request: Request, caller: Caller) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async move {
            match self.serve(request, &caller).await {
                Ok(body) => response(&body),
                Err(error) => error.into_problem().answer(caller.correlation).map(Body::from),
            }
        })
    }

    fn is_compressed(&self) -> bool {
        true
    }

    fn title(&self) -> &'static str {
        "Operator"
    }

    fn paths(&self) -> Vec<String> {
        ["orders", "parked", "offerings"].map(str::to_owned).into()
    }
}
