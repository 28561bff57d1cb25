//! One address: who comes in, and where each request goes.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use service::Health;
use world::{Clock, Random};

use crate::identity::Identity;
use crate::requests::{Requests, Route};
use crate::{index, probes};

/// The header that carries what ties together everything that one request brings about.
const CORRELATION: &str = "x-correlation-id";
/// The highest correlation id: it fits a positive `i64`.
const CORRELATION_MAX: u64 = u64::MAX >> 1;
/// The longest idempotency key that is taken.
const KEY_MAX: usize = 255;

/// What is known of a caller.
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// The present moment, in milliseconds since the Unix epoch.
    pub now_ms: u64,
    /// Ties together everything that the request brings about; below 2^63.
    pub correlation: u64,
    /// The client's `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// Whether what the request says of the address that the client used is to be believed.
    pub trusted_hop: bool,
}

/// Something that answers below a prefix.
pub trait Mounted: Send + Sync + 'static {
    /// Answers one request, whose path still has the prefix.
    fn answer(&self, request: Request, caller: Caller) -> BoxFuture<'_, Response<Body>>;
    /// What people call it.
    fn title(&self) -> &str;
    /// Under which name its requests are counted, where that is not its prefix.
    fn route(&self) -> Option<&str> {
        None
    }
    /// Where one may look first, below the prefix.
    fn paths(&self) -> Vec<String>;
}

/// An address, with what is behind it.
pub struct Door {
    /// Below which prefix what answers; an empty prefix takes all that no other one does.
    pub mounts: Vec<(String, Arc<dyn Mounted>)>,
    /// What a caller must show.
    pub identity: Identity,
    /// Whether the process is ready.
    pub health: Arc<Health>,
    /// Where requests are counted.
    pub requests: Requests,
    /// Writes the metrics.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Whether the hop before this one says the truth about the client's address.
    pub trusted_hop: bool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes correlation ids.
    pub random: Arc<dyn Random>,
}

impl Door {
    /// The door as a router.
    pub fn router(self) -> Router {
        let name = |(prefix, mounted): &(String, Arc<dyn Mounted>)| {
            self.requests.route(mounted.route().unwrap_or(prefix.trim_matches('/')))
        };
        let routes = Routes { mounts: self.mounts.iter().map(name).collect(), other: self.requests.route("other") };
        Router::new().fallback(counted).with_state(Arc::new((self, routes)))
    }

    fn place(&self, path: &str) -> Option<usize> {
        let below = |prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || prefix.is_empty() || rest.starts_with('/'))
        };
        self.mounts.iter().position(|(prefix, _)| below(prefix))
    }

    fn caller(&self, headers: &HeaderMap) -> Result<Caller, &'static str> {
        let given = headers.get(CORRELATION).and_then(|value| value.to_str().ok());
        let given = given.filter(|text| text.len() == 16).and_then(|text| u64::from_str_radix(text, 16).ok());
        let correlation =
            given.filter(|id| *id <= CORRELATION_MAX).unwrap_or_else(|| self.random.next_u64() & CORRELATION_MAX);
        let idempotency_key = match headers.get("idempotency-key").map(HeaderValue::to_str) {
            None => None,
            Some(Ok(key)) if (1..=KEY_MAX).contains(&key.len()) => Some(key.to_owned()),
            Some(_) => return Err("an Idempotency-Key has 1 to 255 visible characters"),
        };
        let (now_ms, trusted_hop) = (self.clock.now(), self.trusted_hop);
        Ok(Caller { now_ms, correlation, idempotency_key, trusted_hop })
    }
}

/// Where the requests of a door are counted: for each of its mounts, and for what goes to none of them.
struct Routes {
    mounts: Vec<Arc<Route>>,
    other: Arc<Route>,
}

async fn counted(State(state): State<Arc<(Door, Routes)>>, request: Request) -> Response<Body> {
    let (door, routes) = &*state;
    let (began, method) = (Instant::now(), request.method().clone());
    let place = door.place(request.uri().path());
    let response = handle(door, place, request).await;
    let route = place.map_or(&routes.other, |place| &routes.mounts[place]);
    route.count(&method, response.status(), began.elapsed());
    response
}

async fn handle(door: &Door, place: Option<usize>, request: Request) -> Response<Body> {
    let path = request.uri().path();
    if let Some(response) = probes::answer(path, &door.health, &*door.metrics) {
        return response;
    }
    if !door.identity.admits(request.headers()) {
        return unauthorized();
    }
    let Some((_, mounted)) = place.map(|place| &door.mounts[place]) else {
        return if path == "/" { start(door) } else { problem(StatusCode::NOT_FOUND, "there is nothing here") };
    };
    let caller = match door.caller(request.headers()) {
        Ok(caller) => caller,
        Err(why) => return problem(StatusCode::BAD_REQUEST, why),
    };
    let correlation = caller.correlation;
    let (method, shown) = (request.method().clone(), tracing::enabled!(tracing::Level::DEBUG).then(|| path.to_owned()));
    let mut response = mounted.answer(request, caller).await;
    let id = format!("{correlation:016x}");
    if let Some(path) = shown {
        tracing::debug!(%method, path, status = response.status().as_u16(), correlation_id = id, "request");
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(CORRELATION, id);
    }
    response
}

fn start(door: &Door) -> Response<Body> {
    index::page(door.mounts.iter().map(|(prefix, mounted)| (prefix.as_str(), mounted.title(), mounted.paths())))
}

fn unauthorized() -> Response<Body> {
    let mut response = problem(StatusCode::UNAUTHORIZED, "a bearer token is needed");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"maejin\""));
    response
}

fn problem(status: StatusCode, detail: &str) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or("Error");
    let body =
        serde_json::json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
    probes::text(status, "application/problem+json", body.to_string())
}
