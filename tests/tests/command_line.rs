//! The operator's command line against the real binary: what a person sees and mends without any other tool.

use serde_json::{Value, json};
use tests::{Ended, Home, Shop, Start, eventually_is, maejin};

/// A verb against a running shop.
fn at(shop: &Shop, words: &str) -> Ended {
    let url = shop.door().url(None, "");
    maejin(words.split(' ').chain(["--url", url.trim_end_matches('/')]))
}

/// The document that a verb gives.
fn document(ended: Ended) -> Value {
    let ended = ended.with_code(0);
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error} in {}", ended.out))
}

fn asked(shop: &Shop, words: &str) -> Value {
    document(at(shop, &format!("{words} --json")))
}

fn state(shop: &Shop, order: &str) -> Value {
    asked(shop, &format!("orders show {order}"))["state"].clone()
}

fn buy(shop: &Shop, customer: u64) {
    shop.paths("show").http(&format!("POST /reservations userId={customer} showId=1 qty=1")).is(201);
}

/// A shop whose customer 1 has as many points as can be counted, 2^53 - 1: the points of an order are one more than that.
fn overflowing() -> Shop {
    let shop = Shop::open();
    at(&shop, "offerings register show --name 매진 --price 10000 --stock 10 --reference 1").with_code(0);
    shop.paths("show").http("POST /points id=1 point:=0").is(201);
    at(&shop, "points set 1 9007199254740991").with_code(0);
    shop
}

#[test]
fn a_message_that_makes_a_service_fail_is_seen_mended_and_redriven() {
    let mut shop = overflowing();
    buy(&shop, 1);
    buy(&shop, 2);
    assert_eq!((state(&shop, "show/1"), state(&shop, "show/2")), (json!("held"), json!("confirmed")));
    let parked = asked(&shop, "parked list");
    let message = &parked["messages"][0];
    assert_eq!((&message["service"], &message["message"]), (&json!("points"), &json!("EarnPoints")));
    assert_eq!((&message["storefront"], &message["order"]), (&json!("show"), &json!(1)));
    assert!(message["reason"].as_str().is_some_and(|why| why.contains("cannot be counted")), "{message}");
    let id = message["id"].as_str().expect("an id").to_owned();
    let shown = asked(&shop, &format!("parked show {id}"));
    assert_eq!((&shown["data"]["customer"], &shown["data"]["points"]), (&json!("1"), &json!(500)));
    assert_eq!(asked(&shop, "orders show show/1")["parked_messages"][0]["id"], json!(id));

    // It fails again as long as nothing is mended, and also after a restart it is still there to be seen.
    let again = at(&shop, &format!("parked retry {id}")).with_code(1);
    assert!(again.out.contains("cannot be counted"), "{}", again.out);
    shop.kill();
    shop.start_again();
    at(&shop, "points set 1 100").with_code(0);
    let done = asked(&shop, &format!("parked retry {id}"));
    assert_eq!((&done["handled"], &done["still_parked"]), (&json!(1), &json!(0)));
    assert_eq!(state(&shop, "show/1"), "confirmed");
    assert_eq!(asked(&shop, "points show 1")["balance"], 600);
    assert_eq!(asked(&shop, "parked list"), json!({ "messages": [], "orders": [] }));
    let gone = at(&shop, &format!("parked retry {id}")).with_code(1);
    assert!(gone.err.contains("nothing is parked as"), "{}", gone.err);
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn a_message_that_is_given_up_is_told_in_the_journal_and_its_order_can_be_cancelled() {
    let mut shop = overflowing();
    buy(&shop, 1);
    let id = asked(&shop, "parked list")["messages"][0]["id"].as_str().expect("an id").to_owned();
    let done = at(&shop, &format!("parked give-up {id}")).with_code(0);
    assert!(done.out.contains("was given up"), "{}", done.out);
    let told = asked(&shop, "orders timeline show/1");
    let told = told["items"].as_array().expect("a list").iter().find(|entry| entry["message"] == "MessageGivenUp");
    let told = told.expect("the journal tells of it");
    assert_eq!((&told["data"]["name"], &told["data"]["service"]), (&json!("EarnPoints"), &json!("points")));
    assert_eq!(told["summary"], "an operator gave up EarnPoints to points");
    at(&shop, "orders cancel show/1").with_code(0);
    eventually_is("the order is undone", json!("cancelled"), || state(&shop, "show/1"));
    assert_eq!(asked(&shop, "offerings show show/1")["stock"]["left"], 10);
    shop.stop();
    shop.check().with_code(0);
}

#[test]
fn orders_are_listed_newest_first_by_what_is_asked_for() {
    let shop = Shop::open();
    at(&shop, "offerings register show --name a --price 100 --stock 4 --reference 1").with_code(0);
    at(&shop, "offerings register movie --name b --price 100 --stock 9").with_code(0);
    for customer in [7, 8, 7, 8, 7] {
        buy(&shop, customer);
    }
    shop.paths("movie").http("POST /reservations movieId=1 count=2 userId=7").is(201);
    let names = |words: &str| -> Vec<String> {
        let found = asked(&shop, words);
        let items = found["items"].as_array().expect("items");
        items
            .iter()
            .map(|order| format!("{}/{}", order["storefront"].as_str().unwrap_or("?"), order["order"]))
            .collect()
    };
    assert_eq!(names("orders list"), ["movie/1", "show/5", "show/4", "show/3", "show/2", "show/1"]);
    assert_eq!(names("orders list --storefront show --state rejected"), ["show/5"]);
    assert_eq!(names("orders list --customer 7"), ["movie/1", "show/5", "show/3", "show/1"]);
    assert_eq!(names("orders list --storefront show --offering 1 --customer 8"), ["show/4", "show/2"]);
    assert!(names("orders list --parked").is_empty());
    let first = asked(&shop, "orders list --limit 4");
    let next = first["next"].as_str().expect("there are more").to_owned();
    assert_eq!(names(&format!("orders list --limit 4 --after {next}")), ["show/2", "show/1"]);
    let table = at(&shop, "orders list --limit 4").with_code(0).out;
    assert!(table.starts_with("ORDER") && table.contains(&format!("--after {next}")), "{table}");
}

#[test]
fn offerings_are_registered_changed_added_to_and_withdrawn() {
    let shop = Shop::open();
    let made = asked(&shop, "offerings register shop --name 티셔츠 --price 25000 --stock 1");
    assert_eq!((&made["name"], &made["price"]["amount"]), (&json!("티셔츠"), &json!(25_000)));
    assert_eq!(asked(&shop, "offerings add-stock shop/1 4")["stock"]["left"], 5);
    let changed = asked(&shop, "offerings change shop/1 --price 20000");
    assert_eq!((&changed["name"], &changed["price"]["amount"]), (&json!("티셔츠"), &json!(20_000)));
    assert_eq!(asked(&shop, "offerings list --storefront shop")["items"][0], changed);
    at(&shop, "offerings withdraw shop/1").with_code(0);
    assert_eq!(asked(&shop, "offerings list"), json!({ "items": [], "next": null }));
    for (words, why) in [
        ("orders timeline show/1", "there is no order show/1"),
        ("offerings withdraw shop/1", "it is withdrawn: reopen it first"),
        ("offerings withdraw shop/2", "there is no such offering"),
        ("offerings reopen shop/2", "there is no such offering"),
        ("offerings add-stock nowhere/1 4", "there is no storefront nowhere; there are show"),
        ("offerings change shop/1", "nothing to change"),
        ("points set 5 5", "there is no such account"),
        ("orders cancel show/1", "there is no such order"),
    ] {
        let refused = at(&shop, words).with_code(1);
        assert!(refused.err.contains(why), "{words}: {}", refused.err);
    }
}

#[test]
fn a_stopped_store_gives_the_same_documents_as_the_running_shop() {
    let mut shop = overflowing();
    buy(&shop, 1);
    buy(&shop, 2);
    let id = asked(&shop, "parked list")["messages"][0]["id"].as_str().expect("an id").to_owned();
    let verbs = [
        "orders list",
        "orders show show/1",
        "parked list",
        "offerings list",
        "points show 1",
        "orders timeline show/2",
    ];
    let verbs = verbs.map(str::to_owned).into_iter().chain([format!("parked show {id}")]);
    let data = shop.home().data();
    let of_store = |words: &str| maejin(words.split(' ').chain(["--json", "--data", &data.to_string_lossy()]));
    let live: Vec<(String, Value)> = verbs.map(|words| (words.clone(), asked(&shop, &words))).collect();
    let in_use = of_store("orders list").with_code(1);
    assert!(in_use.err.contains("in use by a running maejin: leave --data out"), "{}", in_use.err);
    shop.stop();
    for (words, live) in live {
        assert_eq!(document(of_store(&words)), live, "{words}");
    }
    let unknown = of_store("orders show show/9").with_code(1);
    assert!(unknown.err.contains("there is no order show/9"), "{}", unknown.err);
    let none = maejin(["orders", "list", "--data", "/nowhere/at/all"]).with_code(1);
    assert!(none.err.contains("there is no store in /nowhere/at/all"), "{}", none.err);
}

#[test]
fn a_shop_that_is_not_there_or_wants_a_token_is_told_clearly() {
    let nobody = maejin(["orders", "list", "--url", "http://127.0.0.1:1"]).with_code(1);
    assert!(nobody.err.contains("no shop answers at http://127.0.0.1:1"), "{}", nobody.err);
    assert!(nobody.err.contains("--url") && nobody.err.contains("--data"), "{}", nobody.err);

    let home = Home::default();
    let file = home.path().join("operator.token");
    std::fs::write(&file, "0123456789abcdefgh\n").expect("a file can be written");
    let token = file.to_string_lossy().into_owned();
    let shop = Start::closed().env("MAEJIN_TOKEN_FILE", &token).run_in(home);
    let refused = at(&shop, "orders list").with_code(1);
    assert!(refused.err.contains("wants a token") && refused.err.contains("--token-file"), "{}", refused.err);
    at(&shop, &format!("orders list --token-file {token}")).with_code(0);
    let wrong = shop.home().path().join("wrong.token");
    std::fs::write(&wrong, "another token than that").expect("a file can be written");
    let refused = at(&shop, &format!("orders list --token-file {}", wrong.display())).with_code(1);
    assert!(refused.err.contains("another token"), "{}", refused.err);
}

#[test]
fn what_cannot_be_meant_is_a_matter_of_usage() {
    for words in [
        "orders list --state lost",
        "orders list --limit 0",
        "orders list --limit 1001",
        "orders list --offering 1",
        "orders show 12",
        "orders cancel show/1 --data data",
        "parked show x",
        "parked retry",
        "offerings add-stock show/1 0",
        "offerings register show --name a --price -1",
        "offerings register show --name a --price 1 --on-sale-from tomorrow",
        "offerings change show/1 --on-sale-from 2027-01-01T00:00:00Z --no-on-sale-from",
        "points set 1 9223372036854775808",
        "orders list --token abc",
    ] {
        let ended = maejin(words.split(' ')).with_code(2);
        assert!(ended.err.contains("Usage") || ended.err.contains("--help"), "{words}: {}", ended.err);
    }
}

#[test]
fn each_setting_is_shown_with_where_it_comes_from_and_secrets_are_not() {
    let home = Home::default();
    let file = home.path().join("shop.toml");
    let content = "drain_ms = 500\nlog = \"warn\"\ntoken = \"0123456789abcdefgh\"\n[payment]\ntimeout_ms = 700\n";
    std::fs::write(&file, content).expect("a file can be written");
    let file = file.to_string_lossy().into_owned();
    let ended = maejin(["config", "--json", "--config", &file, "--log", "debug"]);
    assert!(!ended.out.contains("0123456789abcdefgh"), "{}", ended.out);
    let found = document(ended);
    let setting = |name: &str| {
        let settings = found["settings"].as_array().expect("a list");
        settings.iter().find(|setting| setting["name"] == name).unwrap_or_else(|| panic!("no {name}")).clone()
    };
    let from = |name: &str| (setting(name)["value"].clone(), setting(name)["source"].clone());
    let in_file = json!({ "kind": "file", "name": file });
    assert_eq!(from("drain_ms"), (json!(500), in_file.clone()));
    assert_eq!(from("payment.timeout_ms"), (json!(700), in_file.clone()));
    assert_eq!(from("token"), (json!("(hidden)"), in_file));
    assert_eq!(from("log"), (json!("debug"), json!({ "kind": "flag", "name": "--log" })));
    assert_eq!(from("listen"), (json!("127.0.0.1:8088"), json!({ "kind": "default", "name": null })));
    let wrong = maejin(["config", "--config", "/nowhere/shop.toml"]).with_code(1);
    assert!(wrong.err.contains("there is no file /nowhere/shop.toml"), "{}", wrong.err);
}
