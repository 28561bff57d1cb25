//! A client of one storefront, in this process.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value as Json;
use storefronts::port::{CallContext, Refused};
use storefronts::{Facade, Mount};

use crate::fake::FakeShop;

/// What the usual command-line client accepts.
pub const HTTPIE: (&str, &str) = ("accept", "application/json, */*;q=0.5");
pub const NOW_MS: u64 = 1_732_240_000_000;

pub struct Client {
    facade: Facade,
    shop: Arc<FakeShop>,
    pub mount: Mount,
    pub context: CallContext,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Client {
    pub fn of(storefront: &str) -> Self {
        let all = storefronts::shipped().unwrap();
        let storefront = all.into_iter().find(|one| one.recipe.name == storefront).unwrap();
        let shop = Arc::new(FakeShop::new(storefront.clone()));
        let context = CallContext { now_ms: NOW_MS, origin: "http://h".to_owned(), ..CallContext::default() };
        Self { facade: Facade::new(storefront, shop.clone()), shop, mount: Mount::default(), context }
    }

    pub fn shop_refuses(&self, refused: Option<Refused>) {
        *self.shop.refuses.lock().unwrap() = refused;
    }

    pub async fn send(&self, method: &str, uri: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.facade.handle(request.body(body.into()).unwrap(), &self.mount, &self.context).await;
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub async fn get(&self, uri: &str) -> Answer {
        self.send("GET", uri, &[], "").await
    }

    pub async fn post(&self, uri: &str, body: &str) -> Answer {
        self.send("POST", uri, &[HTTPIE, ("content-type", "application/json")], body.to_owned()).await
    }

    pub async fn patch(&self, uri: &str, body: &str) -> Answer {
        self.send("PATCH", uri, &[HTTPIE, ("content-type", "application/json")], body.to_owned()).await
    }

    pub async fn put(&self, uri: &str, body: &str) -> Answer {
        self.send("PUT", uri, &[HTTPIE, ("content-type", "application/json")], body.to_owned()).await
    }

    pub async fn delete(&self, uri: &str) -> Answer {
        self.send("DELETE", uri, &[HTTPIE], "").await
    }
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The names of the fields at a JSON pointer, in order.
    pub fn keys(&self, pointer: &str) -> Vec<String> {
        self.json().pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect()
    }

    pub fn at(&self, pointer: &str) -> Json {
        self.json().pointer(pointer).cloned().unwrap_or_else(|| panic!("nothing at {pointer} of {}", self.text))
    }
}
