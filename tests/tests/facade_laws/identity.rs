//! What is read can be sent back: it is taken, and nothing changes.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use storefronts::{Attribute, Kind, Writes};

use crate::given::{self, Given};

#[test]
fn the_body_of_every_get_sent_back_by_put_changes_nothing() {
    let given = given::full();
    let told = events(&given);
    let mut sent_back = 0;
    for (_, of, path) in given.resources().filter(|(_, of, _)| of.writes != Writes::ReadOnly) {
        for item in given.items(&path) {
            let before = given.door.http(&item).is(200);
            let etag = before.header("etag").expect("an item has an ETag").to_owned();
            for condition in [String::new(), format!(" If-Match:'{etag}'")] {
                let answered = given.send(&format!("PUT {item}{condition}"), before.json());
                assert_eq!((answered.status, &answered.text), (200, &before.text), "{answered}");
            }
            if of.writes != Writes::Customer {
                given.send(&format!("PATCH {item}"), before.json()).is(200);
            }
            let after = given.door.http(&item).is(200);
            assert_eq!((after.header("etag"), &after.text), (Some(etag.as_str()), &before.text));
            sent_back += 1;
        }
    }
    assert!(sent_back > 60, "only {sent_back} items were there to be sent back");
    assert_eq!(events(&given), told, "nothing is said of what changed nothing");
}

/// How often which event was told so far.
fn events(given: &Given) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for line in given.shop.events(&[]) {
        let name = line["message"].as_str().expect("a message has a name").to_owned();
        if contracts::Kind::NAMES.iter().any(|(known, kind)| *known == name && kind.is_event()) {
            *told.entry(name).or_insert(0) += 1;
        }
    }
    told
}

#[test]
fn what_is_always_there_is_neither_missing_nor_null() {
    let given = given::full();
    for (_, of, path) in given.resources().filter(|(_, of, _)| matches!(of.writes, Writes::Catalogue | Writes::Points))
    {
        let item = given.items(&path).remove(0);
        let before = given.door.http(&item).is(200);
        for field in of.fields.iter().filter(|field| field.always_has_value() && !before[field.name.as_str()].is_null())
        {
            let mut nulled = before.json().clone();
            nulled[&field.name] = Value::Null;
            let mut missing = before.json().clone();
            missing.as_object_mut().expect("an object").shift_remove(&field.name);
            let patch = json!({ &field.name: null });
            let refused =
                [("PUT", &nulled, true), ("PATCH", &patch, !field.required), ("PUT", &missing, !field.optional)];
            for (method, body, is_refused) in refused {
                let answered = given.send(&format!("{method} {item}"), body);
                if is_refused {
                    let named = answered.json()["errors"][0]["field"].clone();
                    assert_eq!((answered.status, named), (400, json!(field.name)), "{answered}");
                } else {
                    assert_eq!((answered.status, &answered.text), (200, &before.text), "{answered}");
                }
            }
        }
        assert_eq!(given.door.http(&item).is(200).text, before.text);
    }
}

#[test]
fn who_read_before_a_sale_is_told_and_what_is_left_means_the_same_both_ways() {
    let given = given::full();
    for (storefront, of, path) in given.resources().filter(|(_, of, _)| of.kind == Kind::Offering) {
        let Some(left) = of.name_of(&Attribute::Left) else { continue };
        let item = format!("{path}/2");
        let read = given.door.http(&item).is(200);
        let etag = read.header("etag").expect("an item has an ETag").to_owned();
        let at = format!("/api/v1/storefronts/{}/orders", storefront.recipe.name);
        given.send(&format!("POST {at}"), &json!({ "offering": "2", "customer": "lee", "quantity": 1 })).is(201);

        given.send(&format!("PUT {item} If-Match:'{etag}'"), read.json()).is(412);
        let now = given.door.http(&item).is(200);
        assert_eq!(now[left], read[left].as_i64().expect("a number") - 1);
        for less in [40, 30] {
            given.send(&format!("PATCH {item}"), &json!({ left: less })).is(200);
            assert_eq!(given.door.http(&item).is(200)[left], less);
        }
    }
}
