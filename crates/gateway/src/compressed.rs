//! Long answers go out compressed to who takes that: documents, lists, seat maps. Not the answers to orders, which are short.

use std::convert::Infallible;
use std::future::ready;

use axum::body::{Body, HttpBody};
use http::{HeaderValue, Method, Request, Response, header};
use tower::{ServiceExt, service_fn};
use tower_http::CompressionLevel;
use tower_http::compression::Compression;

/// From this length on it pays, in bytes: what is shorter goes out in three packets or less.
const LEAST: u64 = 4_096;

/// What the client of `request` takes, where its answer may be compressed.
pub(crate) fn taken(request: &Request<Body>) -> Option<HeaderValue> {
    if *request.method() == Method::GET { request.headers().get(header::ACCEPT_ENCODING).cloned() } else { None }
}

/// `response`, compressed if that is `taken` and pays.
pub(crate) async fn compressed(taken: HeaderValue, response: Response<Body>) -> Response<Body> {
    // Of a stream nobody knows how long it is.
    if response.body().size_hint().exact().is_none_or(|length| length < LEAST) {
        return response;
    }
    let mut request = Request::new(Body::empty());
    request.headers_mut().insert(header::ACCEPT_ENCODING, taken);
    let mut response = Some(response);
    let answer = service_fn(move |_: Request<Body>| ready(Ok::<_, Infallible>(response.take().unwrap_or_default())));
    let compression = Compression::new(answer).quality(CompressionLevel::Fastest);
    let Ok(answer) = compression.oneshot(request).await;
    let mut answer = answer.map(Body::new);
    if answer.headers().contains_key(header::CONTENT_ENCODING) {
        weaken(&mut answer);
    }
    answer
}

/// Makes the ETag one that says that the same is meant, and not that each byte is: RFC 9110, 8.8.1.
fn weaken(answer: &mut Response<Body>) {
    let strong = answer.headers().get(header::ETAG).filter(|etag| etag.as_bytes().starts_with(b"\""));
    if let Some(Ok(weak)) = strong.map(|etag| HeaderValue::from_bytes(&[b"W/", etag.as_bytes()].concat())) {
        answer.headers_mut().insert(header::ETAG, weak);
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn sent(takes: &'static str, length: usize) -> (Option<String>, Option<String>, usize) {
        let mut response = Response::new(Body::from("x".repeat(length)));
        response.headers_mut().insert(header::ETAG, HeaderValue::from_static("\"7\""));
        let answer = compressed(HeaderValue::from_static(takes), response).await;
        let text = |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (encoding, etag) = (text(header::CONTENT_ENCODING), text(header::ETAG));
        (encoding, etag, answer.into_body().collect().await.unwrap().to_bytes().len())
    }

    #[tokio::test]
    async fn what_is_long_is_compressed_for_who_takes_it() {
        let (encoding, etag, length) = sent("gzip, deflate, br", 100_000).await;
        assert_eq!((encoding.as_deref(), etag.as_deref()), (Some("gzip"), Some("W/\"7\"")));
        assert!(length < 2_000, "{length}");
        for (takes, length) in
            [("identity", 100_000), ("gzip;q=0", 100_000), ("br", 100_000), ("gzip", 4_095), ("gzip", 0)]
        {
            assert_eq!(sent(takes, length).await, (None, Some("\"7\"".to_owned()), length), "{takes} {length}");
        }
    }
}
