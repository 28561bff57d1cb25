//! What a request asks for: the place its path names, and what every answer needs to know of the call.

use http::{HeaderMap, Method, header, request::Parts};

use super::error::FacadeError;
use super::links::Links;
use super::{Check, Mount, Resource, Storefront};
use crate::port::CallContext;
use crate::{Search, SearchAnswer};

/// A request without its body.
pub(super) struct Call<'a> {
    pub method: &'a Method,
    pub headers: &'a HeaderMap,
    /// The path below the mount, without a slash at its end.
    pub path: &'a str,
    pub query: &'a str,
    pub links: Links<'a>,
    pub mount: &'a Mount,
    pub context: &'a CallContext,
    full_path: &'a str,
}

impl<'a> Call<'a> {
    pub fn new(parts: &'a Parts, mount: &'a Mount, context: &'a CallContext) -> Self {
        let full_path = parts.uri.path();
        let below =
            full_path.strip_prefix(mount.prefix.as_str()).filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let path = below.unwrap_or(full_path);
        Self {
            method: &parts.method,
            headers: &parts.headers,
            path: path.strip_suffix('/').unwrap_or(path),
            query: parts.uri.query().unwrap_or_default(),
            links: Links::new(parts, path, mount, context),
            mount,
            context,
            full_path,
        }
    }

    /// The path as the client sent it.
    pub fn full_path(&self) -> &str {
        self.full_path
    }

    /// Whether a browser asks if a page from elsewhere may call. It may not.
    pub fn is_foreign_preflight(&self) -> bool {
        *self.method == Method::OPTIONS
            && self.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
            && self.headers.get(header::ORIGIN).is_some_and(|origin| *origin != *self.links.origin())
    }
}

/// What a path names.
pub(super) enum Place<'a> {
    Root,
    Health,
    Profile,
    Schema(&'a Resource),
    Check(&'a Check),
    Collection(&'a Resource),
    /// An item, by the number in its path; none where that is no number.
    Item(&'a Resource, Option<u64>),
    Searches(&'a Resource),
    Search(&'a Resource, &'a Search),
    /// A search method that is only listed.
    Refused,
}

pub(super) fn place<'a>(storefront: &'a Storefront, call: &Call<'_>) -> Result<Place<'a>, FacadeError> {
    let mut segments = call.path.split('/').skip(1);
    let Some(first) = segments.next() else { return Ok(Place::Root) };
    let rest = [segments.next(), segments.next()];
    if segments.next().is_some() {
        return Err(FacadeError::unknown_path());
    }
    match (first, rest) {
        ("actuator", [Some("health"), None]) => Ok(Place::Health),
        ("profile", [None, None]) => Ok(Place::Profile),
        ("profile", [Some(path), None]) => {
            resource(storefront, path, call.mount).map(Place::Schema).ok_or(FacadeError::Missing)
        }
        (path, rest) => match resource(storefront, path, call.mount) {
            Some(of) => below(of, rest),
            None => check(storefront, path, rest, call.mount),
        },
    }
}

/// The resource at `path`, where the mount serves it.
fn resource<'a>(storefront: &'a Storefront, path: &str, mount: &Mount) -> Option<&'a Resource> {
    storefront.resources.iter().find(|resource| resource.path == path && mount.serves(resource))
}

fn below<'a>(of: &'a Resource, rest: [Option<&str>; 2]) -> Result<Place<'a>, FacadeError> {
    match rest {
        [None, _] => Ok(Place::Collection(of)),
        [Some("search"), None] if !of.searches.is_empty() => Ok(Place::Searches(of)),
        [Some("search"), Some(name)] => match of.searches.iter().find(|search| search.name == name) {
            Some(search) if search.answers == SearchAnswer::Refusal => Ok(Place::Refused),
            Some(search) => Ok(Place::Search(of, search)),
            None => Err(FacadeError::Missing),
        },
        [Some(id), None] => Ok(Place::Item(of, number(id))),
        _ => Err(FacadeError::Missing),
    }
}

fn check<'a>(
    storefront: &'a Storefront,
    path: &str,
    rest: [Option<&str>; 2],
    mount: &Mount,
) -> Result<Place<'a>, FacadeError> {
    let found =
        storefront.checks.iter().find(|check| check.path == path && mount.service.as_ref() == Some(&check.service));
    match (found, rest) {
        (Some(check), [None, None]) => Ok(Place::Check(check)),
        _ => Err(FacadeError::unknown_path()),
    }
}

fn number(id: &str) -> Option<u64> {
    let plain = id.bytes().all(|byte| byte.is_ascii_digit());
    id.parse().ok().filter(|number| plain && (1..=contracts::NUMBER_MAX).contains(number))
}

impl Mount {
    pub(super) fn serves(&self, resource: &Resource) -> bool {
        self.service.as_ref().is_none_or(|service| *service == resource.service)
    }
}
