//! Reads the body of a write: its size, its media type, and its JSON object straight into the declared fields.

use std::fmt;

use axum::body::{Body, Bytes};
use http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value as Json;

use super::error::FacadeError;
use super::media;
use crate::Resource;

/// The longest body that a facade reads, in bytes. The rows that it takes are a few hundred.
pub const BODY_LIMIT: usize = 64 * 1024;

/// What a client sent: declared fields by their place, each once, and the `id`, all still as JSON.
#[derive(Debug, Default)]
pub(super) struct ParsedBody {
    pub id: Option<Json>,
    pub fields: Vec<(usize, Json)>,
}

impl ParsedBody {
    /// Puts in the field at `place`; the last word counts.
    pub fn set(&mut self, place: usize, json: Json) {
        match self.fields.iter_mut().find(|(at, _)| *at == place) {
            Some((_, old)) => *old = json,
            None => self.fields.push((place, json)),
        }
    }
}

/// Whether a body is a JSON Patch; fails where it is no JSON at all. Nothing said counts as JSON.
pub(super) fn is_json_patch(headers: &HeaderMap) -> Result<bool, FacadeError> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(false) };
    let media = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media.strip_prefix("application/") {
        Some(_) if media == media::JSON_PATCH => Ok(true),
        Some(kind) if kind == "json" || kind.ends_with("+json") => Ok(false),
        _ => Err(FacadeError::unsupported_media("the body must be application/json")),
    }
}

/// The whole body, or 413; one that is compressed is not read.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, FacadeError> {
    service::body::is_plain(headers).map_err(|why| FacadeError::unsupported_media(why.to_string()))?;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > BODY_LIMIT) {
        return Err(FacadeError::too_large(BODY_LIMIT));
    }
    match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(collected) => {
            service::body::text(collected.to_bytes()).map_err(|why| FacadeError::malformed(why.to_string()))
        }
        Err(error) if error.is::<LengthLimitError>() => Err(FacadeError::too_large(BODY_LIMIT)),
        Err(_) => Err(FacadeError::malformed("the body ended early")),
    }
}

/// The JSON object of a body.
pub(super) fn object(bytes: &[u8], of: &Resource) -> Result<ParsedBody, FacadeError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let sent = ObjectOf(of).deserialize(&mut reader).and_then(|sent| reader.end().map(|()| sent));
    sent.map_err(|error| FacadeError::malformed(format!("no JSON object: {error}")))
}

struct ObjectOf<'a>(&'a Resource);

impl<'de> DeserializeSeed<'de> for ObjectOf<'_> {
    type Value = ParsedBody;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<ParsedBody, D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectOf<'_> {
    type Value = ParsedBody;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ParsedBody, A::Error> {
        let mut sent = ParsedBody { id: None, fields: Vec::with_capacity(self.0.fields.len()) };
        while let Some(key) = map.next_key_seed(KeyOf(self.0))? {
            match key {
                Key::Field(place) => sent.set(place, map.next_value()?),
                Key::Id => sent.id = Some(map.next_value()?),
                Key::Unknown => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(sent)
    }
}

enum Key {
    Field(usize),
    Id,
    Unknown,
}

struct KeyOf<'a>(&'a Resource);

impl<'de> DeserializeSeed<'de> for KeyOf<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Key, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyOf<'_> {
    type Value = Key;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        Ok(match self.0.position(name) {
            Some(place) => Key::Field(place),
            None if name == "id" => Key::Id,
            None => Key::Unknown,
        })
    }
}
