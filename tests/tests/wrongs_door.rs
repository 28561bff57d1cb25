//! What the systems before this one got wrong about who may do what, and from where, each shown to be right here.

use tests::{Paths, Raw, Shop, Start};

const TOKEN: &str = "a-token-of-thirty-two-characters";

#[test]
fn w14_nothing_is_open_without_the_token() {
    let shop = Start::closed().env("MAEJIN_TOKEN", TOKEN).run();
    let at = shop.paths("show");
    for closed in [
        "/tickets",
        "POST /tickets id=1 showId=1 stock=10",
        "POST /tickets id=1 showId=1 stock=10 'Authorization:Bearer a-token-of-thirty-two-characterS'",
        "POST /points id=1 point=99999",
        "PATCH /points/1 point=99999 Authorization:Basic",
        "DELETE /reservations/1",
        "/nothing",
    ] {
        let refused = at.http(closed).is(401);
        assert!(refused.header("www-authenticate").is_some_and(|value| value.starts_with("Bearer")), "{refused}");
    }
    shop.door().http("/").is(401);
    let shown = format!("'Authorization:Bearer {TOKEN}'");
    assert_eq!(at.http(&format!("/tickets {shown}")).is(200).rows().len(), 0, "nothing came in before");
    at.http(&format!("POST /tickets id=1 showId=1 stock=10 {shown}")).is(201);
    assert_eq!(at.http(&format!("/tickets/1 {shown}")).is(200)["stock"], 10);
    assert!(!shop.log().contains(TOKEN), "no log shows the token");
}

#[test]
fn w14_without_a_token_the_shop_does_not_start_and_says_how_to_make_one() {
    let home = tests::Home::default();
    let refused = Start::closed().refused(&home.data()).with_code(1);
    for word in ["MAEJIN_TOKEN", "Authorization: Bearer", "--demo"] {
        assert!(refused.err.contains(word), "it does not say {word}: {}", refused.err);
    }
    assert!(!home.data().exists(), "nothing was made");
    let short = Start::closed().env("MAEJIN_TOKEN", "short").refused(&home.data()).with_code(1);
    assert!(short.err.contains("at least 16"), "{}", short.err);
}

#[test]
fn w14_an_open_shop_is_on_this_machine_only() {
    let home = tests::Home::default();
    let listen = Start::open().env("MAEJIN_LISTEN", "0.0.0.0:0");
    let refused = listen.refused_listening_as_set(&home.data()).with_code(1);
    assert!(refused.err.contains("not a loopback address"), "{}", refused.err);
}

#[test]
fn w15_read_models_are_reached_through_the_gateway() {
    let together = Shop::open();
    for (storefront, paths) in [
        ("show", &["/mypages", "/mypages/search/findByReserveId?reserveId=1", "/points", "/tickets"][..]),
        ("musical", &["/myPages", "/notifications", "/seats", "/items"]),
        ("movie", &["/reservationLists", "/notifications", "/movies"]),
        ("coupon", &["/mypages", "/payments", "/coupons"]),
        ("shop", &["/paymentHistories", "/deliveries", "/inventories"]),
    ] {
        let all_are_there = |at: &Paths| paths.iter().for_each(|path| drop(at.http(&format!(":8088{path}")).is(200)));
        all_are_there(&together.paths(storefront));
        all_are_there(&Shop::alone(storefront).paths(storefront));
    }
}

#[test]
fn w15_the_gateway_answers_as_the_services_own_port_does() {
    let shop = Shop::alone("show");
    let at = shop.paths("show");
    at.http("POST :8083/tickets id=1 showId=1 showName=A stock=10 amount=1000").is(201);
    at.http("POST :8082/reservations userId=1 showId=1 qty=1").is(201);
    let without_links = |path: &str| {
        let mut body = at.http(path).is(200).json().clone();
        body.as_object_mut().expect("an object").remove("_links");
        body
    };
    assert_eq!(without_links(":8083/tickets/1"), without_links(":8088/tickets/1"));
    assert_eq!(without_links(":8082/reservations/1"), without_links(":8088/reservations/1"));
    assert_eq!(without_links(":8084/mypages/1"), without_links(":8088/mypages/1"));
    at.http(":8083/reservations/1").is(404);
}

#[test]
fn w16_no_other_site_may_call_with_credentials() {
    let shop = Shop::open();
    let at = shop.paths("show");
    let there = "Origin:https://elsewhere.example";
    for asked in [
        format!("/tickets {there}"),
        format!(
            "OPTIONS /tickets {there} Access-Control-Request-Method:POST Access-Control-Request-Headers:content-type"
        ),
        format!("POST /tickets id=1 showId=1 stock=10 {there}"),
    ] {
        let answer = at.http(&asked);
        for header in ["access-control-allow-origin", "access-control-allow-credentials"] {
            assert_eq!(answer.header(header), None, "{asked}");
        }
    }
}

#[test]
fn w18_probes_do_not_touch_the_business() {
    let shop = Start::closed().env("MAEJIN_TOKEN", TOKEN).run();
    let door = shop.door();
    let messages = || {
        let text = door.http("/metrics").is(200).text;
        let lines = text.lines().filter(|line| line.starts_with("maejin_messages_total"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let before = messages();
    for _ in 0..100 {
        assert_eq!(door.http("/healthz").is(200).text, "alive\n");
        assert_eq!(door.http("/readyz").is(200).text, "ready\n");
    }
    assert_eq!(messages(), before, "no message was said");
}

/// A path behind every part of the public door.
const DOORS: [&str; 8] = [
    "/",
    "/healthz",
    "/metrics",
    "/show/tickets",
    "/api/v1/storefronts",
    "/api/v1/events",
    "/operator/orders",
    "/docs",
];

#[test]
fn a_request_names_one_host_at_every_door() {
    let shop = Shop::open();
    let door = shop.door();
    for path in DOORS {
        for hosts in [&[][..], &["a", "b"], &["a", "a"], &["a\"><script>"], &["a/b"], &["me@a"]] {
            let refused = Raw::new("GET", path).hosts(hosts).send(&door).is(400);
            assert_eq!(refused["code"], "invalid-header", "{path} {hosts:?}");
            assert_eq!(refused["errors"][0]["field"], "Host", "{path} {hosts:?}");
        }
    }
    let order = Raw::new("POST", "/show/reservations").hosts(&[]).header("content-type", "application/json");
    order.body(r#"{"userId":1,"showId":1,"qty":1}"#).send(&door).is(400);
    assert_eq!(shop.paths("show").rows("/reservations").len(), 0, "nothing was done");
    for path in ["/show/tickets", "http://elsewhere.example/show/tickets"] {
        let links = Raw::new("GET", path).hosts(&["shop.example:81"]).send(&door).is(200);
        let host = if path.starts_with('/') { "shop.example:81" } else { "elsewhere.example" };
        assert_eq!(links["_links"]["self"]["href"], format!("http://{host}/show/tickets"));
    }
}

#[test]
fn what_a_trusted_hop_says_is_in_every_link_and_location() {
    let shop = Start::open().env("MAEJIN_TRUSTED_HOP", "true").run();
    let (show, door) = (shop.paths("show"), shop.door());
    let told = "'Forwarded:proto=HTTPS;host=\"shop.example\"' X-Forwarded-Prefix:/seoul";
    let made = show.http(&format!("POST /tickets id=1 showId=1 stock=1 amount=10 {told}")).is(201);
    let at = "https://shop.example/seoul/show/tickets/1";
    assert_eq!((made.header("location"), &made["_links"]["self"]["href"]), (Some(at), &at.into()));
    let order = format!("POST /api/v1/storefronts/show/orders offering=1 quantity:=1 customer=1 {told}");
    let placed = door.http(&order).is(201);
    let path = |number: u32| format!("/seoul/api/v1/storefronts/show/orders/{number:012}");
    assert_eq!(placed.header("location"), Some(path(1).as_str()));
    show.http(&format!("PATCH /tickets/1 stock=5 {told}")).is(200);
    let refused = door.http(&format!(r#"{order} price:='{{"amount":9,"currency":"KRW"}}'"#)).is(409);
    assert_eq!(refused["order"], path(2));
    assert!(door.http(&format!("/ {told}")).is(200).text.contains("href=\"/seoul/show/tickets\""));
}

#[test]
fn logs_that_nobody_takes_and_a_terminal_that_hangs_up_do_not_stop_the_shop() {
    let mut shop = Start::open().arg("--log").arg("debug").unheard().run();
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 stock=10 amount=10").is(201);
    shop.signal("HUP");
    for customer in 0..10 {
        let answer = at.http(&format!("POST /reservations userId={customer} showId=1 qty=1")).is(201);
        assert_eq!(answer["status"], "Reservation Completed");
    }
    shop.stop();
}
