//! One call: what the client sent, and how it is answered.

use std::sync::{Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use backend::{Ask, IdempotencyKey};
use contracts::{Code, Message, Rejection};
use gateway::{Address, Caller};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, EXPECT};
use http::request::Parts;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::BodyExt;
use serde::Serialize;

use crate::shapes;
use edge::body::cut_off;
use edge::preconditions::Preconditions;
use edge::query::Query;
use edge::{Problem, body, headers};

use edge::fingerprint;

/// So much of a body that is too long is read before it is refused: a client that is still sending would not see the answer.
const READ_ON: usize = 32 * 1024 * 1024;
const JSON: &str = "application/json";

/// What is answered.
pub(crate) type Reply = Result<Response<Body>, Problem>;

/// A call.
pub(crate) struct Call {
    pub parts: Parts,
    pub caller: Caller,
    /// What a hop before this process took away from the path.
    pub prefix: String,
    /// Never locked: a body alone cannot be seen from two threads, and a call is.
    body: Mutex<Body>,
    /// How much of the body was read.
    length: usize,
    /// Why the body is wrong, if there is one where none is meant.
    unmeant: Option<Problem>,
}

impl Call {
    pub(super) fn new(request: Request, caller: Caller) -> Self {
        let (parts, body) = request.into_parts();
        let told = caller.trusted_hop.then(|| Address::of(&parts.uri, &parts.headers, true).prefix);
        Self { prefix: told.unwrap_or_default(), parts, caller, body: Mutex::new(body), length: 0, unmeant: None }
    }

    /// Refuses a client that cannot read the answer, parameters that are not `known`, and preconditions: there is nothing to compare them
    /// with.
    pub(crate) fn query(&self, known: &[&str]) -> Result<Query<'_>, Problem> {
        let query = self.readable(known)?;
        Preconditions::refuse(&self.parts.headers)?;
        Ok(query)
    }

    /// The same for a call about something that has a version, and takes no parameters: in which version it is meant.
    pub(super) fn preconditions(&self) -> Result<Preconditions, Problem> {
        self.readable(&[])?;
        Preconditions::of(&self.parts.headers)
    }

    /// The same, with parameters.
    pub(super) fn query_and_preconditions(&self, known: &[&str]) -> Result<(Query<'_>, Preconditions), Problem> {
        Ok((self.readable(known)?, Preconditions::of(&self.parts.headers)?))
    }

    fn readable(&self, known: &[&str]) -> Result<Query<'_>, Problem> {
        self.has_no_body()?;
        headers::accepts(&self.parts.headers, JSON)?;
        Query::read(self.parts.uri.query(), known)
    }

    /// The JSON body of at most `limit` bytes; `also` is another media type that it may have.
    pub(super) async fn json(&mut self, limit: usize, also: &str) -> Result<Bytes, Problem> {
        let bytes = self.bytes(limit).await?;
        body::is_json(&self.parts.headers, also)?;
        body::text(bytes)
    }

    /// Remembers whether there is a body where none is meant. Told by the calls themselves, since another method may be what is wrong.
    pub(super) async fn look_for_body(&mut self) {
        self.unmeant = self.no_body().await.err();
    }

    /// Refuses what [`Self::look_for_body`] found.
    pub(crate) fn has_no_body(&self) -> Result<(), Problem> {
        self.unmeant.clone().map_or(Ok(()), Err)
    }

    /// Refuses a body where none is meant; white space and `{}` are none.
    pub(crate) async fn no_body(&mut self) -> Result<(), Problem> {
        match self.json_if_any(body::SMALL).await? {
            Some(bytes) => body::read::<shapes::Nothing>(&bytes).map(|_| ()),
            None => Ok(()),
        }
    }

    /// The JSON body of at most `limit` bytes, if there is one; white space is none.
    pub(super) async fn json_if_any(&mut self, limit: usize) -> Result<Option<Bytes>, Problem> {
        let bytes = body::text(self.bytes(limit).await?)?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        body::is_json(&self.parts.headers, "").map(|()| Some(bytes))
    }

    /// Reads what is left of the body and forgets it: a client that is still sending would not see the answer. One that waits to be told
    /// to go on is told otherwise.
    pub(super) async fn drain(&mut self) {
        if !self.parts.headers.contains_key(EXPECT) {
            let _ = self.bytes(0).await;
        }
    }

    async fn bytes(&mut self, limit: usize) -> Result<Bytes, Problem> {
        let told = self.parts.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        if told.is_some_and(|told| told > READ_ON) {
            return Err(body::too_large(limit));
        }
        let (mut first, mut rest) = (Bytes::new(), Vec::new());
        let body = self.body.get_mut().unwrap_or_else(PoisonError::into_inner);
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| cut_off())?.into_data() else { continue };
            self.length += data.len();
            if self.length > READ_ON {
                break;
            }
            if self.length > limit {
                (first, rest) = (Bytes::new(), Vec::new());
            } else if first.is_empty() && rest.is_empty() {
                first = data;
            } else {
                if rest.is_empty() {
                    rest.extend_from_slice(&first);
                }
                rest.extend_from_slice(&data);
            }
        }
        match () {
            () if self.length > limit => Err(body::too_large(limit)),
            () if rest.is_empty() => Ok(first),
            () => Ok(rest.into()),
        }
    }

    /// The key of this call as the shop knows it.
    pub(super) fn key(&self) -> Option<String> {
        self.caller.idempotency_key.as_ref().map(|key| format!("v1 {key}"))
    }

    /// The command of this call. `content` is everything that must be the same for a repetition of it; it is looked at only where there is a
    /// key.
    pub(super) fn command(&self, message: impl Into<Message>, content: impl Serialize) -> Ask {
        let key = self.key().map(|key| IdempotencyKey { key, fingerprint: fingerprint_of(&content) });
        Ask::of(message, self.caller.correlation).with_key(key)
    }

    /// An answer with `etag`; 304 if the client has it, 412 if it wants another one.
    pub(super) fn known<T: Serialize>(&self, meant: &Preconditions, etag: &str, shape: &T) -> Reply {
        if meant.has(etag)? {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(with(response, ETAG, etag));
        }
        Ok(with(json(StatusCode::OK, shape), ETAG, etag))
    }
}

/// What stands for what a client asked: the fingerprint of its JSON, in which a field that is not there is not named. So a field that is
/// added later changes nothing for a key that was given before.
fn fingerprint_of(content: &impl Serialize) -> u64 {
    fingerprint(&serde_json::to_vec(content).expect("what was read as JSON can be written as JSON"))
}

/// An answer in JSON.
pub(crate) fn json<T: Serialize>(status: StatusCode, shape: &T) -> Response<Body> {
    let body = serde_json::to_vec(shape).expect("what v1 shows can be written as JSON");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    response
}

/// The same answer with one more header.
pub(super) fn with(mut response: Response<Body>, name: HeaderName, value: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// A refusal by the business, with the names that clients of v1 know.
pub(super) fn refused(rejection: &Rejection) -> Problem {
    let header = match rejection.code {
        Code::KeyReused => Some("Idempotency-Key".to_owned()),
        Code::VersionChanged => Some("If-Match".to_owned()),
        _ => None,
    };
    if header.is_some() {
        return Problem::refused(&Rejection { field: header, ..rejection.clone() }, str::to_owned);
    }
    Problem::refused(rejection, |field| match field {
        "unit-price" => "price".to_owned(),
        "left" => "stock".to_owned(),
        "seat" | "seat-column" => "seats".to_owned(),
        other => other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;

    /// What a client sent, written again as it is hashed.
    fn written<T: DeserializeOwned + Serialize>(sent: &str) -> String {
        serde_json::to_string(&serde_json::from_str::<T>(sent).unwrap()).unwrap()
    }

    /// The fingerprints stand in stores: whoever changes one of these breaks keys that were given before.
    #[test]
    fn what_is_asked_is_hashed_in_one_form_for_good() {
        let sent =
            r#"{"customer":"1","quantity":2.0,"price":{"currency":"KRW","amount":5},"offering":"1","seats":null}"#;
        let order = r#"{"offering":"1","quantity":2,"customer":"1","price":{"amount":5,"currency":"KRW"}}"#;
        assert_eq!(written::<shapes::NewOrder>(sent), order);
        let seats = r#"{"name":"A","seats":[{"row":"A","number":1,"price":{"amount":5,"currency":"KRW"}}]}"#;
        assert_eq!(written::<shapes::NewOffering>(seats), seats);
        let change = r#"{"name":"B","on_sale_from":"2026-11-21T12:00:00Z","on_sale_until":null}"#;
        assert_eq!(written::<shapes::OfferingChange>(change), change);
        assert_eq!(written::<shapes::AddStock>(r#"{"add":1}"#), r#"{"add":1}"#);
        let order: shapes::NewOrder = serde_json::from_str(order).unwrap();
        assert_eq!(fingerprint_of(&("place", 1_u32, &order)), 5_900_420_818_252_610_366);
    }
}
