//! A shop goes on with a store that a shop wrote when an order's row did not know of its payment and its delivery yet. Of
//! `store_from_before/`, `journal.db` is that store's journal, `sandbox-provider.jsonl` its payment provider's book, and `orders.json` what
//! its own shop showed of the orders that had ended.

use std::path::Path;

use serde_json::{Map, Value};
use tests::{Ended, Home, Shop, Start, eventually, maejin};

fn from_before(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("store_from_before").join(file)
}

fn run(shop: &Shop, args: &[&str]) -> Ended {
    let data = shop.home().data();
    maejin(args.iter().copied().chain(["--data", data.to_str().expect("a readable path")])).with_code(0)
}

/// Whether everything of a stopped shop is as its journal says, and my page as the messages make it.
fn is_sound(shop: &mut Shop) {
    shop.stop();
    run(shop, &["check"]);
    let rebuilt = run(shop, &["rebuild", "mypage"]).out;
    assert!(rebuilt.contains(": 0 changed, 0 added, 0 removed"), "{rebuilt}");
}

#[test]
fn orders_of_a_store_from_before_are_shown_as_before_and_go_on() {
    let home = Home::default();
    let sandbox = home.data().join("sandbox");
    std::fs::create_dir_all(&sandbox).expect("a data directory can be made");
    std::fs::copy(from_before("journal.db"), home.data().join("journal.db")).expect("the journal can be copied");
    let book = "sandbox-provider.jsonl";
    std::fs::copy(from_before(book), sandbox.join(book)).expect("the provider's book can be copied");
    let orders = std::fs::read(from_before("orders.json")).expect("the orders can be read");
    let orders: Map<String, Value> = serde_json::from_slice(&orders).expect("the orders are JSON");
    let mut shop = Start::open().run_in(home);
    for (path, before) in &orders {
        let mut now = shop.door().http(&format!("GET {path}")).is(200).json().clone();
        let reason = now.as_object_mut().and_then(|now| now.remove("cancel_reason"));
        assert_eq!(reason, Some(Value::Null), "nobody said why: {path}");
        if before["state"] == "cancelled" {
            assert_eq!(now["points"], 0, "they were taken back: {path}");
            now["points"] = before["points"].clone();
        }
        if before["payment"].is_null() && before["delivery"].is_null() {
            // That it is known to have neither was told by an event of its own, with a version of its own.
            now["version"] = before["version"].clone();
        }
        assert_eq!(&now, before, "{path}");
    }
    eventually("what was under way when the old shop stopped has ended", || {
        let open = |shop: &Shop| shop.door().http("GET /api/v1/storefronts/shop/orders/5").is(200).json().clone();
        (open(&shop)["state"] == "rejected").then_some(())
    });
    is_sound(&mut shop);

    shop.start_again();
    let filled_in = || shop.log().matches("filling in what orders").count();
    assert_eq!(filled_in(), 0, "that was done by the first start");
    shop.door().http("POST /api/v1/storefronts/shop/orders/3/cancel").is(200);
    let cancelled = eventually("everything of it is undone", || {
        let order = shop.door().http("GET /api/v1/storefronts/shop/orders/3").is(200).json().clone();
        (order["state"] == "cancelled").then_some(order)
    });
    assert_eq!(cancelled["payment"]["state"], "refunded");
    assert_eq!(cancelled["delivery"]["state"], "cancelled");
    shop.door().http("POST /api/v1/storefronts/show/orders/3/cancel").is(200);
    is_sound(&mut shop);
}
