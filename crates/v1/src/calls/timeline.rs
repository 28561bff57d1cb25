//! The timeline of an order.

use std::sync::Arc;

use contracts::{Numbered, OrderId};
use edge::page::Page;
use edge::timeline::entry;
use edge::{Problem, ids};
use http::StatusCode;
use storefronts::Storefront;

use super::V1;
use super::call::{Call, Reply, json};
use super::route::{Handler, Route, route};
use crate::document::parts::{answer, problem};

impl V1 {
    pub(super) async fn timeline(&self, at: &Arc<Storefront>, id: &str, call: &Call) -> Reply {
        call.query(&[])?;
        let number = ids::number(id).ok_or_else(|| Problem::no_such("order", id))?;
        let said = self.backend.timeline(OrderId::of(at.recipe.number, number)).await?;
        if said.is_empty() {
            return Err(Problem::no_such("order", id));
        }
        let items = said.iter().map(|said| entry(said, &self.ids)).collect();
        Ok(json(StatusCode::OK, &Page { items, next: None }))
    }
}

/// The call that reads it.
pub(super) fn routes() -> Vec<Route> {
    vec![
        route(
            "get",
            "/storefronts/{storefront}/orders/{order}/timeline",
            ("orders", "get_timeline", "Read every message about an order, in order"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.timeline(at, id, call))),
        )
        .says("200", answer("All its messages, on one page", "Timeline", &[]))
        .says("410", problem("Some of its messages are archived and not at hand")),
    ]
}
