//! The OpenAPI 3.1 document of v1, and a page that shows it to people.

mod links;
mod name;
mod names;
mod page;
pub(crate) mod parts;

use serde_json::{Map, Value, json};

pub use names::{EVENTS, PROBLEMS, events, problems};
pub use page::page;

use crate::calls::{self, route::Route};

/// Describes v1 as it is served here. A client needs a bearer token, unless the shop is `open`.
pub fn document(version: &str, open: bool) -> Value {
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "maejin v1",
            "version": version,
            "description": "Sells things that run out. Every refusal is a problem (RFC 9457) with a stable `code`; `/docs/problems` says what each means, and `/docs/events` what events tell.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": [
            { "name": "storefronts", "description": "What is here." },
            { "name": "offerings", "description": "What is on sale." },
            { "name": "orders", "description": "Placing, reading and cancelling orders." },
            { "name": "customers", "description": "What belongs to one customer." },
            { "name": "events", "description": "What happens, as it happens." },
        ],
        "paths": paths(),
        "components": { "schemas": parts::schemas() },
    });
    if !open {
        document["components"]["securitySchemes"] = json!({
            "token": { "type": "http", "scheme": "bearer" },
            "ticket": { "type": "apiKey", "in": "query", "name": gateway::TICKET },
        });
        document["security"] = json!([{ "token": [] }]);
        document["paths"][format!("{}{}", calls::PREFIX, crate::events::PATH)]["get"]["security"] =
            json!([{ "token": [] }, { "ticket": [] }]);
    }
    name::spell_out(&mut document);
    document
}

/// All calls, by path and method.
fn paths() -> Value {
    let mut paths = Map::new();
    for Route { path, method, operation, .. } in calls::routes() {
        let item = paths.entry(format!("{}{path}", calls::PREFIX)).or_insert_with(|| json!({}));
        item[method] = operation;
    }
    let mut paths = Value::Object(paths);
    links::add(&mut paths);
    paths
}

/// The calls of a document: path, method, and the operation.
fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Map<String, Value>)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let calls = paths.flat_map(|(path, item)| item.as_object().into_iter().flatten().map(move |call| (path, call)));
    calls.filter_map(|(path, (method, operation))| Some((path, method, operation.as_object()?)))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{document, operations};

    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_schema_is_used() {
        let document = document("1", false);
        let mut found = Vec::new();
        references(&document, &mut found);
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for reference in &found {
            let name = reference.strip_prefix("#/components/schemas/").unwrap();
            assert!(schemas.contains_key(name), "{reference}");
        }
        for name in schemas.keys() {
            assert!(found.iter().any(|reference| reference.ends_with(&format!("/{name}"))), "{name}");
        }
    }

    #[test]
    fn every_call_has_a_name_of_its_own_and_says_how_it_refuses() {
        let document = document("1", true);
        let mut names = Vec::new();
        for (path, method, operation) in operations(&document) {
            names.push(operation["operationId"].as_str().unwrap());
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(operation["responses"]["503"].is_object(), "{method} {path}");
            for parameter in path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()) {
                let parameters = operation["parameters"].as_array().unwrap();
                assert!(
                    parameters.iter().any(|one| one["name"] == parameter && one["in"] == "path"),
                    "{path} {parameter}"
                );
            }
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!((names.len(), count), (24, 24));
        assert!(document.get("security").is_none());
    }

    #[test]
    fn what_a_client_sends_has_no_unknown_fields() {
        let document = document("1", true);
        let split = ["NewOrderByCount", "NewOrderBySeats", "NewOfferingByCount", "NewOfferingBySeats"];
        for name in split.into_iter().chain([
            "NewSeat",
            "OfferingChange",
            "AddStock",
            "Capacity",
            "NewSeats",
            "SeatChanges",
            "Money",
        ]) {
            assert_eq!(document["components"]["schemas"][name]["additionalProperties"], false, "{name}");
        }
    }

    #[test]
    fn an_order_names_either_a_quantity_or_seats() {
        let document = document("1", true);
        let schemas = &document["components"]["schemas"];
        let (count, seats) = (&schemas["NewOrderByCount"], &schemas["NewOrderBySeats"]);
        assert_eq!(schemas["NewOrder"]["oneOf"][0]["$ref"], "#/components/schemas/NewOrderByCount");
        assert_eq!(
            (&count["required"][2], &count["properties"]["quantity"]["type"]),
            (&"quantity".into(), &"integer".into())
        );
        assert_eq!((&seats["required"][2], &seats["properties"]["seats"]["type"]), (&"seats".into(), &"array".into()));
        assert_eq!(count["properties"]["seats"]["type"], "null");
        assert_eq!(seats["properties"]["quantity"]["type"], "null");
        let offering = &schemas["NewOfferingByCount"];
        assert_eq!(offering["properties"]["price"]["$ref"], "#/components/schemas/Money");
    }
}
