//! What somebody sees in the first hour: what is printed can be called, what is linked is there, and what is wrong is said.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{Home, Shop, Start, eventually_is, maejin, maejin_unread};

const TOKEN: &str = "a-token-of-thirty-two-characters";

/// What the links of a page lead to.
fn links(text: &str) -> Vec<String> {
    let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(|link| link.replace("&amp;", "&")).collect()
}

#[test]
fn every_link_of_the_start_page_leads_somewhere() {
    let shop = Shop::open();
    let door = shop.door();
    let page = door.http("/").is(200).text;
    let found = links(&page);
    for wanted in ["/api/v1", "/docs", "/openapi.json", "/operator/orders", "/show/tickets", "/healthz"] {
        assert!(found.iter().any(|link| link == wanted), "{wanted} is not among {found:?}");
    }
    assert!(page.find("/docs") < page.find("/show/"), "v1 comes before the storefronts");
    let (mut seen, mut next) = (BTreeSet::new(), found);
    while let Some(link) = next.pop() {
        let (path, place) = link.split_once('#').unwrap_or((&link, ""));
        if path.is_empty() || !seen.insert(link.clone()) {
            continue;
        }
        let reply = door.http(path).is(200);
        assert!(place.is_empty() || reply.text.contains(&format!("id=\"{place}\"")), "nothing is at {link}");
        if reply.header("content-type").is_some_and(|media| media.starts_with("text/html")) {
            let on = |inner: String| if inner.starts_with('#') { format!("{path}{inner}") } else { inner };
            next.extend(links(&reply.text).into_iter().map(on));
        }
    }
    assert!(seen.len() > 40, "{seen:?}");
}

#[test]
fn the_index_of_v1_names_every_call_and_where_it_is() {
    let shop = Start::open().env("MAEJIN_TRUSTED_HOP", "true").run();
    let door = shop.door();
    let index = door.http("/api/v1").is(200);
    let document = door.http("/openapi.json").is(200);
    let calls = index["calls"].as_array().expect("calls");
    for call in calls {
        let (method, href) = (call["method"].as_str().expect("one"), call["href"].as_str().expect("one"));
        let described = &document["paths"][href][method.to_lowercase()];
        assert_eq!(described["operationId"], call["name"], "{method} {href}");
        if method == "GET" && call["templated"] == false && call["name"] != "listen" {
            door.http(href).is(200);
        }
    }
    let described =
        document["paths"].as_object().expect("paths").values().map(|item| item.as_object().map_or(0, |i| i.len()));
    assert_eq!(calls.len(), described.sum::<usize>());
    assert_eq!((&index["docs"], &index["openapi"]), (&json!("/docs"), &json!("/openapi.json")));
    let below = door.http("/api/v1 X-Forwarded-Prefix:/seoul").is(200);
    assert_eq!((&below["docs"], &below["calls"][0]["href"]), (&json!("/seoul/docs"), &json!("/seoul/api/v1")));
    door.http("/api/v1/").is(404);
    door.http("POST /api/v1").is(405);
}

/// The calls and the verbs that a shop has printed, each as it would be typed.
fn printed(shop: &Shop) -> (Vec<String>, Vec<String>) {
    let text = shop.printed();
    let typed = |program: &str| text.lines().filter_map(|line| line.strip_prefix(program)).map(str::to_owned).collect();
    (typed("  http "), typed("  maejin "))
}

#[test]
fn what_an_open_shop_prints_can_be_called() {
    let shop = Shop::open();
    let door = shop.door();
    let url = door.url(None, "");
    let price = r#"price:={"amount":1000,"currency":"KRW"}"#;
    door.http(&format!("POST /api/v1/storefronts/show/offerings name=a stock:=5 '{price}'")).is(201);
    let (calls, verbs) = printed(&shop);
    assert!(calls[0].ends_with("/api/v1") && calls.len() > 15, "{calls:?}");
    for call in &calls {
        let reply = door.http(&call.replace(&url, ""));
        assert!((200..300).contains(&reply.status), "{call}: {reply}");
    }
    assert_eq!(verbs.len(), 3);
    for verb in verbs {
        maejin(verb.split(' ')).with_code(0);
    }
}

#[test]
fn with_a_token_the_calls_that_are_printed_have_it_in_a_variable() {
    let home = Home::default();
    let file = home.path().join("maejin.token");
    std::fs::write(&file, format!("{TOKEN}\n")).expect("a file can be written");
    let shop = Start::closed().env("MAEJIN_TOKEN_FILE", &file.to_string_lossy()).run_in(home);
    let (calls, verbs) = printed(&shop);
    assert!(!shop.printed().contains(TOKEN), "no token is printed");
    assert!(shop.printed().contains(&format!("  TOKEN=$(cat {})\n", file.display())), "{}", shop.printed());
    let url = shop.door().url(None, "");
    let shown = format!("'Authorization:Bearer {TOKEN}'");
    for call in calls.iter().filter(|call| !call.contains("POST")) {
        let path = call.strip_prefix("-A bearer -a \"$TOKEN\" ").expect("it has the token");
        shop.door().http(&format!("{} {shown}", path.replace(&url, ""))).is(200);
    }
    for verb in verbs {
        maejin(verb.split(' ')).with_code(0);
    }
}

#[test]
fn a_wrong_token_is_told_from_none_and_is_logged_and_counted() {
    let shop = Start::closed().env("MAEJIN_TOKEN", TOKEN).run();
    let door = shop.door();
    let asked = |path: &str| {
        let refused = door.http(path).is(401);
        (refused["code"].clone(), refused.header("www-authenticate").unwrap_or_default().to_owned())
    };
    let without = (json!("unauthorized"), "Bearer realm=\"maejin\"".to_owned());
    assert_eq!(asked("/api/v1"), without);
    assert_eq!(asked("/api/v1 Authorization:Basic"), without);
    let wrong = asked("/api/v1 'Authorization:Bearer some-other-token-of-mine'");
    assert_eq!(wrong, (json!("wrong-token"), "Bearer realm=\"maejin\", error=\"invalid_token\"".to_owned()));
    let logged = || shop.log().contains("a wrong token was shown");
    eventually_is("the log tells of it", true, logged);
    assert!(!shop.log().contains("some-other-token-of-mine") && !shop.log().contains(TOKEN), "{}", shop.log());
    let metrics = door.http("/metrics").is(200).text;
    for line in ["{token=\"none\"} 2", "{token=\"wrong\"} 1"] {
        assert!(metrics.contains(&format!("maejin_requests_turned_away_total{line}")), "{metrics}");
    }
}

#[test]
fn what_says_nothing_of_the_shop_needs_no_token() {
    let shop = Start::closed().env("MAEJIN_TOKEN", TOKEN).run();
    for open in ["/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"] {
        shop.door().http(open).is(200);
        shop.door().http(&format!("{open} 'Authorization:Bearer wrong'")).is(200);
    }
    for closed in ["/", "/docs/x", "/api/v1", "/api/v1/events", "/operator"] {
        let status = shop.door().http(closed).status;
        assert!(status == 401 || (closed == "/docs/x" && status == 404), "{closed}: {status}");
    }
}

#[test]
fn an_operator_sets_which_logs_are_written_until_the_settings_are_read_again() {
    let shop = Start::open().arg("--log").arg("warn").run();
    let door = shop.door();
    let url = door.url(None, "");
    let log = |words: &[&str]| maejin(["log"].iter().chain(words).chain(&["--url", &url])).with_code(0).out;
    assert_eq!(log(&[]), "warn\n");
    assert_eq!(door.http("/operator/log").is(200).json(), &json!({ "log": "warn" }));
    door.http("/api/v1").is(200);
    assert!(!shop.log().contains("\"message\":\"request\""), "nothing of it is logged");
    assert_eq!(log(&["warn,gateway=debug"]), "warn,gateway=debug\n");
    door.http("/api/v1").is(200);
    eventually_is("requests are logged", true, || shop.log().contains("\"message\":\"request\""));
    for wrong in [r#"{"log":"a=b=c"}"#, r#"{"log":7}"#, "{}", r#"{"log":"info","x":1}"#, "info"] {
        let refused = door.http_with_body("PUT /operator/log", wrong).is(422);
        assert!(refused["code"] == "invalid-value", "{wrong}: {refused}");
    }
    assert_eq!(door.http("/operator/log").is(200)["log"], "warn,gateway=debug", "what is wrong changes nothing");
    shop.signal("HUP");
    eventually_is("the settings are read again", json!("warn"), || door.http("/operator/log").is(200)["log"].clone());
    door.http("DELETE /operator/log").is(405);
}

#[test]
fn no_verb_fails_where_nobody_reads_what_it_says() {
    let mut shop = Shop::open();
    let url = shop.door().url(None, "");
    let data = shop.home().data().to_string_lossy().into_owned();
    for verb in ["orders list", "parked list", "offerings list", "log", "orders list --json"] {
        let ended = maejin_unread(verb.split(' ').chain(["--url", &url])).with_code(0);
        assert!(!ended.err.contains("panicked"), "{verb}: {}", ended.err);
    }
    for verb in ["--help", "--version", "help serve", "config", "config --json", "completions bash"] {
        let ended = maejin_unread(verb.split(' ')).with_code(0);
        assert!(!ended.err.contains("panicked"), "{verb}: {}", ended.err);
    }
    shop.stop();
    let backup = shop.home().path().join("backup").to_string_lossy().into_owned();
    let to_backup = format!("backup --to {backup}");
    let verbs =
        [to_backup.as_str(), "check", "events", "events --json", "orders list", "points show 1", "journal show"];
    let stopped = verbs.iter().chain(&["rebuild mypage", "rebuild tables"]);
    for verb in stopped {
        let ended = maejin_unread(verb.split(' ').chain(["--data", &data]));
        let is_unknown = *verb == "points show 1";
        let ended = ended.with_code(i32::from(is_unknown));
        assert!(!ended.err.contains("panicked"), "{verb}: {}", ended.err);
    }
    maejin_unread(["backup", "verify", &backup]).with_code(0);
}
