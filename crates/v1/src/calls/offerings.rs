//! Storefronts and offerings, as anybody reads them.

use std::sync::Arc;

use contracts::limits::COUNT_MAX;
use contracts::queries::{OfferingFilter, OfferingSort, OfferingView, Offerings, OneOffering, SortedBy};
use contracts::{Numbered, OfferingId};
use http::StatusCode;
use storefronts::Storefront;

use crate::shapes;
use edge::page::{Cursor, Page, PageOf, Sorted};
use edge::query::{Query, wrong};
use edge::{Problem, Wrongs, ids};
use service::etags::etag;

use super::V1;
use super::call::{Call, Reply, json};
use super::route::{Handler, OFFERING, OFFERINGS, Route, route};
use crate::document::parts::{answer, paging, parameter, text};
use serde_json::{Value, json};

/// What a list of offerings is sorted by, and which way.
#[derive(Debug, Clone, Copy)]
struct Sort(OfferingSort);

impl Sort {
    fn read(text: Option<&str>) -> Result<Self, Problem> {
        let text = text.unwrap_or("id");
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let by = match name {
            "id" => SortedBy::Id,
            "name" => SortedBy::Name,
            "price" => SortedBy::Price,
            _ => return Err(wrong("sort", "id, name or price, with - in front for the other way")),
        };
        Ok(Self(OfferingSort { by, descending }))
    }

    /// How cursors of such a list are told from those of others.
    fn sorted(self) -> Sorted {
        let mark = match self.0.by {
            SortedBy::Id => 'i',
            SortedBy::Name => 'n',
            SortedBy::Price => 'p',
        };
        let mark = if self.0.descending { mark.to_ascii_uppercase() } else { mark };
        Sorted { mark, by_number: self.0.by == SortedBy::Price }
    }
}

/// What a list of offerings can be asked for by.
const PARAMETERS: [&str; 10] =
    ["limit", "after", "name", "sort", WITHDRAWN, "on_sale", "min_left", "max_left", "min_price", "max_price"];

/// A parameter that is true or false.
fn truth(query: &Query<'_>, name: &str) -> Result<Option<bool>, Problem> {
    query.text(name).map(|text| text.parse().map_err(|_| wrong(name, "true or false"))).transpose()
}

/// A parameter that is a whole number.
fn count(query: &Query<'_>, name: &str) -> Result<Option<u64>, Problem> {
    let Some(text) = query.text(name) else { return Ok(None) };
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|text| text.parse().ok()).filter(|number| *number <= COUNT_MAX);
    number.map(Some).ok_or_else(|| wrong(name, format!("a whole number from 0 to {COUNT_MAX}")))
}

/// What a list of offerings is narrowed by at `now_ms`.
fn only(query: &Query<'_>, now_ms: u64, wrongs: &mut Wrongs) -> OfferingFilter {
    let mut number = |name| wrongs.take(count(query, name)).flatten();
    let (min_left, max_left) = (number("min_left"), number("max_left"));
    let (min_price, max_price) = (number("min_price"), number("max_price"));
    let on_sale = wrongs.take(truth(query, "on_sale")).flatten().map(|yes| (now_ms, yes));
    OfferingFilter { on_sale, min_left, max_left, min_price, max_price }
}

impl V1 {
    pub(super) fn list_storefronts(&self, call: &Call) -> Reply {
        call.query(&[])?;
        let items = self.storefronts.iter().map(|storefront| shapes::Storefront::from(&storefront.recipe)).collect();
        Ok(json(StatusCode::OK, &Page { items, next: None }))
    }

    pub(super) fn one_storefront(&self, at: &Storefront, call: &Call) -> Reply {
        call.query(&[])?;
        Ok(json(StatusCode::OK, &shapes::Storefront::from(&at.recipe)))
    }

    /// An offering that is on sale, or also one that is `withdrawn`; or 404.
    pub(super) async fn offering(
        &self,
        at: &Storefront,
        id: &str,
        withdrawn: bool,
    ) -> Result<Box<OfferingView>, Problem> {
        let found = self.backend.ask(OneOffering { id: offering_id(at, id)? }).await?;
        found.filter(|view| withdrawn || !view.now.withdrawn).ok_or_else(|| Problem::no_such("offering", id))
    }

    pub(super) async fn one_offering(&self, at: &Storefront, id: &str, call: &Call) -> Reply {
        let (query, meant) = call.query_and_preconditions(&[WITHDRAWN])?;
        let view = self.offering(at, id, also_withdrawn(&query)?).await?;
        call.known(&meant, &etag(view.now.version), &to_shape(&view))
    }

    pub(super) async fn list_offerings(&self, at: &Arc<Storefront>, call: &Call) -> Reply {
        let query = call.query(&PARAMETERS)?;
        let mut wrongs = Wrongs::default();
        let name = query.text("name").unwrap_or_default();
        wrongs.take(shapes::part_of_name(name));
        let withdrawn = wrongs.take(also_withdrawn(&query)).unwrap_or_default();
        let only = only(&query, call.caller.now_ms, &mut wrongs);
        let paged = |sort: Sort| PageOf::read(&query, sort.sorted()).map(|page| (sort, page));
        let (sort, page) = wrongs.end_with(Sort::read(query.text("sort")).and_then(paged))?;
        let wanted = Offerings {
            withdrawn,
            only,
            storefront: at.recipe.number,
            sort: sort.0,
            name: name.into(),
            after: page.after.as_ref().map(|cursor| (cursor.number, cursor.key.as_str().into())),
            // One more tells whether there is a next page.
            limit: page.limit + 1,
        };
        let found = self.backend.ask(wanted).await?;
        let cursor = |view: &&OfferingView| Cursor { number: view.offering.number(), key: view.sorted_by(sort.0.by) };
        Ok(json(StatusCode::OK, &page.of(found.iter().collect(), cursor, to_shape)))
    }
}

/// The parameter that asks for what is off sale, too.
const WITHDRAWN: &str = "withdrawn";

/// Whether what is off sale is asked for, too.
pub(super) fn also_withdrawn(query: &Query<'_>) -> Result<bool, Problem> {
    Ok(truth(query, WITHDRAWN)?.unwrap_or(false))
}

/// How that parameter is described.
pub(super) fn withdrawn() -> Value {
    let schema = json!({ "type": "boolean", "default": false });
    parameter("query", WITHDRAWN, "Also what was withdrawn, which can be reopened", schema)
}

/// An offering as a client sees it.
pub(super) fn to_shape(view: &OfferingView) -> shapes::Offering<'_> {
    let (now, says) = (&view.now, view.details.as_deref());
    shapes::Offering {
        id: ids::text(view.offering.number()),
        name: now.name.as_deref(),
        price: now.price.into(),
        stock: shapes::Stock { capacity: now.capacity, left: view.left(), held: now.held, sold: now.sold },
        seated: now.seated,
        on_sale_from: now.on_sale_from.map(shapes::Moment),
        on_sale_until: now.on_sale_until.map(shapes::Moment),
        limit_per_customer: now.limit_per_customer,
        starts_at: says.and_then(|says| says.starts_at).map(shapes::Moment),
        ends_at: says.and_then(|says| says.ends_at).map(shapes::Moment),
        venue: says.and_then(|says| says.venue.as_deref()),
        description: says.and_then(|says| says.description.as_deref()),
        image: says.and_then(|says| says.image.as_deref()),
        reference: now.reference.as_deref(),
        extra: says.map(|says| says.extra()).unwrap_or_default(),
        withdrawn: now.withdrawn,
        version: now.version,
    }
}

/// The id of an offering of `at` in a path.
pub(super) fn offering_id(at: &Storefront, id: &str) -> Result<OfferingId, Problem> {
    let number = ids::number(id).ok_or_else(|| Problem::no_such("offering", id))?;
    Ok(OfferingId::of(at.recipe.number, number))
}

/// The calls that tell of storefronts.
pub(super) fn storefronts() -> Vec<Route> {
    vec![
        route(
            "get",
            "/storefronts",
            ("storefronts", "list_storefronts", "List the storefronts"),
            Handler::Shop(|v1, call| Box::pin(async move { v1.list_storefronts(call) })),
        )
        .says("200", answer("The storefronts", "Storefronts", &[])),
        route(
            "get",
            "/storefronts/{storefront}",
            ("storefronts", "get_storefront", "Read a storefront with its recipe"),
            Handler::Storefront(|v1, at, _, call| Box::pin(async move { v1.one_storefront(at, call) })),
        )
        .says("200", answer("The storefront", "Storefront", &[])),
    ]
}

/// The calls that read offerings.
pub(super) fn routes() -> Vec<Route> {
    let sort = json!({ "type": "string", "enum": ["id", "-id", "name", "-name", "price", "-price"], "default": "id" });
    let number = || json!({ "type": "integer", "minimum": 0, "maximum": COUNT_MAX });
    let sorting = [
        parameter("query", "name", "Only those whose name contains this", text(0, 200)),
        parameter("query", "sort", "What to sort by; with `-` the other way", sort),
        parameter(
            "query",
            "on_sale",
            "Only those that can be ordered now, or only those that cannot",
            json!({ "type": "boolean" }),
        ),
        parameter("query", "min_left", "Only those of which so many are left", number()),
        parameter("query", "max_left", "Only those of which no more are left", number()),
        parameter("query", "min_price", "Only those that cost so much, in minor units", number()),
        parameter("query", "max_price", "Only those that cost no more", number()),
    ];
    vec![
        route(
            "get",
            OFFERINGS,
            ("offerings", "list_offerings", "List what is on sale"),
            Handler::Storefront(|v1, at, _, call| Box::pin(v1.list_offerings(at, call))),
        )
        .takes(paging())
        .takes(sorting)
        .takes([withdrawn()])
        .says("200", answer("A page of offerings", "Offerings", &[])),
        route(
            "get",
            OFFERING,
            ("offerings", "get_offering", "Read an offering"),
            Handler::Storefront(|v1, at, id, call| Box::pin(v1.one_offering(at, id, call))),
        )
        .takes([withdrawn()])
        .cached()
        .says("200", answer("The offering", "Offering", &["ETag"])),
    ]
}
