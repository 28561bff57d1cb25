//! The pieces that calls are described with: schemas, parameters, answers.

use contracts::limits::NAME_MAX;
use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::shapes::*;
use edge::page::{LIMIT, LIMIT_MAX, Page};
use edge::{FieldError, ProblemBody};

/// All shapes by their names.
pub(crate) fn schemas() -> Value {
    let mut found: Vec<(String, RefOr<Schema>)> = Vec::new();
    add::<Index>(&mut found);
    add::<Storefront>(&mut found);
    add::<Offering<'_>>(&mut found);
    add::<Seat<'_>>(&mut found);
    add::<Order<'_>>(&mut found);
    add::<MyOrder>(&mut found);
    add::<Points>(&mut found);
    add::<Notification>(&mut found);
    add::<TimelineEntry>(&mut found);
    add::<Event>(&mut found);
    add::<Ticket>(&mut found);
    add::<NewOffering>(&mut found);
    add::<OfferingChange>(&mut found);
    add::<AddStock>(&mut found);
    add::<Capacity>(&mut found);
    add::<NewSeats>(&mut found);
    add::<SeatChanges>(&mut found);
    add::<NewOrder>(&mut found);
    add::<Cancel>(&mut found);
    add::<ProblemBody<'_>>(&mut found);
    add::<FieldError>(&mut found);
    for (name, page) in [
        ("Storefronts", Page::<Storefront>::schema()),
        ("Offerings", Page::<Offering<'_>>::schema()),
        ("Seats", Page::<Seat<'_>>::schema()),
        ("Timeline", Page::<TimelineEntry>::schema()),
        ("Orders", Page::<Order<'_>>::schema()),
        ("MyOrders", Page::<MyOrder>::schema()),
        ("Notifications", Page::<Notification>::schema()),
    ] {
        found.push((name.to_owned(), page));
    }
    let mut schemas = Map::new();
    for (name, schema) in found {
        schemas.insert(name, serde_json::to_value(schema).expect("a schema can be written as JSON"));
    }
    exclude(&mut schemas);
    Value::Object(schemas)
}

fn add<T: ToSchema>(found: &mut Vec<(String, RefOr<Schema>)>) {
    found.push((T::name().into_owned(), T::schema()));
    T::schemas(found);
}

/// What a schema derived from a type cannot say: that a list has each item once, and which fields go together.
fn exclude(schemas: &mut Map<String, Value>) {
    if let Some(seats) = schemas.get_mut("NewOrder").map(|order| &mut order["properties"]["seats"]) {
        seats["uniqueItems"] = json!(true);
        seats["items"] = json!({ "type": "string", "minLength": 1, "maxLength": 300 });
    }
    either(schemas, "NewOrder", &["quantity"], &["seats"]);
    either(schemas, "NewOffering", &["stock", "price"], &["seats"]);
}

/// Splits the schema `name` in two, each with a name of its own, as generators of clients need it: one has the fields `count`, the other
/// the fields `seats`. The first field of the other one is null, if it is there.
fn either(schemas: &mut Map<String, Value>, name: &str, count: &[&str], seats: &[&str]) {
    let Some(whole) = schemas.get_mut(name) else { return };
    let description = whole["description"].take();
    let variants = [("ByCount", count, seats[0]), ("BySeats", seats, count[0])].map(|(end, needed, without)| {
        let mut variant = whole.clone();
        variant["description"] = json!(format!("As {name}, with {}.", needed.join(" and ")));
        for field in needed {
            not_null(&mut variant["properties"][*field]);
        }
        if let Some(required) = variant["required"].as_array_mut() {
            required.extend(needed.iter().map(|field| json!(field)));
        }
        variant["properties"][without] = json!({ "type": "null", "description": "Not here." });
        (format!("{name}{end}"), variant)
    });
    let names = variants.each_ref().map(|(name, _)| schema(name));
    *whole = json!({ "description": description, "oneOf": names });
    schemas.extend(variants);
}

/// Takes null out of what `schema` allows.
fn not_null(schema: &mut Value) {
    if let Some(types) = schema["type"].as_array() {
        schema["type"] = types.iter().find(|one| *one != "null").cloned().unwrap_or_default();
    }
    if let Some(any) = schema["oneOf"].as_array() {
        *schema = any.iter().find(|one| one["type"] != "null").cloned().unwrap_or_default();
    }
}

/// A reference to the schema `name`.
pub(crate) fn schema(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The parameters in the path that `path` names.
pub(crate) fn in_path(path: &str) -> Vec<Value> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let schema = |name: &str| match name {
        "customer" => json!({ "type": "string", "minLength": 1, "maxLength": NAME_MAX, "pattern": super::name::SHORT }),
        _ => text(1, 200),
    };
    names.map(|name| parameter("path", name, &described(name), schema(name))).collect()
}

fn described(name: &str) -> String {
    match name {
        "storefront" => "The storefront's name".to_owned(),
        other => format!("The {other}'s id"),
    }
}

/// A parameter.
pub(crate) fn parameter(place: &str, name: &str, description: &str, schema: Value) -> Value {
    let required = place == "path";
    json!({ "in": place, "name": name, "description": description, "required": required, "schema": schema })
}

/// A text of some length, without control characters.
pub(crate) fn text(least: u32, most: u32) -> Value {
    json!({ "type": "string", "minLength": least, "maxLength": most, "pattern": r"^[^\x00-\x1f\x7f-\x9f]*$" })
}

/// The parameters of a list.
pub(crate) fn paging() -> Vec<Value> {
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT });
    let after =
        json!({ "type": "string", "pattern": r"^[0-9]{19}\.([0-9a-f]{2})+$", "maxLength": edge::query::CURSOR_MAX });
    vec![
        parameter("query", "limit", "How many items", limit),
        parameter("query", "after", "Begins the page after this cursor, as `next` of the page before", after),
    ]
}

/// The header that makes a repetition of a call known.
pub(crate) fn idempotency() -> Value {
    let key = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
    let description = "The same call with the same key is done once and answered twice, for a day at least";
    parameter("header", "Idempotency-Key", description, key)
}

/// The header that says how long to wait for an order.
pub(crate) fn prefer() -> Value {
    let description = "`wait=5`: wait so many seconds for the decision. `respond-async`: answer at once";
    parameter("header", "Prefer", description, json!({ "type": "string", "example": "wait=5" }))
}

/// ETags in quotes with commas between them, or `*`.
const ETAGS: &str = r#"^(\*|(W/)?"[!#-~]*"(, (W/)?"[!#-~]*")*)$"#;

/// The header that says which version is meant.
pub(crate) fn if_match() -> Value {
    let description = "The ETag of what is meant, or several, or `*`: else 412";
    parameter("header", "If-Match", description, json!({ "type": "string", "pattern": ETAGS }))
}

/// The header that says which version the client has.
pub(crate) fn if_none_match() -> Value {
    let description =
        "ETags that the client has: 304 if one of them is the present one, and 412 where something is to be changed";
    parameter("header", "If-None-Match", description, json!({ "type": "string", "pattern": ETAGS }))
}

/// An answer with a body like the schema `name`, and `headers`.
pub(crate) fn answer(description: &str, name: &str, headers: &[&str]) -> Value {
    let mut answer = json!({ "description": description });
    if !name.is_empty() {
        answer["content"] = json!({ "application/json": { "schema": schema(name) } });
    }
    for header in headers {
        answer["headers"][*header] = json!({ "schema": { "type": "string" } });
    }
    answer
}

/// An answer that goes on: server-sent events, each as here, with `data` that is JSON like the schema `name`.
pub(crate) fn events(description: &str, name: &str) -> Value {
    let text = json!({ "type": "string" });
    let data = json!({ "type": "string", "contentMediaType": "application/json", "contentSchema": schema(name) });
    let event = json!({
        "type": "object",
        "required": ["id", "event", "data"],
        "properties": { "id": text, "event": text, "data": data },
    });
    json!({ "description": description, "content": { "text/event-stream": { "schema": event } } })
}

/// A refusal.
pub(crate) fn problem(description: &str) -> Value {
    json!({ "description": description, "content": { "application/problem+json": { "schema": schema("Problem") } } })
}
