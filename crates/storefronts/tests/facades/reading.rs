//! Lists, items, links and forms.

use crate::client::Client;

async fn show_with_tickets(count: u32) -> Client {
    let show = Client::of("show");
    for id in 1..=count {
        let body = format!(r#"{{"id": "{id}", "showId": "{id}", "showName": "s{id}", "stock": "10", "amount": 9}}"#);
        assert_eq!(show.post("/tickets", &body).await.status, 201);
    }
    show
}

#[tokio::test]
async fn an_item_has_its_fields_in_order_and_links_to_itself() {
    let answer = show_with_tickets(1).await.get("/tickets/1").await;
    let expected = concat!(
        r#"{"reserveId":null,"showId":1,"showName":"s1","stock":10,"status":null,"amount":9,"userId":null,"#,
        r#""_links":{"self":{"href":"http://h/tickets/1"},"ticket":{"href":"http://h/tickets/1"}}}"#
    );
    assert_eq!(answer.text, expected);
    assert_eq!(answer.header("content-type"), "application/hal+json");
}

#[tokio::test]
async fn an_unknown_item_is_404_without_a_body() {
    let show = show_with_tickets(1).await;
    for uri in [
        "/tickets/999",
        "/tickets/abc",
        "/tickets/0",
        "/tickets/-1",
        "/tickets/99999999999999999999",
        "/tickets/1/showName",
        "/tickets/search",
        "/tickets/search/findByX",
        "/profile/nosuch",
    ] {
        let answer = show.get(uri).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (404, ""), "{uri}");
        assert!(!answer.headers.contains_key("content-type"));
    }
}

#[tokio::test]
async fn a_path_to_nothing_is_404_with_an_error_body() {
    let answer = show_with_tickets(0).await.get("/nosuch").await;
    assert_eq!((answer.status.as_u16(), answer.at("/path")), (404, "/nosuch".into()));
}

#[tokio::test]
async fn an_empty_list_has_no_pages() {
    let answer = show_with_tickets(0).await.get("/tickets").await;
    let expected = concat!(
        r#"{"_embedded":{"tickets":[]},"_links":{"self":{"href":"http://h/tickets"},"#,
        r#""profile":{"href":"http://h/profile/tickets"}},"#,
        r#""page":{"size":20,"totalElements":0,"totalPages":0,"number":0}}"#
    );
    assert_eq!(answer.text, expected);
}

#[tokio::test]
async fn a_middle_page_links_in_the_recorded_order() {
    let answer = show_with_tickets(3).await.get("/tickets?size=1&page=1&sort=stock,desc&sort=id").await;
    assert_eq!(answer.keys("/_links"), ["first", "prev", "self", "next", "last", "profile"]);
    assert_eq!(answer.at("/_links/next/href"), "http://h/tickets?page=2&size=1&sort=stock,desc&sort=id,asc");
    assert_eq!(answer.at("/_links/self/href"), "http://h/tickets?size=1&page=1&sort=stock,desc&sort=id");
    assert_eq!(answer.at("/_embedded/tickets/0/showId"), 2);
}

#[tokio::test]
async fn a_page_beyond_the_end_is_empty() {
    let answer = show_with_tickets(3).await.get("/tickets?size=2&page=99").await;
    assert_eq!(answer.keys("/_links"), ["first", "prev", "self", "last", "profile"]);
    assert_eq!((answer.at("/_embedded/tickets"), answer.at("/page/number")), (serde_json::json!([]), 99.into()));
}

#[tokio::test]
async fn a_slash_at_the_end_changes_nothing_but_self() {
    let answer = show_with_tickets(1).await.get("/tickets/").await;
    assert_eq!(answer.at("/_links/self/href"), "http://h/tickets/");
}

#[tokio::test]
async fn a_list_of_addresses_is_links_then_items() {
    let show = show_with_tickets(2).await;
    let answer = show.send("GET", "/tickets", &[("accept", "text/uri-list")], "").await;
    let lines: Vec<_> = answer.text.lines().collect();
    assert_eq!(lines, ["http://h/tickets", "http://h/profile/tickets", "http://h/tickets/1", "http://h/tickets/2"]);
    assert!(!answer.headers.contains_key("content-type"));
}

#[tokio::test]
async fn the_root_and_the_profiles_list_what_is_served_here() {
    let mut show = Client::of("show");
    assert_eq!(show.get("/").await.keys("/_links"), ["tickets", "points", "reservations", "mypages", "profile"]);
    assert_eq!(show.get("/").await.at("/_links/tickets/href"), "http://h/tickets{?page,size,sort}");
    show.mount.service = Some("ticket".to_owned());
    assert_eq!(show.get("/").await.keys("/_links"), ["tickets", "profile"]);
    assert_eq!(show.get("/profile").await.keys("/_links"), ["self", "tickets"]);
    assert_eq!(show.get("/points").await.status, 404);
}

#[tokio::test]
async fn below_a_prefix_every_link_has_it() {
    let mut show = show_with_tickets(1).await;
    show.mount.prefix = "/show".to_owned();
    for uri in ["/show/tickets/1", "/tickets/1"] {
        assert_eq!(show.get(uri).await.at("/_links/self/href"), "http://h/show/tickets/1");
    }
    assert_eq!(show.get("/show").await.at("/_links/profile/href"), "http://h/show/profile");
    assert_eq!(show.get("/showtickets").await.status, 404);
}

#[tokio::test]
async fn a_profile_is_a_schema() {
    let show = Client::of("show");
    for accept in ["*/*", "application/schema+json", "application/json"] {
        let answer = show.send("GET", "/profile/tickets", &[("accept", accept)], "").await;
        assert_eq!(answer.header("content-type"), "application/schema+json");
        assert_eq!(answer.keys(""), ["title", "properties", "definitions", "type", "$schema"]);
    }
    let alps = show.send("GET", "/profile/tickets", &[("accept", "application/alps+json")], "").await;
    assert_eq!(alps.status, 406);
}

#[tokio::test]
async fn what_is_accepted_decides_the_form() {
    let show = show_with_tickets(1).await;
    for (accept, media) in [("application/json", "application/json"), ("*/*", "application/hal+json")] {
        let answer = show.send("GET", "/tickets/1", &[("accept", accept)], "").await;
        assert_eq!(answer.header("content-type"), media);
    }
    let xml = show.send("GET", "/tickets/1", &[("accept", "application/xml")], "").await;
    assert_eq!((xml.status.as_u16(), xml.text.as_str()), (406, ""));
}

#[tokio::test]
async fn head_tells_links_and_options_tells_methods() {
    let show = show_with_tickets(1).await;
    let head = show.send("HEAD", "/tickets/1", &[], "").await;
    assert_eq!(head.status, 204);
    assert_eq!(head.header("link"), "<http://h/tickets/1>;rel=\"self\",<http://h/tickets/1>;rel=\"ticket\"");
    assert_eq!(show.send("HEAD", "/tickets/9", &[], "").await.status, 404);
    let options = show.send("OPTIONS", "/tickets/1", &[], "").await;
    assert_eq!(options.header("allow"), "GET, HEAD, PUT, PATCH, DELETE, OPTIONS");
    assert_eq!(options.headers.get_all("accept-patch").iter().count(), 3);
    assert_eq!(show.send("OPTIONS", "/mypages", &[], "").await.header("allow"), "GET, HEAD, OPTIONS");
}

#[tokio::test]
async fn a_page_from_elsewhere_may_not_call() {
    let show = Client::of("show");
    let ask = ("access-control-request-method", "POST");
    let foreign = show.send("OPTIONS", "/tickets", &[("origin", "http://example.test"), ask], "").await;
    assert_eq!((foreign.status.as_u16(), foreign.text.as_str()), (403, "Invalid CORS request"));
    assert_eq!(show.send("OPTIONS", "/tickets", &[("origin", "http://h"), ask], "").await.status, 200);
    let get = show.send("GET", "/tickets", &[("origin", "http://example.test")], "").await;
    assert!(get.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
}

#[tokio::test]
async fn a_probe_finds_it_up() {
    assert_eq!(Client::of("show").get("/actuator/health").await.text, r#"{"status":"UP"}"#);
}

#[tokio::test]
async fn searches_answer_one_or_a_list() {
    let coupon = Client::of("coupon");
    coupon.post("/coupons", r#"{"couponId": 7, "couponName": "c", "amt": 5, "stock": 9}"#).await;
    coupon.post("/orders", r#"{"couponId": 7, "customerId": 1, "qty": 2}"#).await;
    assert_eq!(coupon.get("/coupons/search").await.keys("/_links"), ["findByCouponId", "self"]);
    assert_eq!(coupon.get("/coupons/search/findByCouponId?couponId=7").await.at("/stock"), 7);
    for uri in ["/coupons/search/findByCouponId?couponId=8", "/coupons/search/findByCouponId"] {
        assert_eq!(coupon.get(uri).await.status, 404, "{uri}");
    }
    let bad = coupon.get("/coupons/search/findByCouponId?couponId=abc").await;
    assert_eq!((bad.status.as_u16(), bad.at("/errors/0/field")), (400, "couponId".into()));
    let list = coupon.get("/mypages/search/findByOrderId?orderId=1").await;
    assert_eq!(list.at("/_embedded/mypages/0/qty"), 2);
    assert_eq!(list.at("/_links/self/href"), "http://h/mypages/search/findByOrderId?orderId=1");
    assert_eq!(coupon.get("/mypages/search/findByOrderId").await.at("/_embedded/mypages"), serde_json::json!([]));
}

#[tokio::test]
async fn a_search_that_deleted_is_listed_and_refused() {
    let movie = Client::of("movie");
    assert_eq!(movie.get("/reservationLists/search").await.keys("/_links"), ["deleteByReserveId", "self"]);
    assert_eq!(movie.get("/reservationLists/search/deleteByReserveId?reserveId=1").await.status, 405);
}

#[tokio::test]
async fn a_check_answers_on_its_own_port_only_and_changes_nothing() {
    let mut coupon = Client::of("coupon");
    coupon.post("/coupons", r#"{"couponId": 7, "stock": 9}"#).await;
    assert_eq!(coupon.get("/chkAndModifyStock?couponId=7&qty=1").await.status, 404);
    coupon.mount.service = Some("coupon".to_owned());
    for (query, expected) in
        [("couponId=7&qty=9", "true"), ("couponId=7&qty=10", "false"), ("couponId=8&qty=1", "false")]
    {
        assert_eq!(coupon.get(&format!("/chkAndModifyStock?{query}")).await.text, expected);
    }
    for query in ["couponId=7&qty=0", "couponId=7&qty=-1", "couponId=7", "qty=1", "couponId=7&qty=abc"] {
        assert_eq!(coupon.get(&format!("/chkAndModifyStock?{query}")).await.status, 400, "{query}");
    }
    let post = coupon.post("/chkAndModifyStock?couponId=7&qty=1", "").await;
    assert_eq!((post.status.as_u16(), post.header("allow")), (405, "GET"));
    assert_eq!(coupon.get("/coupons/1").await.at("/stock"), 9);
}
