//! Pages that are always the same: the OpenAPI document, and the one that people read.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use futures_util::future::BoxFuture;
use gateway::{Caller, Entry, Mounted};
use http::{HeaderValue, Method, Response, header};

use edge::Problem;
use edge::preconditions::Preconditions;
use edge::query::Query;

use crate::document;

/// They change with the version of the shop alone.
const KEPT: &str = "public, max-age=300";
/// Where people read of v1.
pub(super) const DOCS: &str = "/docs";
/// Where the document is.
pub(super) const OPENAPI: &str = "/openapi.json";

/// What describes v1, each at its path: pages for people, and the document. A client needs a token unless the shop is `open`. A page below
/// another one comes before it.
pub fn pages(open: bool) -> Vec<Page> {
    const HTML: &str = "text/html; charset=utf-8";
    let document = document::document(env!("CARGO_PKG_VERSION"), open);
    vec![
        Page::new(document::PROBLEMS, "Problems of v1", HTML, document::problems()),
        Page::new(document::EVENTS, "Events", HTML, document::events()),
        Page::new(DOCS, "v1 for people", HTML, document::page(&document)),
        Page::new(OPENAPI, "v1 as OpenAPI", "application/json", document.to_string()),
    ]
}

/// A page.
pub struct Page {
    /// Where it is, and the only place where it is.
    pub path: &'static str,
    title: &'static str,
    media: &'static str,
    body: Bytes,
}

impl Page {
    /// `body` of the type `media` at `path`, called `title`.
    fn new(path: &'static str, title: &'static str, media: &'static str, body: impl Into<Bytes>) -> Self {
        Self { path, title, media, body: body.into() }
    }

    fn page(&self, request: &Request) -> Result<Response<Body>, Problem> {
        if request.uri().path() != self.path {
            return Err(Problem::not_found("there is nothing here"));
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Problem::method("GET, HEAD"));
        }
        Query::read(request.uri().query(), &[])?;
        Preconditions::refuse(request.headers())?;
        let mut response = Response::new(Body::from(self.body.clone()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(KEPT));
        Ok(response)
    }
}

impl Mounted for Page {
    fn answer(&self, request: Request, caller: Caller) -> BoxFuture<'_, Response<Body>> {
        let page = self.page(&request);
        let page = page.unwrap_or_else(|problem| problem.answer(caller.correlation).map(Body::from));
        Box::pin(std::future::ready(page))
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn entry(&self, _: &str) -> Entry {
        Entry::Everybody
    }

    fn is_for_pages(&self) -> bool {
        true
    }

    fn is_compressed(&self) -> bool {
        true
    }

    fn start(&self) -> &'static str {
        ""
    }

    fn paths(&self) -> Vec<String> {
        Vec::new()
    }
}
