//! A storefront's facade behind a door.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use futures_util::future::BoxFuture;
use gateway::{Address, Caller, Mounted};
use http::Response;
use storefronts::port::CallContext;
use storefronts::{Facade, Mount, Storefront};

use crate::shop::PortShop;

/// A facade, and where it is mounted.
pub struct MountedFacade {
    facade: Facade,
    mount: Mount,
    storefront: Arc<Storefront>,
}

impl MountedFacade {
    /// The facade of `storefront` below `prefix`; only the resources of `service` if one is named.
    pub fn new(storefront: Arc<Storefront>, shop: Arc<PortShop>, prefix: &str, service: Option<String>) -> Self {
        let mount = Mount { prefix: prefix.to_owned(), service };
        Self { facade: Facade::new(storefront.clone(), shop), mount, storefront }
    }
}

impl Mounted for MountedFacade {
    fn answer(&self, request: Request, caller: Caller) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async move {
            let Address { origin, prefix } = Address::of(request.uri(), request.headers(), caller.trusted_hop);
            let context = CallContext {
                now_ms: caller.now_ms,
                origin,
                prefix,
                correlation: format!("{:016x}", caller.correlation),
                idempotency_key: caller.idempotency_key,
                caller: None,
            };
            self.facade.handle(request, &self.mount, &context).await
        })
    }

    fn title(&self) -> &str {
        &self.storefront.recipe.title
    }

    fn route(&self) -> Option<&str> {
        Some(&self.storefront.recipe.name)
    }

    fn paths(&self) -> Vec<String> {
        self.storefront.resources.iter().map(|resource| resource.path.clone()).collect()
    }
}
