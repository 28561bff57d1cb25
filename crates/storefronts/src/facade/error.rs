//! How a facade says no: the old fields of an error body, with a code for programs and the fields at fault.

use axum::body::Body;
use contracts::{Code, Rejection};
use http::{HeaderValue, Method, Response, StatusCode, header};
use serde::Serialize;

use super::{dates, empty, media};
use crate::port::Refused;
use crate::{Attribute, Resource};

pub(super) type Answered = Result<Response<Body>, FacadeError>;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum FacadeError {
    /// 404 without a body: no such item.
    Missing,
    /// 406 without a body.
    NotAcceptable,
    /// Anything that is explained.
    Explained(Box<Problem>),
}

/// An error that is explained.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
    errors: Vec<FieldError>,
    allow: Option<&'static str>,
    retry_after_s: Option<u32>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize)]
pub(super) struct FieldError {
    pub field: String,
    pub message: String,
}

/// The body of an error, in the order of its fields.
#[derive(Serialize)]
struct ErrorBody<'a> {
    timestamp: String,
    status: u16,
    error: &'a str,
    message: &'a str,
    path: &'a str,
    code: &'a str,
    errors: &'a [FieldError],
}

impl FacadeError {
    fn explained(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Explained(Box::new(Problem {
            status,
            code,
            message,
            errors: Vec::new(),
            allow: None,
            retry_after_s: None,
        }))
    }

    pub fn unknown_path() -> Self {
        Self::explained(StatusCode::NOT_FOUND, "not-found", "there is nothing at this path")
    }

    pub fn malformed(message: impl Into<String>) -> Self {
        Self::explained(StatusCode::BAD_REQUEST, "malformed", message)
    }

    pub fn too_large(limit: usize) -> Self {
        Self::explained(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("a body may have {limit} bytes at most"))
    }

    pub fn unsupported_media(message: impl Into<String>) -> Self {
        Self::explained(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", message)
    }

    /// 412: a precondition of the client's is not met.
    pub fn precondition(message: impl Into<String>) -> Self {
        Self::explained(StatusCode::PRECONDITION_FAILED, Code::VersionChanged.as_str(), message)
    }

    /// 409: a test of a patch failed, at the field called `name`.
    pub fn test(name: &str) -> Self {
        let message = format!("the test of {name} failed: it has another value");
        let errors = vec![FieldError { field: name.to_owned(), message: message.clone() }];
        Self::conflict(Code::VersionChanged, message).with(|problem| problem.errors = errors)
    }

    pub fn conflict(code: Code, message: impl Into<String>) -> Self {
        Self::explained(StatusCode::CONFLICT, code.as_str(), message)
    }

    pub fn method_not_allowed(method: &Method, allow: &'static str) -> Self {
        let failure = Self::explained(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            format!("{method} is not possible here, only {allow}"),
        );
        failure.with(|problem| problem.allow = Some(allow))
    }

    /// 400 for these fields.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let message = errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect::<Vec<_>>();
        let failure = Self::explained(StatusCode::BAD_REQUEST, Code::InvalidValue.as_str(), message.join("; "));
        failure.with(|problem| problem.errors = errors)
    }

    /// 400 for one field.
    pub fn invalid_field(field: &str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    /// What the shop refused; `of` gives the field the client's name.
    pub fn refused(refused: Refused, of: &Resource) -> Self {
        match refused {
            Refused::Rejection(rejection) if rejection.code == Code::NotFound => Self::Missing,
            Refused::Rejection(rejection) => Self::rejected(rejection, of),
            Refused::Busy { retry_after_s } => {
                let failure =
                    Self::explained(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "not now; try again later");
                failure.with(|problem| problem.retry_after_s = Some(retry_after_s))
            }
            Refused::Unknown => Self::explained(
                StatusCode::INTERNAL_SERVER_ERROR,
                "outcome-unknown",
                "it is not known whether this was done; ask again with the same Idempotency-Key, or look before you ask again",
            ),
            Refused::Fault(_) => Self::explained(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "something went wrong; nothing is known of it here",
            ),
        }
    }

    fn rejected(rejection: Rejection, of: &Resource) -> Self {
        let status = match rejection.code {
            Code::UnknownReference | Code::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            // With a field it is a test that failed, without one the version that `If-Match` names.
            Code::VersionChanged if rejection.field.is_none() => StatusCode::PRECONDITION_FAILED,
            Code::InvalidValue => StatusCode::BAD_REQUEST,
            _ => StatusCode::CONFLICT,
        };
        let failure = Self::explained(status, rejection.code.as_str(), rejection.message);
        failure.with(|problem| {
            if let Some(field) = rejection.field {
                let named = Attribute::parse(&field, &field).and_then(|attribute| of.name_of(&attribute));
                let field = named.map_or(field.clone(), str::to_owned);
                problem.errors = vec![FieldError { field, message: problem.message.clone() }];
            }
        })
    }

    /// Whether it tells of `code`.
    pub fn is_of(&self, code: Code) -> bool {
        matches!(self, Self::Explained(problem) if problem.code == code.as_str())
    }

    fn with(mut self, change: impl FnOnce(&mut Problem)) -> Self {
        if let Self::Explained(problem) = &mut self {
            change(problem);
        }
        self
    }

    /// The answer that tells it.
    pub fn response(self, path: &str, now_ms: u64, is_head: bool) -> Response<Body> {
        match self {
            Self::Missing => empty(StatusCode::NOT_FOUND),
            Self::NotAcceptable => empty(StatusCode::NOT_ACCEPTABLE),
            Self::Explained(problem) => problem.response(path, now_ms, is_head),
        }
    }
}

impl Problem {
    fn response(&self, path: &str, now_ms: u64, is_head: bool) -> Response<Body> {
        let body = ErrorBody {
            timestamp: dates::iso(now_ms).unwrap_or_default(),
            status: self.status.as_u16(),
            error: self.status.canonical_reason().unwrap_or_default(),
            message: &self.message,
            path,
            code: self.code,
            errors: &self.errors,
        };
        let bytes = if is_head { Vec::new() } else { serde_json::to_vec(&body).unwrap_or_default() };
        let mut response = Response::new(Body::from(bytes));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media::JSON));
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
