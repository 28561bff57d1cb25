//! What is told of a body that is not what was asked for.

use crate::shapes::{NewOffering, NewOrder};
use edge::body::read;

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
