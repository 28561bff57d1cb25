//! Why a call is refused, and how that is told.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The call changed nothing, except where it says that this is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("{0}")]
    Invalid(String),
    #[error("this Idempotency-Key came before with another body")]
    KeyReused,
    #[error("nothing is known of this key")]
    NotFound,
    #[error("this sandbox keeps no more charges than it has; begin a new book")]
    Full,
    #[error("too many calls are waiting for an answer; try again later")]
    Busy,
    #[error("the records cannot be written, so what happened is not known; ask again with the same key")]
    NotWritten,
}

impl Refusal {
    fn parts(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Invalid(_) => (StatusCode::BAD_REQUEST, "invalid"),
            Self::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "key-reused"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found"),
            Self::Full => (StatusCode::INSUFFICIENT_STORAGE, "full"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::NotWritten => (StatusCode::SERVICE_UNAVAILABLE, "not-written"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = self.parts();
        (status, Json(json!({ "code": code, "message": self.to_string() }))).into_response()
    }
}
