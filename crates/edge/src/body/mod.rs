//! Reads the JSON of a request. Read once where it is right; only where it is wrong again, to name the fields.

mod repair;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use service::body::Unread;

use crate::{DoorCode, Problem, Wrongs};

use repair::{Repaired, ShapeError};

/// The longest body of a call that takes little, in bytes.
pub const SMALL: usize = 64 * 1024;
/// The longest body of a call that takes a house full of seats, in bytes.
pub const LARGE: usize = 2 * 1024 * 1024;

const CODE: DoorCode = DoorCode::UnsupportedMediaType;

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
    let named =
        |why: Unread| Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::InvalidJson, "body", why.to_string());
    service::body::text(bytes).map_err(named)
}

/// A body was longer than `limit`.
pub fn too_large(limit: usize) -> Problem {
    let message = format!("a body has at most {limit} bytes here");
    Problem::of_field(StatusCode::PAYLOAD_TOO_LARGE, DoorCode::BodyTooLarge, "body", message)
}

/// A body ended before it was complete.
pub fn cut_off() -> Problem {
    Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::InvalidJson, "body", "the body ended early")
}

/// What the body says.
///
/// # Errors
/// 400 if it is no JSON, 422 if it is not of this shape: with the fields.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    read_all(bytes, |_, _| {})
}

/// What the body says, once `check` has found nothing wrong with it. Of a body whose shape is wrong somewhere the rest is checked, too.
///
/// # Errors
/// The same, with what `check` has found.
pub fn read_all<T: DeserializeOwned>(bytes: &[u8], check: impl Fn(&T, &mut Wrongs)) -> Result<T, Problem> {
    let mut wrongs = Wrongs::default();
    match serde_json::from_slice(bytes) {
        Ok(read) => {
            check(&read, &mut wrongs);
            wrongs.end().map(|()| read)
        }
        Err(error) => Err(wrong(bytes, &error, check)),
    }
}

fn wrong<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error, check: impl Fn(&T, &mut Wrongs)) -> Problem {
    let no_json = |why: String| Problem::of_field(StatusCode::BAD_REQUEST, DoorCode::InvalidJson, "body", why);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return no_json("the body is empty".to_owned());
    }
    if let Err(error) = std::str::from_utf8(bytes) {
        return no_json(format!("the body is not UTF-8 from byte {} on", error.valid_up_to()));
    }
    // What is no JSON at all is told so, even where a wrong field comes before.
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(bytes);
    if let Err(error) = is_json {
        return no_json(error.to_string());
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Ok(_) => no_json(error.to_string()),
        Err(error) => of_shape(bytes, &error, check),
    }
}

fn of_shape<T: DeserializeOwned>(
    bytes: &[u8],
    error: &serde_path_to_error::Error<serde_json::Error>,
    check: impl Fn(&T, &mut Wrongs),
) -> Problem {
    let first = ShapeError::of(error);
    if error.inner().classify() == Category::Syntax {
        return Problem::at_place(StatusCode::BAD_REQUEST, DoorCode::InvalidJson, &first.at, first.message);
    }
    let mut wrongs = Wrongs::default();
    wrongs.add(first.problem());
    let repaired = Repaired::of(bytes, &first, &mut wrongs);
    if let Some(read) = &repaired.read {
        let mut further = Wrongs::default();
        check(read, &mut further);
        further.within(|field| repaired.is_sent(field)).into_iter().for_each(|problem| wrongs.add(problem));
    }
    wrongs.end().err().unwrap_or_else(|| first.problem())
}
