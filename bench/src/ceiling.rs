//! The machine's ceiling: the gateway's HTTP stack with nothing behind it, and with one group-committed append and nothing else.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use store::sqlite::SqliteStore;
use store::{Journal, Record};
use tokio::sync::{oneshot, watch};
use world::{Clock, SystemClock};

/// How many requests wait for the journal.
const QUEUE: usize = 8_192;
/// How many go into one append.
const BATCH: usize = 1_024;
/// The largest body.
const BODY: usize = 64 * 1024;

/// An order as a client of the shop writes it.
#[derive(Debug, Deserialize)]
struct OrderRequest {
    offering: String,
    quantity: u32,
    customer: String,
}

#[derive(Serialize)]
struct Money {
    amount: u64,
    currency: &'static str,
}

/// An answer of the size of the shop's.
#[derive(Serialize)]
struct Order<'a> {
    id: &'static str,
    storefront: &'static str,
    offering: &'a str,
    customer: &'a str,
    quantity: u32,
    seats: [&'a str; 0],
    total: Money,
    state: &'static str,
    reason: Option<&'a str>,
    placed_at: &'static str,
    decided_at: &'static str,
    cancelled_at: Option<&'a str>,
    payment: Option<&'a str>,
    delivery: Option<&'a str>,
    points: u64,
    version: u64,
}

type Waiting = (Bytes, oneshot::Sender<()>);

/// Serves until the process is told to stop.
///
/// # Errors
/// If it cannot listen, or has no journal.
pub fn run(data: &Path) -> Result<(), String> {
    let store = SqliteStore::open(data, &[]).map_err(|error| error.to_string())?;
    let journal = store.journal().map_err(|error| error.to_string())?;
    let (waiting, waits) = sync_channel(QUEUE);
    let writing = std::thread::spawn(move || append(&waits, Box::new(journal)));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(serve(waiting))?;
    writing.join().map_err(|_| "the journal's thread panicked".to_owned())?
}

async fn serve(waiting: SyncSender<Waiting>) -> Result<(), String> {
    let (stop, stopped) = watch::channel(false);
    let router = Router::new().fallback(handle).with_state(Arc::new(waiting));
    let connections = service::Connections::new(service::Limits::default());
    let listening = service::listen(([127, 0, 0, 1], 0).into(), router, &connections, stopped).await?;
    println!("the ceiling is ready on http://{}", listening.address);
    service::signalled(|| {}).await.map_err(|error| error.to_string())?;
    stop.send_replace(true);
    listening.drained().await;
    Ok(())
}

/// One record and one sync for all that wait.
fn append(waits: &Receiver<Waiting>, mut journal: Box<dyn Journal>) -> Result<(), String> {
    let (clock, mut last) = (SystemClock, (0, 0));
    while let Ok(first) = waits.recv() {
        let taken: Vec<Waiting> = std::iter::once(first).chain(waits.try_iter().take(BATCH - 1)).collect();
        let body: Vec<u8> = taken.iter().flat_map(|(body, _)| body.iter().copied()).collect();
        let record = Record::after(last.1, last.0 + 1, clock.now(), body.into());
        journal.append(&record).map_err(|error| error.to_string())?;
        last = (record.seq, record.sum);
        for (_, done) in taken {
            let _ = done.send(());
        }
        journal.checkpoint().map_err(|error| error.to_string())?;
    }
    Ok(())
}

async fn handle(State(waiting): State<Arc<SyncSender<Waiting>>>, request: Request) -> Response<Body> {
    let appends = match request.uri().path() {
        "/readyz" => return empty(StatusCode::OK),
        "/null" => false,
        "/append" => true,
        _ => return empty(StatusCode::NOT_FOUND),
    };
    let Ok(body) = axum::body::to_bytes(request.into_body(), BODY).await else {
        return empty(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let Ok(order) = serde_json::from_slice::<OrderRequest>(&body) else { return empty(StatusCode::BAD_REQUEST) };
    if appends {
        let (done, durable) = oneshot::channel();
        if waiting.try_send((body, done)).is_err() || durable.await.is_err() {
            return empty(StatusCode::SERVICE_UNAVAILABLE);
        }
    }
    answer(&order)
}

fn answer(order: &OrderRequest) -> Response<Body> {
    let order = Order {
        id: "1000000000000001",
        storefront: "rush",
        offering: &order.offering,
        customer: &order.customer,
        quantity: order.quantity,
        seats: [],
        total: Money { amount: 150_000 * u64::from(order.quantity), currency: "KRW" },
        state: "confirmed",
        reason: None,
        placed_at: "2026-11-21T05:00:00.000Z",
        decided_at: "2026-11-21T05:00:00.001Z",
        cancelled_at: None,
        payment: None,
        delivery: None,
        points: 7_500,
        version: 3,
    };
    let mut response = Response::new(Body::from(serde_json::to_vec(&order).unwrap_or_default()));
    *response.status_mut() = StatusCode::CREATED;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
