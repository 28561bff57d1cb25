//! ETags and preconditions, on every call that changes or reads an item.

use crate::client::{Client, HTTPIE};

async fn sent(client: &Client, method: &str, uri: &str, header: (&str, &str), body: &str) -> u16 {
    client.send(method, uri, &[HTTPIE, header], body.to_owned()).await.status.as_u16()
}

#[tokio::test]
async fn an_item_has_the_etag_of_its_version_and_a_change_gives_it_another() {
    let show = Client::of("show");
    let made = show.post("/tickets", r#"{"id": 1, "stock": 10, "amount": 5}"#).await;
    let tag = made.header("etag").to_owned();
    assert_eq!((show.get("/tickets/1").await.header("etag"), tag.as_str()), ("\"1\"", "\"1\""));
    assert_eq!(show.send("HEAD", "/tickets/1", &[], "").await.header("etag"), tag);
    assert_eq!(show.patch("/tickets/1", r#"{"stock": 9}"#).await.header("etag"), "\"2\"");
    assert_eq!(show.put("/tickets/1", r#"{"stock": 8, "amount": 5}"#).await.header("etag"), "\"3\"");
    assert_eq!(show.get("/tickets").await.header("etag"), "");
}

#[tokio::test]
async fn what_a_reader_has_is_not_sent_again() {
    let show = Client::of("show");
    show.post("/tickets", r#"{"id": 1, "stock": 10, "amount": 5}"#).await;
    for method in ["GET", "HEAD"] {
        let known = show.send(method, "/tickets/1", &[("if-none-match", "\"1\"")], "").await;
        assert_eq!((known.status.as_u16(), known.header("etag"), known.text.as_str()), (304, "\"1\"", ""));
        assert!(show.send(method, "/tickets/1", &[("if-none-match", "\"0\"")], "").await.status.is_success());
        assert_eq!(sent(&show, method, "/tickets/1", ("if-match", "\"2\""), "").await, 412);
        assert_eq!(sent(&show, method, "/tickets/1", ("if-match", "2"), "").await, 400);
        assert_eq!(sent(&show, method, "/tickets", ("if-match", "\"2\""), "").await, 412);
    }
}

#[tokio::test]
async fn no_change_passes_over_a_precondition() {
    let ticket = r#"{"id": 1, "stock": 10, "amount": 5}"#;
    for (method, uri, body) in [
        ("PUT", "/tickets/1", ticket),
        ("PATCH", "/tickets/1", r#"{"stock": 9}"#),
        ("PATCH", "/tickets/1", "{}"),
        ("PATCH", "/tickets/1", r#"{"showName": null}"#),
        ("DELETE", "/tickets/1", ""),
        ("PATCH", "/points/1", r#"{"point": 1}"#),
        ("PUT", "/points/1", r#"{"point": 1}"#),
        ("DELETE", "/points/1", ""),
        ("PATCH", "/reservations/1", r#"{"status": "Reservation Cancelled"}"#),
        ("PATCH", "/reservations/1", "{}"),
        ("DELETE", "/reservations/1", ""),
    ] {
        let show = Client::of("show");
        show.post("/tickets", r#"{"id": 1, "showId": 1, "stock": 10, "amount": 5}"#).await;
        show.post("/points", r#"{"id": 1, "point": 0}"#).await;
        show.post("/reservations", r#"{"id": 1, "userId": 2, "showId": 1, "qty": 1}"#).await;
        let tag = show.get(uri).await.header("etag").to_owned();
        let before = show.get(uri).await.text;
        let shown = format!("{method} {uri} {body}");
        for wrong in ["\"99\"", "W/\"1\"", "\"x\", \"99\""] {
            assert_eq!(sent(&show, method, uri, ("if-match", wrong), body).await, 412, "{shown} {wrong}");
        }
        for wrong in ["*", tag.as_str()] {
            assert_eq!(sent(&show, method, uri, ("if-none-match", wrong), body).await, 412, "{shown} {wrong}");
        }
        assert_eq!(sent(&show, method, uri, ("if-match", "99"), body).await, 400, "{shown}");
        assert_eq!(show.get(uri).await.text, before, "{shown}");
        let right = format!("\"98\", {tag}");
        assert!((200..300).contains(&sent(&show, method, uri, ("if-match", &right), body).await), "{shown}");
    }
}

#[tokio::test]
async fn a_put_may_ask_that_there_be_one_or_none() {
    let show = Client::of("show");
    let ticket = r#"{"stock": 10, "amount": 5}"#;
    assert_eq!(sent(&show, "PUT", "/tickets/1", ("if-match", "*"), ticket).await, 412);
    assert_eq!(sent(&show, "PUT", "/tickets/1", ("if-none-match", "*"), ticket).await, 201);
    assert_eq!(sent(&show, "PUT", "/tickets/1", ("if-none-match", "*"), ticket).await, 412);
    assert_eq!(sent(&show, "PUT", "/tickets/1", ("if-match", "*"), ticket).await, 200);
    assert_eq!(sent(&show, "POST", "/tickets", ("if-match", "\"1\""), ticket).await, 412);
    assert_eq!(sent(&show, "POST", "/tickets", ("if-none-match", "*"), ticket).await, 412);
}
