//! Reads the JSON of a request. Read once where it is right; only where it is wrong once more, to name the field.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use service::body::Unread;

use crate::Problem;

/// The longest body of a call that takes little, in bytes.
pub const SMALL: usize = 64 * 1024;
/// The longest body of a call that takes a house full of seats, in bytes.
pub const LARGE: usize = 2 * 1024 * 1024;

const CODE: &str = "unsupported-media-type";

/// Refuses a body that does not say that it is JSON.
///
/// # Errors
/// 415.
pub fn is_json(headers: &HeaderMap, also: &str) -> Result<(), Problem> {
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    is_plain(headers)?;
    let media = headers.get(header::CONTENT_TYPE).map_or("", |value| value.to_str().unwrap_or_default());
    let media = media.split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/json") || (!also.is_empty() && media.eq_ignore_ascii_case(also)) {
        return Ok(());
    }
    let message = "the body is application/json";
    Err(Problem::of_field(status, CODE, "Content-Type", message))
}

/// Refuses a body that is compressed.
///
/// # Errors
/// 415.
pub fn is_plain(headers: &HeaderMap) -> Result<(), Problem> {
    let named =
        |why: Unread| Problem::of_field(StatusCode::UNSUPPORTED_MEDIA_TYPE, CODE, "Content-Encoding", why.to_string());
    service::body::is_plain(headers).map_err(named)
}

/// The text of a body, without the mark that it may begin with.
///
/// # Errors
/// 400 if it is not UTF-8 by its own word.
pub fn text(bytes: Bytes) -> Result<Bytes, Problem> {
    let named = |why: Unread| Problem::of_field(StatusCode::BAD_REQUEST, "invalid-json", "body", why.to_string());
    service::body::text(bytes).map_err(named)
}

/// A body was longer than `limit`.
pub fn too_large(limit: usize) -> Problem {
    let message = format!("a body has at most {limit} bytes here");
    Problem::of_field(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "body", message)
}

/// A body ended before it was complete.
pub fn cut_off() -> Problem {
    Problem::of_field(StatusCode::BAD_REQUEST, "invalid-json", "body", "the body ended early")
}

/// What the body says.
///
/// # Errors
/// 400 if it is no JSON, 422 if it is not of this shape: with the field.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| wrong::<T>(bytes, &error))
}

fn wrong<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> Problem {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Problem::of_field(StatusCode::BAD_REQUEST, "invalid-json", "body", "the body is empty");
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        let message = format!("the body is not UTF-8 from byte {} on", error.valid_up_to());
        return Problem::of_field(StatusCode::BAD_REQUEST, "invalid-json", "body", message);
    }
    // What is no JSON at all is told so, even where a wrong field comes before.
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(bytes);
    if let Err(error) = is_json {
        return Problem::of_field(StatusCode::BAD_REQUEST, "invalid-json", "body", error.to_string());
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Ok(_) => Problem::of_field(StatusCode::BAD_REQUEST, "invalid-json", "body", error.to_string()),
        Err(error) => of_shape(&error),
    }
}

fn of_shape(error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let (path, inner) = (error.path().to_string(), error.inner());
    let message = inner.to_string();
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    if inner.classify() == Category::Syntax {
        return Problem::of_field(StatusCode::BAD_REQUEST, "invalid-json", &path, message);
    }
    let named = ["unknown field `", "missing field `", "duplicate field `"];
    let named = named.iter().find_map(|begin| message.strip_prefix(begin)?.split('`').next());
    let parent = if path == "." { "" } else { path.as_str() };
    let field = match named {
        Some(name) if parent == name || parent.ends_with(&format!(".{name}")) => parent.to_owned(),
        Some(name) if parent.is_empty() || parent == "?" => name.to_owned(),
        Some(name) => format!("{}.{name}", parent.trim_end_matches(".?")),
        None if parent.is_empty() => "body".to_owned(),
        None => parent.to_owned(),
    };
    let code = if message.starts_with("unknown field") { "unknown-field" } else { "invalid-body" };
    Problem::of_field(StatusCode::UNPROCESSABLE_ENTITY, code, &field, message)
}
