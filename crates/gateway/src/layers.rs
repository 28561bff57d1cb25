//! What stands around a door: layers of others, for what others do as well. Who comes in, the correlation id, counting and the queue's
//! bounds stay in `door.rs`: they need what only a door knows, and cost no box each.
//!
//! No layer ends a request that takes long: what was submitted goes on, and its client would not be told what became of it. How long
//! each wait may be is said where it is waited.

use std::time::Duration;

use axum::Router;
use http::{HeaderValue, Method, Uri, header};
use tower::Layer;
use tower_http::cors::CorsLayer;

/// For how long a browser need not ask again what a page may do.
const PREFLIGHT_KEPT: Duration = Duration::from_secs(600);

/// From where pages of others may call, such as `https://shop.example`. From nowhere, unless told so: then no answer speaks of it.
#[derive(Debug, Clone, Default)]
pub struct Origins(Vec<HeaderValue>);

impl Origins {
    /// Those that `names` are.
    ///
    /// # Errors
    /// Which one is none, and why.
    pub fn try_new(names: &[String]) -> Result<Self, String> {
        names.iter().map(|name| origin(name)).collect::<Result<_, _>>().map(Self)
    }
}

/// An origin as a browser writes it: RFC 6454, 6.2.
fn origin(name: &str) -> Result<HeaderValue, String> {
    let wrong = |why: &str| format!("{name:?} is no origin, such as https://shop.example: {why}");
    let uri: Uri = name.parse().map_err(|_| wrong("it is no address"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong("it has a scheme and a host, and each one is named"));
    };
    let written = format!("{scheme}://{authority}").to_ascii_lowercase();
    match (scheme, authority.port_u16()) {
        (_, _) if authority.as_str().contains('@') => return Err(wrong("there is an account in it")),
        ("https", Some(443)) | ("http", Some(80)) => return Err(wrong("a browser leaves the usual port out")),
        ("http" | "https", _) => {}
        _ => return Err(wrong("its scheme is http or https")),
    }
    if written != name {
        return Err(wrong("it ends behind its host or port, and has no capitals"));
    }
    HeaderValue::try_from(written).map_err(|_| wrong("it is no header"))
}

/// `door` with all that stands around it: below `prefixes` pages of `origins` may call. Where there are none, nothing stands there.
pub(crate) fn around(door: Router, prefixes: &[&str], origins: &Origins) -> Router {
    if origins.0.is_empty() {
        return door;
    }
    let for_pages = cors(origins).layer(door.clone());
    let routes = prefixes.iter().fold(Router::new(), |routes, prefix| {
        let below = format!("{}/{{*rest}}", prefix.trim_end_matches('/'));
        routes.route_service(prefix, for_pages.clone()).route_service(&below, for_pages.clone())
    });
    routes.fallback_service(door)
}

/// A page may do what its caller may, and read what tells of versions, places and requests. It shows a token, and no cookies.
fn cors(origins: &Origins) -> CorsLayer {
    let seen =
        [header::ETAG, header::LOCATION, header::RETRY_AFTER, header::WWW_AUTHENTICATE, super::door::CORRELATION];
    let sent = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        super::door::KEY,
        super::door::PREFER,
        super::door::CORRELATION,
        super::door::LAST_EVENT,
    ];
    CorsLayer::new()
        .allow_origin(origins.0.clone())
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(sent)
        .expose_headers(seen)
        .max_age(PREFLIGHT_KEPT)
}

#[cfg(test)]
mod tests {
    use super::Origins;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        let of = |name: &str| Origins::try_new(&[name.to_owned()]);
        for origin in ["https://shop.example", "http://127.0.0.1:3000", "http://[::1]:8080", "https://a.b.example:8443"]
        {
            assert!(of(origin).is_ok(), "{origin}");
        }
        let wrong =
            ["*", "null", "", "shop.example", "https://shop.example/", "https://shop.example/a", "ftp://a.example"];
        for wrong in wrong.into_iter().chain(["https://Shop.example", "https://me@a.example", "https://a.example:443"])
        {
            assert!(of(wrong).is_err_and(|why| why.contains(wrong)), "{wrong}");
        }
    }
}
