//! Moments have three digits of a second at every door, and any in the years 1970 to 9999 is taken.

use serde_json::{Value, json};

use crate::given;

/// The texts in `body` that begin as moments do.
fn moments(body: &Value, found: &mut Vec<String>) {
    match body {
        Value::String(text) => {
            let bytes = text.as_bytes();
            if bytes.len() > 16 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[10] == b'T' && bytes[13] == b':' {
                found.push(text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| moments(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| moments(value, found)),
        _ => {}
    }
}

#[test]
fn every_door_writes_three_digits_of_a_second() {
    let given = given::full();
    let sold = json!({
        "name": "A", "price": { "amount": 1, "currency": "KRW" }, "stock": 5,
        "on_sale_from": "2001-01-01T00:00:00Z", "on_sale_until": "9999-12-31T23:59:59Z",
    });
    let made = given.send("POST /api/v1/storefronts/show/offerings", &sold).is(201);
    let mut bodies = vec![made.json().clone()];
    for (storefront, of, path) in given.resources() {
        bodies.push(given.door.http(&path).is(200).json().clone());
        let name = &storefront.recipe.name;
        for line in [
            format!("/api/v1/storefronts/{name}/offerings"),
            format!("/api/v1/storefronts/{name}/orders/2"),
            format!("/operator/orders/{name}/2"),
            format!("/operator/offerings/{name}/1"),
            format!("{path}?{}", of.path),
        ] {
            bodies.push(given.door.http(&line).json().clone());
        }
    }
    bodies.push(given.door.http("/api/v1/customers/kim%200900/orders").json().clone());
    bodies.push(given.door.http("PATCH /show/tickets/1 stock=x").is(400).json().clone());
    bodies.extend(given.shop.events(&[]));
    let mut found = Vec::new();
    bodies.iter().for_each(|body| moments(body, &mut found));
    assert!(found.len() > 200, "only {} moments were found", found.len());
    for text in found {
        let is_whole =
            text.len() >= 24 && &text[19..20] == "." && text[20..23].bytes().all(|digit| digit.is_ascii_digit());
        assert!(is_whole && ["Z", "+00:00"].contains(&&text[23..]), "{text}");
    }
}

#[test]
fn far_moments_are_taken_and_those_before_1970_are_refused_by_name() {
    let given = given::full();
    for (sent, shown) in [
        (json!("9999-12-31"), json!("9999-12-31T00:00:00.000+00:00")),
        (json!("9999-12-31T23:59:59.999Z"), json!("9999-12-31T23:59:59.999+00:00")),
        (json!(253_402_300_799_999_u64), json!("9999-12-31T23:59:59.999+00:00")),
        (json!("1970-01-01"), json!("1970-01-01T00:00:00.000+00:00")),
    ] {
        let made = given.send("POST /musical/items", &json!({ "name": "x", "endDate": sent })).is(201);
        assert_eq!(made["endDate"], shown, "{sent}");
    }
    for early in [json!("1969-12-31"), json!("1969-12-31T23:59:59Z"), json!(-1)] {
        let refused = given.send("POST /musical/items", &json!({ "name": "x", "endDate": early })).is(400);
        assert_eq!(refused["errors"][0]["field"], "endDate");
        assert!(refused.text.contains("before 1970"), "{refused}");
    }
    let sold = json!({
        "name": "A", "price": { "amount": 1, "currency": "KRW" }, "stock": 5, "on_sale_from": "1969-12-31T23:59:59Z",
    });
    let refused = given.send("POST /api/v1/storefronts/show/offerings", &sold).is(422);
    assert!(refused.text.contains("before 1970") && refused.text.contains("on_sale_from"), "{refused}");
}
