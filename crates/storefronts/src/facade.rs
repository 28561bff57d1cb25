//! The one mechanism that serves every storefront's facade: Spring Data REST with HAL, as existing clients know it.

mod body;
mod coerce;
mod dates;
mod error;
mod hal;
mod links;
mod media;
mod negotiate;
mod paging;
mod patch;
mod patches;
mod preconditions;
mod profile;
mod query;
mod reads;
mod route;
mod typed_fields;
mod writes;

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, Response, StatusCode, header};

use crate::port::{CallContext, Shop};
use crate::{Check, Ids, Resource, Storefront, Writes};
use error::{Answered, FacadeError};
use route::{Call, Place};

pub use body::BODY_LIMIT;

/// Where a facade is reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mount {
    /// What stands before its paths: empty, or `/show`. A request may come with it or already without.
    pub prefix: String,
    /// Serve only this service's resources, as on a port of its own; all of them where this is `None`.
    pub service: Option<String>,
}

/// A storefront's facade over its shop.
#[derive(Clone)]
pub struct Facade {
    storefront: Arc<Storefront>,
    shop: Arc<dyn Shop>,
}

impl Facade {
    /// The facade of `storefront` over `shop`.
    pub fn new(storefront: Arc<Storefront>, shop: Arc<dyn Shop>) -> Self {
        Self { storefront, shop }
    }

    /// Answers one request.
    pub async fn handle(&self, request: Request<Body>, mount: &Mount, context: &CallContext) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let call = Call::new(&parts, mount, context);
        match self.answer(&call, body).await {
            Ok(response) => response,
            Err(failure) => failure.response(call.full_path(), context.now_ms, call.method == Method::HEAD),
        }
    }

    async fn answer(&self, call: &Call<'_>, body: Body) -> Answered {
        if call.is_foreign_preflight() {
            return Ok(plain(StatusCode::FORBIDDEN, "Invalid CORS request"));
        }
        let place = route::place(&self.storefront, call)?;
        let allow = allowed(&place);
        if !allow.split(", ").any(|method| method == call.method.as_str()) {
            return Err(FacadeError::method_not_allowed(call.method, allow));
        }
        if let (Place::Collection(of) | Place::Item(of, _), false) = (&place, call.method.is_safe()) {
            self.shop.admits().map_err(|refused| FacadeError::refused(refused, of))?;
        }
        match *call.method {
            Method::OPTIONS => Ok(options(allow)),
            Method::GET => self.get(call, place).await,
            Method::HEAD => self.head(call, place).await,
            Method::POST | Method::PUT | Method::PATCH | Method::DELETE => match place {
                Place::Collection(of) => self.post(call, of, body).await,
                Place::Item(of, number) if *call.method == Method::PUT => self.put(call, of, number, body).await,
                Place::Item(of, number) if *call.method == Method::PATCH => self.patch(call, of, number, body).await,
                Place::Item(of, number) => self.delete(call, of, number).await,
                _ => Err(FacadeError::Missing),
            },
            _ => Err(FacadeError::method_not_allowed(call.method, allow)),
        }
    }
}

/// The methods of a place, as `Allow` tells them.
fn allowed(place: &Place<'_>) -> &'static str {
    const READ: &str = "GET, HEAD, OPTIONS";
    match place {
        Place::Collection(of) if of.writes != Writes::ReadOnly => "GET, HEAD, POST, OPTIONS",
        Place::Item(of, _) if of.writes != Writes::ReadOnly => "GET, HEAD, PUT, PATCH, DELETE, OPTIONS",
        Place::Check(_) => "GET",
        Place::Refused => "OPTIONS",
        _ => READ,
    }
}

fn options(allow: &'static str) -> Response<Body> {
    let mut response = Response::builder().header(header::ALLOW, allow);
    if allow.contains("PATCH") {
        for media in [media::MERGE_PATCH, media::JSON_PATCH, media::JSON] {
            response = response.header("accept-patch", media);
        }
    }
    response.body(Body::empty()).unwrap_or_default()
}

/// A text without a content type, as the old systems sent it.
fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
