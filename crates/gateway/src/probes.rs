//! `/healthz`, `/readyz`, `/metrics`: for whoever keeps the process up. Open to all who reach the port; the metrics say how much is sold.

use axum::body::Body;
use edge::headers::liking;
use http::{HeaderMap, Response, StatusCode, header};
use service::Health;

/// Writes the metrics: in the OpenMetrics text format, or in that of Prometheus.
pub type Metrics = dyn Fn(MetricsFormat) -> String + Send + Sync;

/// How metrics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricsFormat {
    /// OpenMetrics 1.0.
    Open,
    /// The text format of Prometheus, 0.0.4, which every program reads.
    Plain,
}

const OPEN: &str = "application/openmetrics-text";
const PLAIN: &str = "text/plain";

impl MetricsFormat {
    /// What a client with `headers` likes best; OpenMetrics only where it is asked for by its name.
    fn of(headers: &HeaderMap) -> Self {
        let open = liking(headers, OPEN);
        if open > 0 && open >= liking(headers, PLAIN) { Self::Open } else { Self::Plain }
    }

    fn media(self) -> &'static str {
        match self {
            Self::Open => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Plain => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// Answers a probe; `None` if `path` is not one.
pub(crate) fn answer(path: &str, headers: &HeaderMap, health: &Health, metrics: &Metrics) -> Option<Response<Body>> {
    match path {
        "/healthz" => Some(text(StatusCode::OK, "text/plain; charset=utf-8", "alive\n".to_owned())),
        "/readyz" => Some(match health.ready() {
            Ok(()) => text(StatusCode::OK, "text/plain; charset=utf-8", "ready\n".to_owned()),
            Err(why) => {
                text(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", format!("not ready: {why}\n"))
            }
        }),
        "/metrics" => {
            let format = MetricsFormat::of(headers);
            let mut page = text(StatusCode::OK, format.media(), metrics(format));
            page.headers_mut().insert(header::VARY, http::HeaderValue::from_static("accept"));
            Some(page)
        }
        _ => None,
    }
}

pub(crate) fn text(status: StatusCode, media: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(media));
    response
}
