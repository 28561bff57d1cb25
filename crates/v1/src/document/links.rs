//! Which answer leads to which calls, and what of it they take.

use serde_json::{Map, Value, json};

/// An answer that leads on.
struct Leads {
    from: &'static str,
    statuses: &'static [&'static str],
    /// What it knows, as expressions; a call takes of it what is among its parameters.
    knows: &'static [(&'static str, &'static str)],
    to: &'static [&'static str],
}

const AN_OFFERING: &[(&str, &str)] = &[
    ("path.storefront", "$request.path.storefront"),
    ("path.offering", "$response.body#/id"),
    ("header.If-Match", "$response.header.ETag"),
];
const OF_OFFERING: &[&str] = &[
    "get_offering",
    "change_offering",
    "withdraw_offering",
    "add_stock",
    "set_stock",
    "reopen_offering",
    "list_seats",
    "add_seats",
    "change_seats",
];
const AN_ORDER: &[(&str, &str)] = &[
    ("path.storefront", "$response.body#/storefront"),
    ("path.order", "$response.body#/id"),
    ("path.customer", "$response.body#/customer"),
];
const OF_ORDER: &[&str] =
    &["get_order", "cancel_order", "get_timeline", "list_my_orders", "get_my_points", "list_my_notifications"];

const LINKS: &[Leads] = &[
    Leads {
        from: "list_storefronts",
        statuses: &["200"],
        knows: &[("path.storefront", "$response.body#/items/0/name")],
        to: &["get_storefront", "list_offerings", "create_offering", "place_order", "list_orders"],
    },
    Leads {
        from: "list_offerings",
        statuses: &["200"],
        knows: &[("path.storefront", "$request.path.storefront"), ("path.offering", "$response.body#/items/0/id")],
        to: &["get_offering", "list_seats"],
    },
    Leads { from: "create_offering", statuses: &["201"], knows: AN_OFFERING, to: OF_OFFERING },
    Leads { from: "get_offering", statuses: &["200"], knows: AN_OFFERING, to: OF_OFFERING },
    Leads { from: "change_offering", statuses: &["200"], knows: AN_OFFERING, to: OF_OFFERING },
    Leads { from: "add_stock", statuses: &["200"], knows: AN_OFFERING, to: OF_OFFERING },
    Leads { from: "set_stock", statuses: &["200"], knows: AN_OFFERING, to: OF_OFFERING },
    Leads { from: "add_seats", statuses: &["200"], knows: AN_OFFERING, to: OF_OFFERING },
    Leads { from: "change_seats", statuses: &["200"], knows: AN_OFFERING, to: OF_OFFERING },
    Leads { from: "reopen_offering", statuses: &["200"], knows: AN_OFFERING, to: OF_OFFERING },
    Leads { from: "place_order", statuses: &["201", "202"], knows: AN_ORDER, to: OF_ORDER },
    Leads { from: "get_order", statuses: &["200"], knows: AN_ORDER, to: OF_ORDER },
    Leads { from: "cancel_order", statuses: &["200", "202"], knows: AN_ORDER, to: OF_ORDER },
    Leads {
        from: "list_orders",
        statuses: &["200"],
        knows: &[("path.storefront", "$request.path.storefront"), ("path.order", "$response.body#/items/0/id")],
        to: &["get_order", "get_timeline"],
    },
    Leads {
        from: "list_my_orders",
        statuses: &["200"],
        knows: &[
            ("path.storefront", "$response.body#/items/0/storefront"),
            ("path.order", "$response.body#/items/0/id"),
        ],
        to: &["get_order", "cancel_order"],
    },
];

/// Adds the links to `paths`.
pub(super) fn add(paths: &mut Value) {
    for leads in LINKS {
        let links: Map<String, Value> =
            leads.to.iter().filter_map(|to| Some(((*to).to_owned(), leads.link(paths, to)?))).collect();
        let Some(from) = operation(paths, leads.from) else { continue };
        for status in leads.statuses {
            from["responses"][*status]["links"] = Value::Object(links.clone());
        }
    }
}

impl Leads {
    fn link(&self, paths: &mut Value, to: &str) -> Option<Value> {
        let takes = operation(paths, to)?["parameters"].as_array()?;
        let taken = |name: &str| {
            let (place, name) = name.split_once('.').unwrap_or_default();
            // A seat map has an ETag of its own.
            let is_anothers = name == "If-Match" && to == "list_seats";
            !is_anothers && takes.iter().any(|one| one["in"] == place && one["name"] == name)
        };
        let parameters: Map<String, Value> = self
            .knows
            .iter()
            .filter(|(name, _)| taken(name))
            .map(|(name, from)| ((*name).to_owned(), json!(from)))
            .collect();
        Some(json!({ "operationId": to, "parameters": parameters }))
    }
}

fn operation<'a>(paths: &'a mut Value, id: &str) -> Option<&'a mut Value> {
    let calls = paths.as_object_mut()?.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    calls.into_iter().find(|operation| operation["operationId"] == id)
}

#[cfg(test)]
mod tests {
    use super::LINKS;
    use crate::document::{document, operations};

    #[test]
    fn every_link_leads_from_an_answer_to_a_call_with_all_that_it_needs_in_its_path() {
        let document = document("1", true);
        let calls: Vec<_> = operations(&document).map(|(_, _, operation)| operation).collect();
        let call = |id: &str| calls.iter().find(|call| call["operationId"] == id).unwrap_or_else(|| panic!("{id}"));
        for leads in LINKS {
            let answers = &call(leads.from)["responses"];
            for (status, to) in leads.statuses.iter().flat_map(|status| leads.to.iter().map(move |to| (status, to))) {
                let link = &answers[*status]["links"][*to];
                let etag = &link["parameters"]["header.If-Match"];
                assert!(*to != "list_seats" || etag.is_null(), "a seat map has an ETag of its own");
                assert_eq!(link["operationId"], **to, "{} {status} leads to {to}", leads.from);
                for needed in call(to)["parameters"].as_array().unwrap().iter().filter(|one| one["in"] == "path") {
                    let name = format!("path.{}", needed["name"].as_str().unwrap());
                    assert!(link["parameters"][&name].is_string(), "{} leads to {to} without {name}", leads.from);
                }
            }
        }
    }
}
