//! Sends spans, some at a time, behind everybody's back.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{Request, Uri};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use outbound::Client;
use prost::Message;
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
/// More than a collector says of what it took.
const ANSWER_MAX_BYTES: usize = 64 * 1024;

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

/// Begins to send spans to the collector at `endpoint`, such as `http://127.0.0.1:4318` or `https://otlp.example`.
///
/// # Errors
/// If that is no address of a collector, or TLS cannot be set up.
pub fn start_traces(endpoint: &str) -> Result<(Spans, Exporting), String> {
    let wrong = |why: &dyn std::fmt::Display| format!("telemetry.otlp_endpoint {endpoint:?}: {why}");
    let url = outbound::below(endpoint, &["v1", "traces"]);
    let url = url.ok_or_else(|| wrong(&"say http://HOST:PORT or https://HOST of a collector"))?;
    let client = Client::new(PATIENCE).map_err(|error| wrong(&error))?;
    let (sender, receiver) = mpsc::channel(QUEUE);
    Ok((Spans(sender), Exporting(tokio::spawn(run(client, url, receiver)))))
}

async fn run(client: Client, url: Uri, mut receiver: mpsc::Receiver<Vec<Span>>) {
    let mut failing = false;
    while let Some(mut spans) = receiver.recv().await {
        let more = async {
            while spans.len() < TOGETHER {
                let Some(next) = receiver.recv().await else { break };
                spans.extend(next);
            }
        };
        let _ = tokio::time::timeout(MOMENT, more).await;
        match send(&client, &url, spans).await {
            Ok(()) => failing = false,
            Err(why) if !failing => {
                failing = true;
                tracing::warn!(%url, why, "traces cannot be sent; they are dropped until that goes well again");
            }
            Err(_) => {}
        }
    }
}

async fn send(client: &Client, url: &Uri, spans: Vec<Span>) -> Result<(), String> {
    let body = request(spans).encode_to_vec();
    let call = Request::post(url).header(CONTENT_TYPE, "application/x-protobuf").body(body.into());
    let call = call.map_err(|error| error.to_string())?;
    let answer = client.call(call, ANSWER_MAX_BYTES).await.map_err(|error| error.to_string())?;
    if !answer.status.is_success() {
        return Err(format!("the collector answered {}", answer.status));
    }
    refused(&answer.body).map_or(Ok(()), Err)
}

/// What a collector says that it did not take. One that answers with success and something else took all.
fn refused(body: &[u8]) -> Option<String> {
    let partial = ExportTraceServiceResponse::decode(body).ok()?.partial_success?;
    let (many, why) = (partial.rejected_spans, partial.error_message);
    (many > 0).then(|| format!("the collector refused {many} spans: {why}"))
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;

    use super::*;

    #[test]
    fn a_collector_that_took_a_part_only_is_heard() {
        let answer = |rejected_spans| {
            let error_message = "too old".to_owned();
            let partial_success = Some(ExportTracePartialSuccess { rejected_spans, error_message });
            ExportTraceServiceResponse { partial_success }.encode_to_vec()
        };
        assert_eq!(refused(&answer(3)).as_deref(), Some("the collector refused 3 spans: too old"));
        for fine in [answer(0), Vec::new(), b"{}".to_vec()] {
            assert_eq!(refused(&fine), None);
        }
    }
}
