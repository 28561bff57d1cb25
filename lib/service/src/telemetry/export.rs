//! Sends spans, some at a time, behind everybody's back.

use std::time::Duration;

use axum::body::Body;
use hyper::{Request, Uri, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::span::{Span, request};

/// So many groups of spans wait to be sent; more are dropped.
const QUEUE: usize = 256;
/// So many spans are sent together, or what there is after a moment.
const TOGETHER: usize = 512;
const MOMENT: Duration = Duration::from_millis(500);
/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Takes spans.
#[derive(Debug, Clone)]
pub struct Spans(mpsc::Sender<Vec<Span>>);

impl Spans {
    /// Sends `spans` later, or drops them if too many are waiting.
    pub fn send(&self, spans: Vec<Span>) {
        let _ = self.0.try_send(spans);
    }
}

/// The sending.
#[derive(Debug)]
pub struct Exporting(JoinHandle<()>);

impl Exporting {
    /// Waits until what was taken is sent, but not for long. Every [`Spans`] must be gone.
    pub async fn flushed(self) {
        let _ = tokio::time::timeout(PATIENCE * 2, self.0).await;
    }
}

/// Begins to send spans to the collector at `endpoint`, such as `http://127.0.0.1:4318`.
///
/// # Errors
/// If that is no address of a collector.
pub fn start_traces(endpoint: &str) -> Result<(Spans, Exporting), String> {
    let wrong = |why: &str| format!("telemetry.otlp_endpoint {endpoint:?}: {why}");
    let url = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    let url: Uri = url.parse().map_err(|_| wrong("not an address"))?;
    if url.scheme_str() != Some("http") || url.host().is_none() {
        return Err(wrong("say http://HOST:PORT of a collector near by; it passes traces on over TLS"));
    }
    let (sender, receiver) = mpsc::channel(QUEUE);
    Ok((Spans(sender), Exporting(tokio::spawn(run(url, receiver)))))
}

async fn run(url: Uri, mut receiver: mpsc::Receiver<Vec<Span>>) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let mut failing = false;
    while let Some(mut spans) = receiver.recv().await {
        let more = async {
            while spans.len() < TOGETHER {
                let Some(next) = receiver.recv().await else { break };
                spans.extend(next);
            }
        };
        let _ = tokio::time::timeout(MOMENT, more).await;
        match send(&client, &url, &spans).await {
            Ok(()) => failing = false,
            Err(why) if !failing => {
                failing = true;
                tracing::warn!(%url, why, "traces cannot be sent; they are dropped until that goes well again");
            }
            Err(_) => {}
        }
    }
}

async fn send(client: &Client<HttpConnector, Body>, url: &Uri, spans: &[Span]) -> Result<(), String> {
    let request = Request::post(url.clone())
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(request(spans).to_string()))
        .map_err(|error| error.to_string())?;
    let answered = tokio::time::timeout(PATIENCE, client.request(request)).await;
    let answer = answered.map_err(|_| "no answer in time".to_owned())?.map_err(|error| error.to_string())?;
    if answer.status().is_success() { Ok(()) } else { Err(format!("the collector answered {}", answer.status())) }
}
