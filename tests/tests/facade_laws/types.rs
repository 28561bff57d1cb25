//! Each field of each answer is of its declared type, and tells of what was found.

use serde_json::{Value, json};
use storefronts::{Attribute, FieldType, State, Statuses};

use crate::given;

fn fits(field_type: FieldType, value: &Value, statuses: &Statuses) -> bool {
    let is_text = |fits: &dyn Fn(&str) -> bool| value.as_str().is_some_and(fits);
    value.is_null()
        || match field_type {
            FieldType::Int | FieldType::Long => value.is_i64(),
            FieldType::Bool => value.is_boolean(),
            FieldType::Text => value.is_string(),
            FieldType::Stamp => is_text(&|text| text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit())),
            FieldType::Date => is_text(&|text| text.len() == 29 && text.ends_with("+00:00") && &text[19..20] == "."),
            FieldType::Status => is_text(&|text| State::all().any(|state| statuses.word(state) == Some(text))),
        }
}

#[test]
fn every_field_is_of_its_declared_type() {
    let given = given::full();
    let mut looked_at = 0;
    for (_, of, path) in given.resources() {
        for row in given.door.rows(&format!("{path}?size=1000")) {
            let shown = row.as_object().expect("an item is an object");
            let optional = |name: &str| of.fields.iter().any(|field| field.optional && field.name == name);
            let names: Vec<&str> = of.fields.iter().map(|field| field.name.as_str()).collect();
            let expected = names.iter().filter(|name| !optional(name) || shown.contains_key(**name)).copied();
            let found = shown.keys().map(String::as_str).filter(|name| *name != "_links");
            assert!(expected.eq(found), "{path}: {row}");
            for field in of.fields.iter().filter(|field| shown.contains_key(&field.name)) {
                let value = &row[field.name.as_str()];
                assert!(fits(field.field_type, value, &of.statuses), "{path}: {} is {value}", field.name);
                let is_there = of.is_clients(field) && field.always_has_value() && !field.required;
                assert!(!is_there || !value.is_null(), "{path}: {}", field.name);
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 400, "only {looked_at} fields were there");
}

#[test]
fn an_order_shows_what_was_found_and_not_what_its_client_wrote() {
    let given = given::full();
    for (storefront, of, path) in given.resources().filter(|(_, of, _)| of.name_of(&Attribute::OfferingName).is_some())
    {
        let name = of.name_of(&Attribute::OfferingName).expect("it is there");
        for row in given.door.rows(&format!("{path}?size=1000")) {
            let text = row[name].as_str().unwrap_or_default();
            assert!(text.starts_with("이름") || text == "by v1", "{}: {row}", storefront.recipe.name);
        }
    }
    // The client's own words for the name, the price and the state of it count for nothing.
    let body = json!({ "userId": 5, "showId": 2, "showName": "LIE", "qty": 1, "amount": 2000, "status": "LIE" });
    let shown = given.send("POST /show/reservations", &body).is(201);
    assert!(!shown.text.contains("LIE"), "{shown}");
    assert_eq!(shown["showName"], "이름 2 \"quoted\" Ä");
}

#[test]
fn an_order_by_id_shows_the_reference_of_what_it_found() {
    let given = given::full();
    let order = json!({ "offering": "1", "customer": "9", "quantity": 1 });
    for (name, list, field, reference) in
        [("show", "reservations", "showId", json!(1)), ("gallery", "sales", "code", json!("01 ref"))]
    {
        let made = given.send(&format!("POST /api/v1/storefronts/{name}/orders"), &order).is(201);
        let number = made["id"].as_str().expect("text").trim_start_matches('0').to_owned();
        assert_eq!(given.door.http(&format!("/{name}/{list}/{number}")).is(200)[field], reference, "{name}");
    }
}

#[test]
fn a_reference_that_is_written_otherwise_is_another_one() {
    let given = given::full();
    for (name, list, body, field) in [
        ("shop", "orders", json!({ "productId": "01", "qty": 1, "customerId": "1" }), "productId"),
        ("shop", "orders", json!({ "productId": "+1", "qty": 1, "customerId": "1" }), "productId"),
        ("hall", "bookings", json!({ "evening": "1", "chair": "02", "guest": 1 }), "chair"),
        ("hall", "bookings", json!({ "evening": "01", "chair": "2", "guest": 1 }), "evening"),
    ] {
        let refused = given.send(&format!("POST /{name}/{list}"), &body).is(422);
        assert_eq!((&refused["code"], &refused["errors"][0]["field"]), (&json!("unknown-reference"), &json!(field)));
    }
    for (code, copies) in [("900", 1), ("0900", 2), (" 900", 3)] {
        given.send("POST /gallery/prints", &json!({ "code": code, "copies": copies })).is(201);
    }
    assert_eq!(given.door.http("/gallery/prints/search/findByCode?code=0900").is(200)["copies"], 2);
    assert_eq!(given.door.http("/gallery/prints/search/findByCode?code=900").is(200)["copies"], 1);
}
