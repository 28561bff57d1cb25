//! Bodies that are none, and a shop that cannot be asked.

use contracts::{Code, Rejection};
use storefronts::BODY_LIMIT;
use storefronts::port::Refused;

use crate::client::{Client, HTTPIE};

#[tokio::test]
async fn an_error_has_the_old_fields_and_the_new() {
    let answer = Client::of("show").post("/tickets", r#"{"id": 1, "stock": "abc", "amount": {}}"#).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.keys(""), ["timestamp", "status", "error", "message", "path", "code", "errors"]);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.at("/timestamp"), "2024-11-22T01:46:40.000+00:00");
    assert_eq!((answer.at("/error"), answer.at("/path")), ("Bad Request".into(), "/tickets".into()));
    assert_eq!((answer.at("/errors/0/field"), answer.at("/errors/1/field")), ("stock".into(), "amount".into()));
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let show = Client::of("show");
    for body in ["", "{", "[]", "null", "hello", "{} {}", "7", "{\"id\": 1", "\u{feff}{", "{\"a\": 1e999, \"stock\": }"]
    {
        let answer = show.post("/tickets", body).await;
        assert_eq!((answer.status.as_u16(), answer.at("/code")), (400, "malformed".into()), "{body}");
    }
    let utf_16 = show.send("POST", "/tickets", &[], vec![0xff, 0xfe]).await;
    assert!(utf_16.status == 400 && utf_16.text.contains("UTF-16"), "{}", utf_16.text);
}

#[tokio::test]
async fn nesting_however_deep_is_refused_or_ignored() {
    let show = Client::of("show");
    let deep = "[".repeat(30_000) + &"]".repeat(30_000);
    assert_eq!(show.post("/tickets", &format!(r#"{{"id": 1, "stock": {deep}}}"#)).await.status, 400);
    assert_eq!(
        show.post("/tickets", &format!(r#"{{"id": 1, "stock": 1, "nosuch": {deep}}}"#)).await.status.as_u16() / 100,
        2
    );
    let patch = ("content-type", "application/json-patch+json");
    assert_eq!(show.send("PATCH", "/tickets/1", &[HTTPIE, patch], deep).await.status, 400);
}

#[tokio::test]
async fn a_body_may_not_be_longer_than_the_limit() {
    let show = Client::of("show");
    let body = |length: usize| {
        let frame = r#"{"id": 1, "stock": 1, "x": ""}"#;
        frame.replace(r#""""#, &format!("\"{}\"", "a".repeat(length - frame.len())))
    };
    let answer = show.post("/tickets", &body(BODY_LIMIT + 1)).await;
    assert_eq!((answer.status.as_u16(), answer.at("/code")), (413, "too-large".into()));
    assert_eq!(show.post("/tickets", &body(BODY_LIMIT)).await.status, 201);
    let told = show.send("POST", "/tickets", &[("content-length", "99999999")], "{}").await;
    assert_eq!(told.status, 413);
}

#[tokio::test]
async fn another_media_type_is_refused_and_none_is_json() {
    let show = Client::of("show");
    for media in ["text/plain", "application/x-www-form-urlencoded", "application/json-patch+json", "x"] {
        let answer = show.send("POST", "/tickets", &[HTTPIE, ("content-type", media)], "{}").await;
        assert_eq!(answer.status, 415, "{media}");
    }
    for (id, media) in [(1, "application/json;charset=UTF-8"), (2, "application/hal+json"), (3, "APPLICATION/JSON")] {
        let body = format!(r#"{{"id": {id}, "stock": 1}}"#);
        assert_eq!(show.send("POST", "/tickets", &[("content-type", media)], body).await.status, 201, "{media}");
    }
    assert_eq!(show.send("POST", "/tickets", &[], r#"{"id": 4, "stock": 1}"#).await.status, 201);
}

#[tokio::test]
async fn a_write_whose_answer_is_not_acceptable_is_not_made() {
    let show = Client::of("show");
    let xml = ("accept", "application/xml");
    assert_eq!(show.send("POST", "/tickets", &[xml], r#"{"id": 1, "stock": 1}"#).await.status, 406);
    assert_eq!(show.get("/tickets/1").await.status, 404);
}

#[tokio::test]
async fn a_shop_that_is_busy_says_when_to_try_again() {
    let show = Client::of("show");
    show.shop_refuses(Some(Refused::Busy { retry_after_s: 5 }));
    let answer = show.post("/reservations", r#"{"userId": 1, "showId": 1, "qty": 1}"#).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "5"));
    let unread = show.post("/reservations", r#"{"userId": "#).await;
    assert_eq!(unread.status, 503, "it is refused before its body is read");
    assert_eq!(show.get("/nothing").await.status, 404);
}

#[tokio::test]
async fn a_fault_is_not_shown() {
    let show = Client::of("show");
    show.shop_refuses(Some(Refused::Fault("disk on fire".to_owned())));
    let answer = show.get("/tickets").await;
    assert_eq!((answer.status.as_u16(), answer.at("/code")), (500, "internal".into()));
    assert!(!answer.text.contains("fire"));
}

#[tokio::test]
async fn every_rejection_has_its_status() {
    let show = Client::of("show");
    for (code, status) in [
        (Code::SoldOut, 409),
        (Code::StockBelowSold, 409),
        (Code::InUse, 409),
        (Code::WrongState, 409),
        (Code::AlreadyDelivered, 409),
        (Code::PaymentDeclined, 409),
        (Code::UnknownReference, 422),
        (Code::InvalidValue, 400),
        (Code::NotFound, 404),
    ] {
        show.shop_refuses(Some(Rejection::new(code, "no").into()));
        let answer = show.patch("/tickets/1", r#"{"stock": 1}"#).await;
        assert_eq!(answer.status, status, "{code:?}");
        if status != 404 {
            assert_eq!((answer.at("/code"), answer.at("/message")), (code.as_str().into(), "no".into()));
        }
    }
}
