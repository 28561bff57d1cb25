//! Why a client of the timeline or of the live events was not served: RFC 9457.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;

/// Why.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such thing.
    NotFound(String),
    /// Another method is meant.
    Method,
    /// A part of the request is wrong: which, and why.
    Field(&'static str, String),
    /// Too many are served already.
    Busy,
    /// The machine failed; the log says why.
    Fault,
}

impl Problem {
    /// What the store said is logged, and not shown.
    pub fn fault(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "the journal could not be read for a client");
        Self::Fault
    }

    /// The answer.
    pub fn answer(self, correlation: u64) -> Response<Body> {
        let (status, code, detail, field) = match self {
            Self::NotFound(what) => (StatusCode::NOT_FOUND, "not-found", what, None),
            Self::Method => {
                let detail = "only GET is answered here".to_owned();
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail, None)
            }
            Self::Field(field, why) => {
                (StatusCode::BAD_REQUEST, "invalid", format!("{field}: {why}"), Some((field, why)))
            }
            Self::Busy => {
                (StatusCode::SERVICE_UNAVAILABLE, "busy", "too many listen; come again in a moment".to_owned(), None)
            }
            Self::Fault => {
                let detail = "it could not be done; the log says why".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, "fault", detail, None)
            }
        };
        let errors: Vec<_> =
            field.iter().map(|(field, message)| json!({ "field": field, "message": message })).collect();
        let body = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or("Error"),
            "status": status.as_u16(),
            "detail": detail,
            "code": code,
            "errors": errors,
            "correlation_id": format!("{correlation:016x}"),
        });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("GET"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
