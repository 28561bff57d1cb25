//! What is told of a body that is not what was asked for.

use serde::de::DeserializeOwned;

use crate::shapes::{NewOffering, NewOrder};
use edge::body::{read, read_all};
use edge::{FieldError, WRONGS_MAX, Wrongs};

fn told(body: &[u8]) -> (u16, String, String) {
    let problem = read::<NewOrder>(body).unwrap_err();
    (problem.status().as_u16(), problem.code().to_owned(), problem.errors()[0].field.clone())
}

#[test]
fn each_wrong_body_names_what_is_wrong() {
    for (body, status, code, field) in [
        (&b""[..], 400, "invalid-json", "body"),
        (b"{", 400, "invalid-json", "body"),
        (b"{\"offering\":\"1\",}", 400, "invalid-json", "body"),
        (b"\xff", 400, "invalid-json", "body"),
        (b"[]", 422, "invalid-body", "body"),
        (b"7", 422, "invalid-body", "body"),
        (b"{\"customer\":\"1\",\"quantity\":1}", 422, "invalid-body", "offering"),
        (b"{\"offering\":1,\"customer\":\"1\"}", 422, "invalid-body", "offering"),
        (b"{\"offering\":\"1\",\"customer\":\"1\",\"quantity\":-1}", 422, "invalid-body", "quantity"),
        (b"{\"offering\":\"1\",\"customer\":\"1\",\"quantity\":99999999999}", 422, "invalid-body", "quantity"),
        (b"{\"offering\":\"1\",\"customer\":\"1\",\"x\":1}", 422, "unknown-field", "x"),
        (b"{\"offering\":\"1\",\"offering\":\"1\",\"customer\":\"1\"}", 422, "invalid-body", "offering"),
        (b"{\"offering\":\"1\",\"customer\":\"1\",\"price\":{\"amount\":1,\"x\":1}}", 422, "unknown-field", "price.x"),
        (b"{\"offering\":\"1\",\"customer\":\"1\",\"seats\":[\"A-1\",2]}", 422, "invalid-body", "seats[1]"),
    ] {
        let shown = String::from_utf8_lossy(body);
        assert_eq!(told(body), (status, code.to_owned(), field.to_owned()), "{shown}");
    }
}

/// All that is told of a body: the code, the field and the pointer of each error.
fn all_told<T: DeserializeOwned>(body: &str, check: impl Fn(&T, &mut Wrongs)) -> Vec<(String, String, String)> {
    let problem = read_all(body.as_bytes(), check).err().expect("it is wrong");
    assert_eq!(problem.status().as_u16(), 422);
    let told =
        |error: &FieldError| (error.code.to_owned(), error.field.clone(), error.pointer.clone().unwrap_or_default());
    problem.errors().iter().map(told).collect()
}

fn is(told: &[(String, String, String)], expected: &[(&str, &str, &str)]) {
    let told: Vec<_> = told.iter().map(|(code, field, at)| (code.as_str(), field.as_str(), at.as_str())).collect();
    assert_eq!(told, expected);
}

#[test]
fn all_wrong_fields_are_told_at_once() {
    let (shape, value, unknown) = ("invalid-body", "invalid-value", "unknown-field");
    is(
        &all_told(r#"{"offering":1,"quantity":"x","colour":"red","a/b~ü":1,"customer":""}"#, NewOrder::check),
        &[
            (shape, "offering", "#/offering"),
            (shape, "quantity", "#/quantity"),
            (unknown, "colour", "#/colour"),
            (unknown, "a/b~ü", "#/a~1b~0%C3%BC"),
            (value, "customer", "#/customer"),
        ],
    );
    is(
        &all_told("{}", NewOrder::check),
        &[(shape, "offering", "#/offering"), (shape, "customer", "#/customer"), (value, "quantity", "#/quantity")],
    );
    is(
        &all_told(r#"{"offering":"1","offering":"1","customer":7,"quantity":0}"#, NewOrder::check),
        &[(shape, "offering", "#/offering"), (shape, "customer", "#/customer"), (value, "quantity", "#/quantity")],
    );
    let price = r#"{"amount":"1","currency":"USD","x":1}"#;
    let seats = format!(r#"[{{"row":"A","number":1,"price":{price}}},{{"row":"","number":-1}},7]"#);
    is(
        &all_told(&format!(r#"{{"name":"","seats":{seats}}}"#), NewOffering::check),
        &[
            (shape, "seats[0].price.amount", "#/seats/0/price/amount"),
            (shape, "seats[0].price.currency", "#/seats/0/price/currency"),
            (unknown, "seats[0].price.x", "#/seats/0/price/x"),
            (shape, "seats[1].number", "#/seats/1/number"),
            (shape, "seats[1].price", "#/seats/1/price"),
            (shape, "seats[2]", "#/seats/2"),
            (value, "name", "#/name"),
            (value, "seats[1].row", "#/seats/1/row"),
        ],
    );
    is(&all_told("[]", NewOrder::check), &[(shape, "body", "#")]);
}

#[test]
fn what_stands_in_the_place_of_something_wrong_is_never_told() {
    // Each of these is right but for one field, whatever is tried in its place.
    for (body, field) in [
        (r#"{"offering":"1","customer":"1","quantity":[]}"#, "quantity"),
        (r#"{"offering":"1","customer":"1","seats":7}"#, "seats"),
        (r#"{"offering":"1","customer":"1","seats":[7]}"#, "seats[0]"),
        (r#"{"offering":"1","customer":"1","quantity":1,"price":"x"}"#, "price"),
        (r#"{"offering":"1","customer":"1","quantity":1,"price":{}}"#, "price.amount"),
        (r#"{"offering":{},"customer":"1","quantity":1}"#, "offering"),
    ] {
        let told = all_told(body, NewOrder::check);
        assert!(told.iter().all(|(_, told, _)| told.starts_with(field.split('.').next().unwrap())), "{body}: {told:?}");
        assert_eq!(told[0].1, field, "{body}");
    }
}

#[test]
fn a_body_that_is_wrong_everywhere_is_told_so_in_little_time() {
    let seats = vec![r#"{"row":7,"number":"x"}"#; 10_000].join(",");
    let told = all_told(&format!(r#"{{"name":"a","seats":[{seats}]}}"#), NewOffering::check);
    assert!((2..=WRONGS_MAX).contains(&told.len()), "{}", told.len());
    let unknown: Vec<String> = (0..5_000).map(|number| format!(r#""f{number}":1"#)).collect();
    assert_eq!(all_told(&format!("{{{}}}", unknown.join(",")), NewOrder::check).len(), WRONGS_MAX);
}

#[test]
fn depth_is_refused_and_never_followed() {
    let deep = "[".repeat(100_000);
    assert_eq!(told(deep.as_bytes()), (400, "invalid-json".to_owned(), "body".to_owned()));
    let deep = format!("{{\"offering\":{}", "{\"a\":".repeat(100_000));
    assert_eq!(told(deep.as_bytes()).0, 400);
}

#[test]
fn a_field_of_a_seat_is_named_with_its_place() {
    let body = br#"{"seats":[{"row":"A","number":1,"price":{"amount":"1"}}]}"#;
    assert_eq!(read::<NewOffering>(body).unwrap_err().errors()[0].field, "seats[0].price.amount");
}
