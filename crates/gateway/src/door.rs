//! One address: who comes in, and where each request goes.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use edge::{DoorCode, Problem};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use service::{Crowded, Health, Remotes};
use world::{Clock, Random};

use crate::address::Address;
use crate::identity::{Entry, Identity};
use crate::layers::{self, Origins};
use crate::probes::Metrics;
use crate::requests::{Requests, Route};
use crate::tickets::Tickets;
use crate::turned_away::TurnedAway;
use crate::{address, compressed, index, probes};

/// The header that carries what ties together everything that one request brings about.
pub(crate) const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
/// The highest correlation id: it fits a positive `i64`.
const CORRELATION_MAX: u64 = u64::MAX >> 1;
pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The header by which a client says how long it waits.
pub(crate) const PREFER: HeaderName = HeaderName::from_static("prefer");
/// Where a client says which event it had last.
pub(crate) const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");
/// When a client may come again where there are too many connections, in seconds.
const RETRY_AFTER_S: u32 = 1;
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
    /// Who may see what is at `path`, which still has the prefix.
    fn entry(&self, _path: &str) -> Entry {
        Entry::Token
    }
    /// Whether pages of others may call it, where some may.
    fn is_for_pages(&self) -> bool {
        false
    }
    /// Whether its long answers may be compressed.
    fn is_compressed(&self) -> bool {
        false
    }
    /// Where one begins, behind the prefix.
    fn start(&self) -> &str {
        "/"
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
    /// What stands in the place of the token where a page cannot show one.
    pub tickets: Tickets,
    /// Whether the process is ready.
    pub health: Arc<Health>,
    /// Where requests are counted.
    pub requests: Requests,
    /// Where it is counted who was not let in.
    pub turned_away: TurnedAway,
    /// Writes the metrics.
    pub metrics: Arc<Metrics>,
    /// Whether the hop before this one says the truth about the client's address.
    pub trusted_hop: bool,
    /// From where pages of others may call.
    pub origins: Origins,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes correlation ids.
    pub random: Arc<dyn Random>,
    /// Where it is remembered on whose behalf requests come, if that is of use to anybody.
    pub remotes: Option<Remotes>,
}

impl Door {
    /// The door as a router.
    pub fn router(self) -> Router {
        let name = |(prefix, mounted): &(String, Arc<dyn Mounted>)| {
            self.requests.route(mounted.route().unwrap_or(prefix.trim_matches('/')))
        };
        let routes = Routes { mounts: self.mounts.iter().map(name).collect(), other: self.requests.route("other") };
        let door = Arc::new((self, routes));
        let for_pages = door.0.mounts.iter().filter(|(prefix, mounted)| mounted.is_for_pages() && !prefix.is_empty());
        let prefixes: Vec<&str> = for_pages.map(|(prefix, _)| prefix.as_str()).collect();
        layers::around(Router::new().fallback(counted).with_state(door.clone()), &prefixes, &door.0.origins)
    }

    fn place(&self, path: &str) -> Option<usize> {
        let below = |prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || prefix.is_empty() || rest.starts_with('/'))
        };
        self.mounts.iter().position(|(prefix, _)| below(prefix))
    }

    /// The id of a request: the one that it brings, or a new one.
    fn correlation(&self, headers: &HeaderMap) -> u64 {
        let given = headers.get(CORRELATION).and_then(|value| value.to_str().ok());
        let given = given.filter(|text| text.len() == 16).and_then(|text| u64::from_str_radix(text, 16).ok());
        given.filter(|id| *id <= CORRELATION_MAX).unwrap_or_else(|| self.random.next_u64() & CORRELATION_MAX)
    }

    /// Who is let in at `place` with `request`, or why nobody is.
    fn caller(&self, place: Option<usize>, request: &Request, correlation: u64) -> Result<Caller, Problem> {
        let (headers, now_ms) = (request.headers(), self.clock.now());
        if let Err(lacking) = self.identity.admit(headers) {
            let entry = place.map_or(Entry::Token, |place| self.mounts[place].1.entry(request.uri().path()));
            let admitted = match entry {
                Entry::Everybody => Ok(()),
                Entry::Token => Err(lacking),
                Entry::Ticket => self.tickets.admit(request.uri().query(), now_ms).unwrap_or(Err(lacking)),
            };
            admitted.map_err(|lacking| self.turned_away.refuse(lacking, now_ms, correlation))?;
        }
        let (idempotency_key, trusted_hop) = (idempotency_key(headers)?, self.trusted_hop);
        Ok(Caller { now_ms, correlation, idempotency_key, trusted_hop })
    }
}

/// The key that makes a repetition of a request known, if it has one.
fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut keys = headers.get_all(KEY).iter().map(HeaderValue::as_bytes);
    let why = match (keys.next(), keys.next()) {
        (None, _) => return Ok(None),
        (Some(key), None) if (1..=KEY_MAX).contains(&key.len()) && key.iter().all(u8::is_ascii_graphic) => {
            return Ok(Some(String::from_utf8_lossy(key).into_owned()));
        }
        (Some(_), None) => format!("1 to {KEY_MAX} visible ASCII characters"),
        (Some(_), Some(_)) => "it is there twice".to_owned(),
    };
    Err(Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::InvalidHeader, "Idempotency-Key", why))
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
    let taken = place.filter(|place| door.mounts[*place].1.is_compressed()).and_then(|_| compressed::taken(&request));
    let mut response = handle(door, place, request).await;
    if let Some(taken) = taken {
        response = Box::pin(compressed::compressed(taken, response)).await;
    }
    let route = place.map_or(&routes.other, |place| &routes.mounts[place]);
    route.count(&method, response.status(), began.elapsed());
    response
}

async fn handle(door: &Door, place: Option<usize>, request: Request) -> Response<Body> {
    let path = request.uri().path();
    let named = address::names_one_host(request.version(), request.uri(), request.headers());
    if named.is_ok()
        && let Some(response) = probes::answer(path, request.headers(), &door.health, &*door.metrics)
    {
        return response;
    }
    let (method, shown) = (request.method().clone(), tracing::enabled!(tracing::Level::DEBUG).then(|| path.to_owned()));
    let correlation = door.correlation(request.headers());
    let answered = match named {
        Ok(()) => let_in(door, place, request, correlation).await,
        Err(problem) => Err(problem),
    };
    let mut response = answered.unwrap_or_else(|problem| problem.answer(correlation).map(Body::from));
    let id = format!("{correlation:016x}");
    if let Some(path) = shown {
        tracing::debug!(%method, path, status = response.status().as_u16(), correlation_id = id, "request");
    }
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(CORRELATION, id);
    }
    response
}

async fn let_in(
    door: &Door,
    place: Option<usize>,
    request: Request,
    correlation: u64,
) -> Result<Response<Body>, Problem> {
    if request.extensions().get::<Crowded>().is_some() {
        return Err(Problem::busy(RETRY_AFTER_S));
    }
    let caller = door.caller(place, &request, correlation)?;
    if let Some(remotes) = &door.remotes
        && !request.method().is_safe()
    {
        remotes.remember(correlation, request.headers());
    }
    match place {
        Some(place) => {
            let is_safe = request.method().is_safe();
            let unanswered = || if is_safe { Problem::fault() } else { Problem::outcome_unknown() };
            calmly(door.mounts[place].1.answer(request, caller)).await.ok_or_else(unanswered)
        }
        None if request.uri().path() == "/" => {
            Ok(start(door, &Address::of(request.uri(), request.headers(), door.trusted_hop).prefix))
        }
        None => Err(Problem::not_found("there is nothing here")),
    }
}

/// What `answer` gives; nothing if it panics. That is a fault of its own request alone: its connection goes on.
async fn calmly(answer: BoxFuture<'_, Response<Body>>) -> Option<Response<Body>> {
    let answered = AssertUnwindSafe(answer).catch_unwind().await.ok();
    if answered.is_none() {
        tracing::error!("a request panicked while it was answered");
    }
    answered
}

fn start(door: &Door, before: &str) -> Response<Body> {
    let shown = |(prefix, mounted): &(String, Arc<dyn Mounted>)| {
        let start = format!("{prefix}{}", mounted.start());
        (prefix.clone(), start, mounted.title().to_owned(), mounted.paths())
    };
    index::page(before, door.mounts.iter().map(shown))
}

#[cfg(test)]
mod tests;
