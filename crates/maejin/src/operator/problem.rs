//! Why the operator was not served, and how that is said (RFC 9457).

use axum::body::Body;
use contracts::{Code, Rejection};
use engine::NotDone;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use store::StoreError;

/// Why the operator was not served.
#[derive(Debug)]
pub enum Problem {
    /// There is nothing there.
    NotFound(String),
    /// Another method is meant, one of these.
    Method(&'static str),
    /// What was sent cannot be meant: the field, and why.
    Invalid(String, String),
    /// The business says no.
    Rejected(Rejection),
    /// The machine failed.
    NotDone(NotDone),
}

impl Problem {
    /// There is nothing at this address.
    pub fn nothing_here() -> Self {
        Self::NotFound("there is nothing here".to_owned())
    }

    /// Nothing is parked as `id`.
    pub fn nothing_parked(id: &str) -> Self {
        Self::NotFound(format!("nothing is parked as {id}; maejin parked list shows what is"))
    }

    /// `field` cannot be what was sent.
    pub fn invalid(field: &str, why: impl Into<String>) -> Self {
        Self::Invalid(field.to_owned(), why.into())
    }

    /// It as a problem document.
    pub fn document(&self) -> Value {
        let (status, code, detail) = self.told();
        let title = status.canonical_reason().unwrap_or("Error");
        let mut body =
            json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "code": code, "detail": detail });
        let field = match self {
            Self::Invalid(field, _) => Some(field.as_str()),
            Self::Rejected(rejection) => rejection.field.as_deref(),
            _ => None,
        };
        if let Some(field) = field {
            body["errors"] = json!([{ "field": field, "message": detail }]);
        }
        body
    }

    fn told(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::NotFound(why) => (StatusCode::NOT_FOUND, Code::NotFound.as_str(), why.clone()),
            Self::Method(allowed) => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", format!("another method is meant: {allowed}"))
            }
            Self::Invalid(_, why) => (StatusCode::UNPROCESSABLE_ENTITY, Code::InvalidValue.as_str(), why.clone()),
            Self::Rejected(rejection) => (rejected(rejection.code), rejection.code.as_str(), rejection.message.clone()),
            Self::NotDone(NotDone::Busy | NotDone::Stopped) => {
                (StatusCode::SERVICE_UNAVAILABLE, "busy", "send it again in a moment".to_owned())
            }
            Self::NotDone(NotDone::Fault(why)) => (StatusCode::INTERNAL_SERVER_ERROR, "fault", why.clone()),
            Self::NotDone(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "fault", "it could not be done; the log says why".to_owned())
            }
        }
    }

    /// It as an answer over HTTP.
    pub fn response(&self) -> Response<Body> {
        if let Self::NotDone(why) = self
            && !matches!(why, NotDone::Busy | NotDone::Stopped)
        {
            tracing::error!(%why, "an operator was not served");
        }
        let (status, ..) = self.told();
        let mut response = answer(status, "application/problem+json", &self.document());
        if let Self::Method(allow) = self {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

fn rejected(code: Code) -> StatusCode {
    match code {
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::InvalidValue => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::NotDone(error.into())
    }
}

impl From<NotDone> for Problem {
    fn from(why: NotDone) -> Self {
        Self::NotDone(why)
    }
}

/// A JSON answer.
pub fn answer(status: StatusCode, media: &'static str, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
