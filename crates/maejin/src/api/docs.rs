//! Pages that are always the same: the OpenAPI document, and the one that people read.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use futures_util::future::BoxFuture;
use gateway::{Caller, Mounted};
use http::{HeaderValue, Method, Response, header};

use ::api::Problem;

/// The document of v1, and the page that shows it to people. A client needs a token unless the shop is `open`.
pub fn pages(open: bool) -> (Page, Page) {
    let document = ::api::document::document(env!("CARGO_PKG_VERSION"), open);
    let page = ::api::document::page(&document);
    let document = Page::new("v1 as OpenAPI", "application/json", document.to_string());
    (document, Page::new("v1 for people", "text/html; charset=utf-8", page))
}

/// A page.
pub struct Page {
    title: &'static str,
    media: &'static str,
    body: Bytes,
}

impl Page {
    /// `body` of the type `media`, called `title`.
    fn new(title: &'static str, media: &'static str, body: impl Into<Bytes>) -> Self {
        Self { title, media, body: body.into() }
    }
}

impl Mounted for Page {
    fn answer(&self, request: Request, caller: Caller) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async move {
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                return Problem::method("GET, HEAD").answer(caller.correlation).map(Body::from);
            }
            let mut response = Response::new(Body::from(self.body.clone()));
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
            response
        })
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn paths(&self) -> Vec<String> {
        Vec::new()
    }
}
