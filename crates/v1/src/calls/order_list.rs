//! The orders of a storefront, as its seller reads them: newest first, narrowed by what is asked.

use contracts::limits::NAME_MAX;
use contracts::queries::{Orders, PageCursor};
use contracts::states::OrderState;
use http::StatusCode;
use serde_json::json;
use storefronts::Storefront;

use crate::document::parts::{answer, paging, parameter, schema};
use crate::shapes;
use edge::page::{Cursor, Page, PageOf, Sorted, no_such_cursor};
use edge::query::{Query, wrong};
use edge::{Problem, Wrongs, ids, list_orders};

use super::V1;
use super::call::{Call, Reply, json as answered};
use super::order_view::to_shape;
use super::route::{Handler, ORDERS, Route, route};

/// How cursors of this list are told from those of others.
const SORTED: Sorted = Sorted { mark: 's', by_number: false };
/// What it can be narrowed by, and asked for page by page.
const PARAMETERS: [&str; 7] = ["limit", "after", "state", "offering", "customer", "placed_from", "placed_until"];

impl V1 {
    pub(super) async fn list_orders(&self, at: &Storefront, call: &Call) -> Reply {
        let query = call.query(&PARAMETERS)?;
        let mut wrongs = Wrongs::default();
        let customer = wrongs.take(query.text("customer").map(shapes::customer).transpose()).flatten();
        let which = which(at, &query, &mut wrongs);
        let (page, after) = wrongs.end_with(PageOf::read(&query, SORTED).and_then(after))?;
        let which = Orders { after, limit: page.limit, ..which };
        let found = list_orders(&*self.backend, customer.as_deref().map(Into::into), which).await?;
        let end = found.end.map(|cursor| Cursor { number: 0, key: cursor.text() });
        let seats: Vec<Vec<String>> = found.rows.iter().map(|order| order.view.seat_names()).collect();
        let shown = found.rows.iter().zip(&seats).map(|(order, seats)| to_shape(&order.view, seats, at));
        let page: Page<shapes::Order<'_>> = page.ending(shown.collect(), end.as_ref());
        Ok(answered(StatusCode::OK, &page))
    }
}

/// The page, and where it begins.
fn after(page: PageOf) -> Result<(PageOf, Option<PageCursor>), Problem> {
    let after = page.after.as_ref().map(|after| PageCursor::read(&after.key).ok_or_else(no_such_cursor)).transpose()?;
    Ok((page, after))
}

/// The orders that are asked for, from the first one on.
fn which(at: &Storefront, query: &Query<'_>, wrongs: &mut Wrongs) -> Orders {
    let state = |text: &str| {
        text.parse::<OrderState>().map_err(|_| wrong("state", format!("one of {}", OrderState::NAMES.join(", "))))
    };
    let offering = |text| ids::number(text).ok_or_else(|| wrong("offering", "the id of an offering is a number"));
    Orders {
        state: wrongs.take(query.text("state").map(state).transpose()).flatten(),
        offering: wrongs.take(query.text("offering").map(offering).transpose()).flatten(),
        placed_from: wrongs.take(query.moment("placed_from")).flatten(),
        placed_until: wrongs.take(query.moment("placed_until")).flatten(),
        ..Orders::of(vec![at.recipe.number], 0)
    }
}

/// The call that lists orders.
pub(super) fn routes() -> Vec<Route> {
    let moment = || json!({ "type": "string", "format": "date-time" });
    let offering = json!({ "type": "string", "minLength": 1, "maxLength": 13, "pattern": "^0*[1-9][0-9]*$" });
    let customer = json!({ "type": "string", "minLength": 1, "maxLength": NAME_MAX, "pattern": r"^\S(.*\S)?$" });
    let list = route(
        "get",
        ORDERS,
        ("orders", "list_orders", "List a storefront's orders, newest first"),
        Handler::Storefront(|v1, at, _, call| Box::pin(v1.list_orders(at, call))),
    );
    let filters = [
        parameter("query", "state", "Only those that are so far", schema("OrderState")),
        parameter("query", "offering", "Only those of this offering, once stock was set aside for them", offering),
        parameter("query", "customer", "Only this customer's", customer),
        parameter("query", "placed_from", "Only those placed then or later", moment()),
        parameter("query", "placed_until", "Only those placed before", moment()),
    ];
    vec![list.takes(paging()).takes(filters).says("200", answer("A page of orders", "Orders", &[]))]
}
