//! `/healthz`, `/readyz`, `/metrics`: for whoever keeps the process up. Open to all who reach the port; the metrics say how much is sold.

use axum::body::Body;
use http::{Response, StatusCode, header};
use service::Health;

/// Answers a probe; `None` if `path` is not one.
pub(crate) fn answer(
    path: &str,
    health: &Health,
    metrics: &(dyn Fn() -> String + Send + Sync),
) -> Option<Response<Body>> {
    match path {
        "/healthz" => Some(text(StatusCode::OK, "text/plain; charset=utf-8", "alive\n".to_owned())),
        "/readyz" => Some(match health.ready() {
            Ok(()) => text(StatusCode::OK, "text/plain; charset=utf-8", "ready\n".to_owned()),
            Err(why) => {
                text(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", format!("not ready: {why}\n"))
            }
        }),
        "/metrics" => {
            let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            Some(text(StatusCode::OK, media, metrics()))
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
