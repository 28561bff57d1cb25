//! A provider that is being served, and a client that can tell an answer from a connection that was cut.

#![expect(clippy::unwrap_used, reason = "all of this runs inside tests")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use sandbox::{Limits, Sandbox};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use world::{Clock, SystemClock};

/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Running {
    pub at: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Running {
    /// In memory, with the machine's clock and the default limits.
    pub async fn new() -> Self {
        Self::with(None, Arc::new(SystemClock), Limits::default()).await
    }

    pub async fn in_folder(folder: PathBuf) -> Self {
        Self::with(Some(folder), Arc::new(SystemClock), Limits::default()).await
    }

    pub async fn with(folder: Option<PathBuf>, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        let sandbox = Sandbox::open_with(folder, clock, limits).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { drop(stopped.await) };
        Self { at, stop, served: tokio::spawn(sandbox::serve(listener, sandbox, shutdown)) }
    }

    /// Stops it, and waits until it is gone.
    pub async fn stop(self) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(PATIENCE, self.served).await.expect("it stops soon").unwrap().unwrap();
    }

    /// Charges 1,000 won to a card.
    pub async fn charge(&self, key: &str, card: &str) -> Option<(u16, Value)> {
        charge(self.at, key, card).await
    }

    pub async fn refund(&self, key: &str, charge_key: &str) -> (u16, Value) {
        let body = json!({ "charge_key": charge_key });
        call(self.at, "POST", "/refunds", Some(key), &body.to_string()).await.expect("a refund is always answered")
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        call(self.at, "GET", path, None, "").await.expect("a question is always answered")
    }

    /// Asks until something is known of a key.
    pub async fn until_known(&self, key: &str) -> Value {
        let asking = async {
            loop {
                if let (200, answer) = self.get(&format!("/charges/{key}")).await {
                    return answer;
                }
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.expect("it is known soon")
    }
}

/// Charges 1,000 won to a card; `None` if the connection was cut without an answer.
pub async fn charge(at: SocketAddr, key: &str, card: &str) -> Option<(u16, Value)> {
    let body = json!({ "amount": 1_000, "currency": "KRW", "card": card, "description": "a ticket" });
    call(at, "POST", "/charges", Some(key), &body.to_string()).await
}

/// One call on a connection of its own; `None` if that was cut without an answer.
pub async fn call(at: SocketAddr, method: &str, path: &str, key: Option<&str>, body: &str) -> Option<(u16, Value)> {
    let stream = TcpStream::connect(at).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let mut request = Request::builder().method(method).uri(path).header("host", "sandbox");
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
    let exchange = async move {
        let response = sender.send_request(request).await.ok()?;
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Some((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    };
    let both = async { tokio::join!(exchange, connection).0 };
    tokio::time::timeout(PATIENCE, both).await.expect("an answer or a cut comes soon")
}
