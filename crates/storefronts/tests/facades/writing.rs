//! The catalogue and points: POST, PUT, PATCH, DELETE.

use crate::client::{Client, HTTPIE};

const TICKET: &str =
    r#"{"id": "1", "showId": "1", "showName": "s", "stock": " 10 ", "amount": 150000, "nosuch": [[]]}"#;

async fn show_with_ticket() -> Client {
    let show = Client::of("show");
    assert_eq!(show.post("/tickets", TICKET).await.status, 201);
    show
}

#[tokio::test]
async fn a_create_tells_where_and_shows_what_if_that_is_accepted() {
    let show = Client::of("show");
    let answer = show.post("/tickets", TICKET).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (201, "http://h/tickets/1"));
    assert_eq!((answer.header("content-type"), answer.at("/stock")), ("application/json", 10.into()));
    let silent = show.send("POST", "/tickets", &[], TICKET.replace("\"1\"", "\"2\"")).await;
    assert_eq!((silent.status.as_u16(), silent.text.as_str()), (201, ""));
    assert_eq!(silent.header("location"), "http://h/tickets/2");
}

#[tokio::test]
async fn an_id_that_exists_is_a_conflict() {
    let answer = show_with_ticket().await.post("/tickets", TICKET).await;
    assert_eq!((answer.status.as_u16(), answer.at("/code")), (409, "already-exists".into()));
}

#[tokio::test]
async fn an_id_must_be_given_where_clients_give_them() {
    let show = Client::of("show");
    for body in
        [r#"{"stock": 1}"#, r#"{"id": "x", "stock": 1}"#, r#"{"id": 0, "stock": 1}"#, r#"{"id": 1e3, "stock": 1}"#]
    {
        let answer = show.post("/tickets", body).await;
        assert_eq!((answer.status.as_u16(), answer.at("/errors/0/field")), (400, "id".into()), "{body}");
    }
}

#[tokio::test]
async fn an_id_is_not_kept_where_the_shop_gives_them() {
    let movie = Client::of("movie");
    let first = movie.post("/movies", r#"{"id": "500", "movieName": "x", "qty": "1"}"#).await;
    assert_eq!(first.header("location"), "http://h/movies/1");
    assert_eq!(movie.post("/movies", r#"{"id": "1", "movieName": "x", "qty": "1"}"#).await.status, 409);
}

#[tokio::test]
async fn a_put_replaces_and_tells_where() {
    let show = show_with_ticket().await;
    let answer = show.put("/tickets/1", r#"{"id": 4242, "showId": 1, "stock": 7, "amount": 5}"#).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (200, "http://h/tickets/1"));
    assert_eq!((answer.at("/stock"), answer.at("/showName")), (7.into(), serde_json::Value::Null));
    let silent = show.send("PUT", "/tickets/1", &[], r#"{"stock": 6, "amount": 5}"#).await;
    assert_eq!((silent.status.as_u16(), silent.header("location")), (204, "http://h/tickets/1"));
    assert_eq!(show.put("/tickets/1", "{}").await.at("/errors/0/field"), "stock");
    // What it costs is said, or nothing changes: a missing price is not zero, and neither is null.
    for (method, body) in
        [("PUT", r#"{"stock": 6}"#), ("PUT", r#"{"stock": 6, "amount": null}"#), ("PATCH", r#"{"amount": ""}"#)]
    {
        let answer = show.send(method, "/tickets/1", &[HTTPIE], body).await;
        assert_eq!((answer.status.as_u16(), answer.at("/errors/0/field")), (400, "amount".into()), "{method} {body}");
    }
    assert_eq!(show.get("/tickets/1").await.at("/amount"), 5);
}

#[tokio::test]
async fn a_put_of_an_unknown_id_creates_where_clients_give_the_ids() {
    let show = show_with_ticket().await;
    let created = show.put("/tickets/777", r#"{"id": 1, "stock": 7}"#).await;
    assert_eq!((created.status.as_u16(), created.header("location")), (201, "http://h/tickets/777"));
    assert_eq!(Client::of("movie").put("/movies/777", r#"{"qty": 7}"#).await.status, 404);
}

#[tokio::test]
async fn every_kind_of_patch_changes_only_what_it_names() {
    let show = show_with_ticket().await;
    let merge = show.patch("/tickets/1", r#"{"id": 4242, "stock": "5", "status": "x"}"#).await;
    assert_eq!((merge.status.as_u16(), merge.header("location"), merge.at("/stock")), (200, "", 5.into()));
    assert_eq!((merge.at("/showName"), merge.at("/status")), ("s".into(), serde_json::Value::Null));
    let typed = ("content-type", "application/merge-patch+json");
    let null = show.send("PATCH", "/tickets/1", &[HTTPIE, typed], r#"{"showName": null, "reserveId": null}"#).await;
    assert_eq!((null.at("/showName"), null.at("/stock")), (serde_json::Value::Null, 5.into()));
    assert_eq!(show.patch("/tickets/1", r#"{"stock": null}"#).await.at("/stock"), 5);
    let typed = ("content-type", "application/json-patch+json");
    let patch =
        r#"[{"op": "test", "path": "/stock", "value": 5}, {"op": "replace", "path": "/showName", "value": "jp"}]"#;
    let patched = show.send("PATCH", "/tickets/1", &[HTTPIE, typed], patch).await;
    assert_eq!((patched.at("/showName"), patched.at("/stock")), ("jp".into(), 5.into()));
    let silent = show.send("PATCH", "/tickets/1", &[], r#"{"stock": 4}"#).await;
    assert_eq!((silent.status.as_u16(), silent.text.as_str()), (204, ""));
    assert_eq!(show.patch("/tickets/1", r#"{"nosuch": 1}"#).await.at("/stock"), 4);
}

#[tokio::test]
async fn a_patch_of_an_unknown_id_is_404() {
    let show = show_with_ticket().await;
    for (uri, body) in [("/tickets/9", r#"{"stock": 1}"#), ("/tickets/9", "{}"), ("/tickets/x", "{}")] {
        assert_eq!(show.patch(uri, body).await.status, 404, "{uri} {body}");
    }
}

#[tokio::test]
async fn a_delete_is_204_once() {
    let show = show_with_ticket().await;
    assert_eq!(show.delete("/tickets/1").await.status, 204);
    assert_eq!(show.delete("/tickets/1").await.status, 404);
}

#[tokio::test]
async fn what_the_shop_concludes_is_read_only() {
    for (storefront, path) in [
        ("show", "mypages"),
        ("movie", "notifications"),
        ("movie", "reservationLists"),
        ("coupon", "payments"),
        ("shop", "paymentHistories"),
        ("shop", "deliveries"),
        ("musical", "myPages"),
    ] {
        let client = Client::of(storefront);
        for (method, uri) in
            [("POST", format!("/{path}")), ("PUT", format!("/{path}/1")), ("DELETE", format!("/{path}/1"))]
        {
            let answer = client.send(method, &uri, &[HTTPIE], "{}").await;
            assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "GET, HEAD, OPTIONS"), "{method} {uri}");
        }
    }
}

#[tokio::test]
async fn a_method_that_a_place_does_not_have_is_405() {
    let show = show_with_ticket().await;
    for (method, uri, allow) in [
        ("DELETE", "/tickets", "GET, HEAD, POST, OPTIONS"),
        ("PUT", "/tickets", "GET, HEAD, POST, OPTIONS"),
        ("POST", "/tickets/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        ("POST", "/", "GET, HEAD, OPTIONS"),
        ("TRACE", "/tickets", "GET, HEAD, POST, OPTIONS"),
    ] {
        let answer = show.send(method, uri, &[HTTPIE], "{}").await;
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, allow), "{method} {uri}");
    }
}
