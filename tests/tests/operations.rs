//! What an operator does to a shop, and what it does to a client: stopping, data that cannot be used, probes, repeated requests.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use store::Migration;
use store::sqlite::SqliteStore;
use tests::{Client, Home, Paths, Shop, Start, eventually, maejin_unread, pause, while_running};

fn tickets(shop: &Shop) -> Paths {
    let at = shop.paths("show");
    at.http("POST /tickets id=1 showId=1 showName=jekyll-and-hyde stock=1000000 amount=1000").is(201);
    at
}

#[test]
fn a_shop_that_is_told_to_stop_answers_what_it_accepted() {
    let mut shop = Shop::open();
    let at = tickets(&shop);
    let order =
        |buyer| Some(at.try_http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).ok()?.is(201).number());
    let (mut acknowledged, status) = while_running(8, order, || {
        pause(Duration::from_millis(300));
        shop.ask_to_stop();
        shop.ended()
    });
    assert_eq!(status.code(), Some(0), "{}", shop.log());
    shop.check().with_code(0);
    shop.start_again();
    let mut kept: Vec<u64> = shop.paths("show").all_rows("/reservations").iter().map(|(number, _)| *number).collect();
    acknowledged.sort_unstable();
    kept.sort_unstable();
    assert!(acknowledged.len() > 8, "there was hardly any load");
    assert_eq!(kept, acknowledged, "what was accepted was answered, and what was answered is kept");
}

#[test]
fn a_shop_that_is_told_to_stop_says_that_it_is_not_ready_before_it_closes_its_door() {
    let mut shop = Shop::open();
    let at = tickets(&shop);
    let (client, url) = (Client::default(), shop.door().url(None, "/readyz"));
    let order = |buyer| at.try_http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).ok().map(drop);
    let (_, seen) = while_running(4, order, || {
        assert_eq!(client.get(&url).expect("an answer").status, 200);
        shop.ask_to_stop();
        let mut seen = Vec::new();
        while let Ok(reply) = Client::default().get(&url) {
            seen.push(reply.status);
        }
        seen
    });
    assert_eq!(shop.ended().code(), Some(0));
    assert_eq!(seen.last(), Some(&503), "a balancer that asks every moment saw {seen:?}, and then a closed door");
}

/// Every file below `dir` with what is in it, but for those that SQLite or a lock make and remake at every opening.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            found.push((name, Vec::new()));
            found.extend(files(&path));
        } else if ![".db-shm", ".db-wal", ".lock"].iter().any(|passing| name.ends_with(passing)) {
            found.push((name, std::fs::read(&path).expect("a file that can be read")));
        }
    }
    found.sort();
    found
}

#[test]
fn a_data_directory_in_use_is_left_alone() {
    let mut shop = Shop::open();
    let at = tickets(&shop);
    let before = files(&shop.home().data());
    let refused = Start::open().refused(&shop.home().data()).with_code(1);
    assert!(refused.err.contains("is in use by another maejin"), "{}", refused.err);
    assert!(refused.err.contains(&*shop.home().data().to_string_lossy()), "{}", refused.err);
    let checked = shop.check().with_code(2);
    assert!(checked.err.contains("is in use by another maejin"), "{}", checked.err);
    assert!(checked.err.contains("maejin backup verify"), "how a running shop is checked: {}", checked.err);
    assert_eq!(files(&shop.home().data()).len(), before.len(), "no file came or went");
    at.http("POST /reservations userId=1 showId=1 qty=1").is(201);
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn a_hang_up_reads_the_log_level_again_and_a_wrong_one_changes_nothing() {
    let home = Home::default();
    let file = home.path().join("maejin.toml");
    let set = |text: &str| std::fs::write(&file, text).expect("a file can be written");
    set("log = \"warn\"\n");
    let name = file.to_string_lossy().into_owned();
    let shop = Start::open().arg("--config").arg(&name).run_in(home);
    assert!(!shop.log().contains("the store is open"), "{}", shop.log());
    let hang_up = |what: &str| {
        shop.signal("HUP");
        eventually("the signal is answered", || shop.log().contains(what).then_some(()));
    };
    set("log = \"info,maejin::orders=debug\"\n");
    hang_up("the log level was read again");
    tickets(&shop).http("POST /reservations userId=1 showId=1 qty=1").is(201);
    eventually("messages of orders are logged", || shop.log().contains("OrderPlaced").then_some(()));
    set("log = \"info,,=loud\"\n");
    hang_up("logs go on as they were");
    set("lag = 1\n");
    hang_up("lag");
    for line in shop.log().lines() {
        let fields: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        for name in fields.as_object().expect("an object").keys() {
            assert_eq!(line.matches(&format!("\"{name}\":")).count(), 1, "{name} stands once in {line}");
        }
    }
    shop.door().http("GET /readyz").is(200);
}

#[test]
fn a_verb_whose_reader_has_gone_ends_as_it_would_have() {
    let shop = with_three_tickets();
    let data = shop.home().data().to_string_lossy().into_owned();
    for words in [&["check", "--data", &data][..], &["completions", "bash"], &["journal", "show", "--data", &data]] {
        let ended = maejin_unread(words).with_code(0);
        assert_eq!(ended.err, "", "{words:?}");
    }
}

#[test]
fn data_of_a_newer_version_is_refused_and_left_alone() {
    let home = Home::default();
    let future = Migration { context: "future", number: 1, sql: "CREATE TABLE future (x INTEGER)" };
    drop(SqliteStore::open(&home.data(), &[future]).expect("a store can be made"));
    let before = files(&home.data());
    let refused = Start::open().refused(&home.data()).with_code(1);
    assert!(refused.err.contains("newer maejin") && refused.err.contains("future 1"), "{}", refused.err);
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let after = files(&home.data());
    assert_eq!(names(&after), names(&before), "no file came or went");
    assert!(after == before, "no file is changed");
}

#[test]
fn a_data_directory_that_cannot_be_made_is_said_so() {
    let home = Home::default();
    std::fs::write(home.path().join("a-file"), "").expect("a file can be written");
    let refused = Start::open().refused(&home.path().join("a-file").join("data")).with_code(1);
    assert!(refused.err.contains("a-file/data"), "{}", refused.err);
    assert!(!refused.err.contains("panicked"), "{}", refused.err);
}

/// Changes one byte where `text` stands in the file, and gives what stood there before.
fn damage(file: &Path, text: &str) -> Vec<u8> {
    let bytes = std::fs::read(file).expect("the journal can be read");
    let at = bytes.windows(text.len()).position(|window| window == text.as_bytes());
    let at = at.unwrap_or_else(|| panic!("{text} is not in {}", file.display()));
    let mut damaged = bytes.clone();
    damaged[at] ^= 1;
    std::fs::write(file, damaged).expect("the journal can be written");
    bytes
}

fn with_three_tickets() -> Shop {
    let mut shop = Shop::open();
    let at = shop.paths("show");
    for (id, name) in [(1, "jekyll-and-hyde"), (2, "hadestown-tour"), (3, "maybe-happy-ending")] {
        at.http(&format!("POST /tickets id={id} showId={id} showName={name} stock=10 amount=1000")).is(201);
    }
    shop.stop();
    shop
}

#[test]
fn a_damaged_record_is_found_by_check_and_named() {
    let shop = with_three_tickets();
    shop.check().with_code(0);
    let journal = shop.home().data().join("journal.db");
    let whole = damage(&journal, "hadestown-tour");
    let checked = shop.check().with_code(1);
    let output = checked.out + &checked.err;
    assert!(output.contains("BROKEN") && output.contains("record 2"), "{output}");
    std::fs::write(&journal, whole).expect("the journal can be written");
    shop.check().with_code(0);
}

#[test]
fn a_shop_does_not_start_on_a_damaged_record_that_it_needs_and_names_it() {
    let mut shop = with_three_tickets();
    let journal = shop.home().data().join("journal.db");
    let whole = damage(&journal, "maybe-happy-ending");
    let refused = Start::open().refused(&shop.home().data()).with_code(1);
    assert!(refused.err.contains("the journal is damaged at record 3"), "{}", refused.err);
    std::fs::write(&journal, whole).expect("the journal can be written");
    shop.start_again();
    assert_eq!(shop.paths("show").rows("/tickets").len(), 3, "nothing was changed");
}

#[test]
fn a_list_shows_an_order_as_soon_as_it_is_acknowledged_at_load_too() {
    let shop = Shop::open();
    let at = tickets(&shop);
    let load = |buyer| at.try_http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).ok().map(drop);
    let (all, ()) = while_running(4, load, || {
        for _ in 0..100 {
            let number = at.http("POST /reservations userId=77 showId=1 qty=1").is(201).number();
            is_listed(&at, number);
        }
    });
    assert!(all.len() > 100, "there was hardly any load: {}", all.len());
}

fn is_listed(at: &Paths, number: u64) {
    let newest = at.http("/reservations?size=1&sort=id,desc").is(200).rows().remove(0);
    let link = newest["_links"]["self"]["href"].as_str().unwrap_or_default();
    let newest: u64 = link.rsplit('/').next().and_then(|n| n.parse().ok()).expect("a number");
    assert!(newest >= number, "the list ends at {newest} when {number} is acknowledged");
    let mine = at.rows(&format!("/mypages/search/findByReserveId?reserveId={number}"));
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0]["reserveStatus"], "Reservation Completed");
}

#[test]
fn the_probes_and_the_metrics_answer() {
    let shop = Shop::open();
    let at = tickets(&shop);
    at.http("POST /reservations userId=1 showId=1 qty=1").is(201);
    let door = shop.door();
    door.http("/healthz").is(200);
    door.http("/readyz").is(200);
    let metrics = eventually("the order is counted", || {
        let metrics = door.http("/metrics").is(200);
        metrics.text.contains("maejin_messages_total{message=\"OrderConfirmed\"} 1").then_some(metrics)
    });
    assert!(metrics.header("content-type").is_some_and(|kind| kind.starts_with("text/plain; version=0.0.4")));
    let open = door.http("/metrics Accept:application/openmetrics-text").is(200);
    assert!(open.header("content-type").is_some_and(|kind| kind.starts_with("application/openmetrics-text")));
    assert!(open.text.trim_end().ends_with("# EOF"), "{}", open.text);
}

#[test]
fn a_correlation_id_is_echoed_and_ties_together_all_that_it_brought_about() {
    let shop = Shop::open();
    let at = tickets(&shop);
    let given = "00c0ffee00c0ffee";
    let first = at.http(&format!("POST /reservations userId=1 showId=1 qty=1 X-Correlation-Id:{given}")).is(201);
    assert_eq!(first.header("x-correlation-id"), Some(given));
    let second = at.http("POST /reservations userId=2 showId=1 qty=1").is(201);
    let made = second.header("x-correlation-id").expect("one is made where none is given").to_owned();
    assert_ne!(made, given);
    for (order, id) in [(first.number(), given), (second.number(), &made)] {
        let lines = shop.timeline("show", order);
        assert!(lines.len() >= 6, "{lines:?}");
        assert!(lines.iter().all(|line| line["correlation_id"] == id), "{lines:?}");
        assert!(lines.iter().all(|line| line["order"] == order), "{lines:?}");
    }
}

#[test]
fn an_operator_is_told_of_problems_as_everybody_is() {
    let shop = Shop::open();
    let at = shop.door();
    let house = r#"{"storefront":"musical","name":"A","price":1,"seated":true}"#;
    at.http_with_body("POST /operator/offerings", house).is(200);
    let add = r#"{"add":1}"#;
    let change = r#"{"storefront":"show","price":1,"name":7}"#;
    for (request, body, status, code, field) in [
        ("/operator/nothing", "", 404, "not-found", None),
        ("/operator/orders/show/9", "", 404, "not-found", None),
        ("PUT /operator/offerings", "", 405, "method-not-allowed", None),
        ("/operator/orders?limit=0", "", 400, "invalid-parameter", Some("limit")),
        ("POST /operator/offerings", change, 422, "invalid-value", Some("name")),
        ("POST /operator/offerings/musical/1/stock", add, 409, "wrong-state", Some("left")),
        ("DELETE /operator/offerings/show/9", "", 404, "not-found", None),
    ] {
        let line = format!("{request} X-Correlation-Id:00c0ffee00c0ffee");
        let refused = at.http_with_body(&line, body).is(status);
        assert_eq!(refused.header("content-type"), Some("application/problem+json"), "{request}");
        assert_eq!((&refused["code"], &refused["status"]), (&json!(code), &json!(status)), "{request}");
        assert_eq!(refused["correlation_id"], "00c0ffee00c0ffee", "{request}");
        let fields: Vec<_> =
            refused["errors"].as_array().expect("a list").iter().map(|error| &error["field"]).collect();
        assert_eq!(fields, field.iter().collect::<Vec<_>>(), "{request}");
        assert!(refused["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{request}");
    }
    let methods = at.http("PUT /operator/offerings").is(405);
    assert_eq!(methods.header("allow"), Some("GET, POST"));
}

fn whole(reply: &tests::Reply) -> (u16, Option<String>, Value) {
    (reply.status, reply.header("location").map(str::to_owned), reply.json().clone())
}

#[test]
fn the_same_key_is_the_same_order_and_the_same_answer() {
    let shop = Shop::open();
    let at = tickets(&shop);
    let asked = "POST /reservations userId=1 showId=1 qty=2 Idempotency-Key:k-1";
    let first = whole(&at.http(asked).is(201));
    assert_eq!(whole(&at.http(asked)), first);
    assert_eq!(at.http("/tickets/1").is(200)["stock"], 999_998);
    at.http("POST /reservations userId=1 showId=1 qty=2 Idempotency-Key:k-2").is(201);
    assert_eq!(at.rows("/reservations").len(), 2);
}

#[test]
fn a_key_that_comes_again_with_another_body_is_refused() {
    let shop = Shop::open();
    let at = tickets(&shop);
    at.http("POST /reservations userId=1 showId=1 qty=2 Idempotency-Key:k-1").is(201);
    for other in ["userId=1 showId=1 qty=3", "userId=2 showId=1 qty=2"] {
        let refused = at.http(&format!("POST /reservations {other} Idempotency-Key:k-1")).is(422);
        assert_eq!(refused["code"], "key-reused");
    }
    assert_eq!(at.http("/tickets/1").is(200)["stock"], 999_998);
}

#[test]
fn a_refusal_under_a_key_stays_a_refusal() {
    let shop = Shop::open();
    let at = shop.paths("coupon");
    at.http("POST /coupons couponId=1 couponName=A amt=0 stock=5").is(201);
    let asked = "POST /orders couponId=1 customerId=1 qty=6 Idempotency-Key:k-1";
    assert_eq!(at.http(asked).is(409)["code"], "sold-out");
    at.http("PATCH /coupons/1 stock=10").is(200);
    assert_eq!(at.http(asked).is(409)["code"], "sold-out");
    assert_eq!(at.http("/coupons/1").is(200)["stock"], 10);
}

#[test]
fn a_key_is_remembered_over_a_crash() {
    let mut shop = Shop::open();
    let at = tickets(&shop);
    let asked = "POST /reservations userId=1 showId=1 qty=2 Idempotency-Key:k-1";
    let first = at.http(asked).is(201);
    shop.kill();
    shop.start_again();
    let at = shop.paths("show");
    assert_eq!(at.http(asked).is(201).number(), first.number());
    let other = "POST /reservations userId=1 showId=1 qty=3 Idempotency-Key:k-1";
    assert_eq!(at.http(other).is(422)["code"], "key-reused");
    assert_eq!(at.http("/tickets/1").is(200)["stock"], 999_998);
    assert_eq!(at.rows("/reservations").len(), 1);
}
