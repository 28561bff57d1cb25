//! A call of v1, said once: where it is, how it is answered, and how it is described. The calls themselves stand beside what answers them,
//! in `routes()` of each file here; the document is made of the same.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use edge::Problem;
use edge::query::decoded;
use futures_util::future::BoxFuture;
use http::Method;
use matchit::Router;
use serde_json::{Value, json};
use storefronts::Storefront;

use super::V1;
use super::call::{Call, Reply};
use crate::document::parts::{answer, idempotency, if_match, if_none_match, in_path, problem, schema};

/// Where the offerings of a storefront are.
pub(crate) const OFFERINGS: &str = "/storefronts/{storefront}/offerings";
/// Where one of them is.
pub(crate) const OFFERING: &str = "/storefronts/{storefront}/offerings/{offering}";
/// Where the orders of a storefront are.
pub(crate) const ORDERS: &str = "/storefronts/{storefront}/orders";
/// Where one of them is.
pub(crate) const ORDER: &str = "/storefronts/{storefront}/orders/{order}";

/// What answers a call: by what its path names.
#[derive(Clone, Copy)]
pub(crate) enum Handler {
    /// Nothing.
    Shop(for<'a> fn(&'a V1, &'a mut Call) -> BoxFuture<'a, Reply>),
    /// A storefront that is served, and the id of something in it; empty where it names none.
    Storefront(for<'a> fn(&'a V1, &'a Arc<Storefront>, &'a str, &'a mut Call) -> BoxFuture<'a, Reply>),
    /// A customer.
    Customer(for<'a> fn(&'a V1, &'a str, &'a mut Call) -> BoxFuture<'a, Reply>),
}

/// A call.
pub(crate) struct Route {
    /// Below the prefix of v1, with names in braces for what differs.
    pub path: &'static str,
    /// In the letters of OpenAPI.
    pub method: &'static str,
    /// What OpenAPI calls an operation.
    pub operation: Value,
    handler: Handler,
}

/// A call that is refused in the ways that every call is.
pub(crate) fn route(
    method: &'static str,
    path: &'static str,
    (tag, name, summary): (&str, &str, &str),
    handler: Handler,
) -> Route {
    let responses = json!({
        "400": problem("A parameter or header is wrong"),
        "401": problem("A token is needed"),
        "406": problem("The client does not accept what this call answers with"),
        "500": problem("The machine failed; with the code `outcome-unknown` it may be done, so ask again with the same `Idempotency-Key`"),
        "503": problem("Busy: again after `Retry-After` seconds"),
    });
    let operation = json!({
        "tags": [tag],
        "operationId": name,
        "summary": summary,
        "parameters": in_path(path),
        "responses": responses,
    });
    let route = Route { path, method, operation, handler };
    if path.contains('{') { route.says("404", problem("There is no such thing")) } else { route }
}

impl Route {
    /// It is answered so, too.
    pub(crate) fn says(mut self, status: &str, answer: Value) -> Self {
        self.operation["responses"][status] = answer;
        self
    }

    /// It has these parameters and headers, too.
    pub(crate) fn takes(mut self, parameters: impl IntoIterator<Item = Value>) -> Self {
        if let Some(known) = self.operation["parameters"].as_array_mut() {
            known.extend(parameters);
        }
        self
    }

    /// It has a body like the schema `name`.
    pub(crate) fn sends(mut self, name: &str) -> Self {
        let content = json!({ "application/json": { "schema": schema(name) } });
        self.operation["requestBody"] = json!({ "required": true, "content": content });
        self.says("413", problem("The body is too long"))
            .says("415", problem("The body is not JSON"))
            .says("422", problem("A field is wrong, or the key was used with another request"))
    }

    /// It may have one.
    pub(crate) fn may_send(self, name: &str) -> Self {
        let mut route = self.sends(name);
        route.operation["requestBody"]["required"] = json!(false);
        route
    }

    /// It is done once for each key.
    pub(crate) fn once(self) -> Self {
        self.takes([idempotency()]).says("422", problem("A field is wrong, or the key was used with another request"))
    }

    /// It tells its version, and is not sent twice.
    pub(crate) fn cached(self) -> Self {
        self.conditional().says("304", answer("The client has it", "", &["ETag"]))
    }

    /// It may say which version is meant.
    pub(crate) fn conditional(self) -> Self {
        self.takes([if_match(), if_none_match()]).says("412", problem("It has another version"))
    }

    /// It must.
    pub(crate) fn versioned(self) -> Self {
        let mut route = self.conditional().says("428", problem("`If-Match` is missing"));
        let parameters = route.operation["parameters"].as_array_mut().into_iter().flatten();
        parameters.filter(|one| one["name"] == "If-Match").for_each(|one| one["required"] = json!(true));
        route
    }
}

/// All calls, found by their paths.
pub(super) struct Routes(Router<Place>);

/// What is at a path.
#[derive(Default)]
struct Place {
    methods: BTreeMap<&'static str, Handler>,
    /// The methods, as a client is told of them.
    allow: String,
}

/// The methods in the order in which a client is told of them.
const TOLD: [(&str, &str); 5] =
    [("get", "GET, HEAD"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")];

impl Routes {
    /// Those of `routes`.
    pub(super) fn of(routes: impl IntoIterator<Item = Route>) -> Self {
        let mut places: BTreeMap<&'static str, Place> = BTreeMap::new();
        for route in routes {
            places.entry(route.path).or_default().methods.insert(route.method, route.handler);
        }
        let mut router = Router::new();
        for (path, mut place) in places {
            let told = TOLD.iter().filter(|(method, _)| place.methods.contains_key(method));
            place.allow = told.map(|(_, told)| *told).collect::<Vec<_>>().join(", ");
            router.insert(root(path), place).expect("no two calls of v1 have paths that differ by a name alone");
        }
        Self(router)
    }

    /// Has the call at `path` answered.
    pub(super) async fn serve(&self, v1: &V1, path: &str, method: &Method, call: &mut Call) -> Reply {
        let Found { place, at, id } = self.find(v1, path)?;
        let method = match *method {
            Method::GET | Method::HEAD => "get",
            Method::POST => "post",
            Method::PUT => "put",
            Method::PATCH => "patch",
            Method::DELETE => "delete",
            _ => "",
        };
        match (place.methods.get(method), at) {
            (Some(Handler::Storefront(answer)), Some(at)) => answer(v1, at, &id, call).await,
            (Some(Handler::Customer(answer)), None) => answer(v1, &id, call).await,
            (Some(Handler::Shop(answer)), None) => answer(v1, call).await,
            _ => Err(Problem::method(&place.allow)),
        }
    }

    fn find<'a>(&'a self, v1: &'a V1, path: &'a str) -> Result<Found<'a>, Problem> {
        let Ok(found) = self.0.at(root(path)) else { return Err(nowhere(v1, path)) };
        let mut names = found.params.iter();
        let (first, second) = (names.next(), names.next());
        let at = match first {
            Some(("storefront", name)) => Some(v1.storefront(&decoded("storefront", name)?)?),
            _ => None,
        };
        let id = match (first, second) {
            (_, Some((name, id))) => decoded(known(name), id)?,
            (Some(("customer", id)), None) => decoded("customer", id)?,
            _ => "".into(),
        };
        Ok(Found { place: found.value, at, id })
    }
}

/// `path` as the router takes it, which knows no empty one: the prefix alone.
fn root(path: &str) -> &str {
    if path.is_empty() { "/" } else { path }
}

/// What a path leads to.
struct Found<'a> {
    place: &'a Place,
    /// The storefront that it names.
    at: Option<&'a Arc<Storefront>>,
    /// The id that it names last; empty if it names none.
    id: Cow<'a, str>,
}

/// The name of a part of a path, as a problem with it is told.
fn known(name: &str) -> &'static str {
    if name == "order" { "order" } else { "offering" }
}

/// Why nothing is at `path`: what is wrong first, from its beginning on.
fn nowhere(v1: &V1, path: &str) -> Problem {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let wrong = || -> Result<(), Problem> {
        match parts[..] {
            ["storefronts", name, ref rest @ ..] => {
                v1.storefront(&decoded("storefront", name)?)?;
                if let ["offerings" | "orders", id, ..] = rest {
                    decoded(if rest[0] == "orders" { "order" } else { "offering" }, id)?;
                }
            }
            ["customers", customer, _] => drop(decoded("customer", customer)?),
            _ => {}
        }
        Ok(())
    };
    wrong().err().unwrap_or_else(super::nothing)
}
