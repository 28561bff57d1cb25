//! What stands around a door: layers of others, for what others do as well. Who comes in, the correlation id, counting and the queue's
//! bounds stay in `door.rs`: they need what only a door knows, and cost no box each.
//!
//! No layer ends a request that takes long: what was submitted goes on, and its client would not be told what became of it. How long
//! each wait may be is said where it is waited.

use axum::Router;
use http::{HeaderValue, Method, header};
use tower::util::option_layer;
use tower_http::cors::CorsLayer;

/// From where pages of others may call, such as `https://shop.example`. From nowhere, unless told so: then no answer speaks of it.
#[derive(Debug, Clone, Default)]
pub struct Origins(pub Vec<HeaderValue>);

/// `router` with all that stands around it.
pub(crate) fn around(router: Router, origins: &Origins) -> Router {
    router.layer(option_layer((!origins.0.is_empty()).then(|| cors(origins))))
}

/// A page may do what its caller may, and read what tells of versions, places and requests.
fn cors(origins: &Origins) -> CorsLayer {
    let seen = [header::ETAG, header::LOCATION, header::RETRY_AFTER, super::door::CORRELATION];
    let sent = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        super::door::KEY,
        super::door::PREFER,
    ];
    CorsLayer::new()
        .allow_origin(origins.0.clone())
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(sent)
        .expose_headers(seen)
}
