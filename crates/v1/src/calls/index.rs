//! The index of v1: every call with its address, made of what the calls say of themselves.

use http::StatusCode;
use serde_json::Value;

use super::V1;
use super::call::{Call, Reply, json};
use super::route::{Handler, Route, route};
use crate::document::parts::answer;
use crate::shapes;

impl V1 {
    pub(super) fn index(&self, call: &Call) -> Reply {
        call.query(&[])?;
        let at = |path: &str| format!("{}{path}", call.prefix);
        let shown = |route: &Route| {
            let text = |field: &Value| field.as_str().unwrap_or_default().to_owned();
            shapes::IndexedCall {
                name: text(&route.operation["operationId"]),
                summary: text(&route.operation["summary"]),
                method: route.method.to_uppercase(),
                href: at(&format!("{}{}", super::PREFIX, route.path)),
                templated: route.path.contains('{'),
            }
        };
        let calls = super::routes().map(|route| shown(&route)).collect();
        let index = shapes::Index {
            title: "maejin v1".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            docs: at(super::docs::DOCS),
            openapi: at(super::docs::OPENAPI),
            calls,
        };
        Ok(json(StatusCode::OK, &index))
    }
}

/// The call that tells of all calls.
pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "get",
            "",
            ("storefronts", "get_index", "List the calls with their addresses, and where they are described"),
            Handler::Shop(|v1, call| Box::pin(async move { v1.index(call) })),
        )
        .says("200", answer("The index", "Index", &[])),
    ]
}
