//! The older part of the journal is moved into segments while everybody buys; timelines, events, checks and rebuilds go on as before.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::{Ended, Heard, Listening, Shop, maejin, while_running};

fn tickets() -> Shop {
    let shop = Shop::open();
    shop.paths("show").http("POST /tickets id=1 showId=1 showName=A stock=1000000 amount=1000").is(201);
    shop
}

fn run(shop: &Shop, args: &[&str]) -> Ended {
    let data = shop.home().data();
    maejin(args.iter().copied().chain(["--data", data.to_str().expect("a readable path")]))
}

/// Archives all that may be archived. A list is read before, so that the tables contain what was done by then.
fn archive(shop: &Shop) -> Value {
    shop.paths("show").http("GET /mypages").is(200);
    let ended = run(shop, &["journal", "archive", "--older-than", "0s", "--json"]).with_code(0);
    serde_json::from_str(&ended.out).expect("a JSON document")
}

fn reserve(shop: &Shop, buyer: usize) -> u64 {
    shop.paths("show").http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).is(201).number()
}

fn timeline(shop: &Shop, order: u64) -> Value {
    let answer = shop.door().http(&format!("GET /api/v1/storefronts/show/orders/{order}/timeline"));
    answer.is(200).json().clone()
}

fn segment(shop: &Shop, archived: &Value, at: usize) -> PathBuf {
    let file = archived["segments"][at]["file"].as_str().expect("a file");
    shop.home().data().join("archive").join(file)
}

fn away(path: &Path) -> PathBuf {
    let away = path.with_extension("away");
    std::fs::rename(path, &away).expect("a segment can be moved");
    away
}

#[test]
fn what_is_archived_under_load_is_read_as_before() {
    let mut shop = tickets();
    let first = reserve(&shop, 0);
    let before = timeline(&shop, first);
    let (bought, archived) =
        while_running(8, |buyer| Some(reserve(&shop, buyer)), || (0..5).map(|_| archive(&shop)).collect::<Vec<_>>());
    assert!(bought.len() > 20, "there was hardly any load: {}", bought.len());
    archived.iter().for_each(|archived| assert!(archived["segments"][0].is_object(), "{archived}"));
    assert_eq!(archived[0]["segments"][0]["first_record"], 1);
    assert_eq!(timeline(&shop, first), before);
    bought.iter().for_each(|order| assert!(timeline(&shop, *order)["items"][0].is_object()));
    let all = shop.events(&[]);
    let listening = Listening::open(&shop.door().url(None, "/api/v1/events?after=0"), None).expect("events");
    let heard: Vec<Heard> = listening.take(all.len() / 2).collect();
    assert_eq!(heard[0].data["message"], "OfferingRegistered");
    shop.stop();
    assert_eq!(shop.events(&[]), all);
    run(&shop, &["check"]).with_code(0);
    let tables = run(&shop, &["rebuild", "tables"]).with_code(0).out;
    assert!(tables.contains("rebuilt all tables from"), "{tables}");
    let page = run(&shop, &["rebuild", "mypage"]).with_code(0).out;
    assert!(page.contains(": 0 changed, 0 added, 0 removed"), "{page}");
    run(&shop, &["journal", "compact"]).with_code(0);
    shop.start_again();
    assert_eq!(timeline(&shop, first), before);
    assert!(reserve(&shop, 9) > first);
}

#[test]
fn a_segment_that_was_taken_elsewhere_is_missed_by_name_and_the_shop_goes_on() {
    let mut shop = tickets();
    let first = reserve(&shop, 0);
    let second = reserve(&shop, 1); // its record is the last one, which stays
    let path = segment(&shop, &archive(&shop), 0);
    let before = timeline(&shop, first);
    let away = away(&path);
    let url = format!("GET /api/v1/storefronts/show/orders/{first}/timeline");
    assert_eq!(shop.door().http(&url).is(410).json()["code"], "archived");
    assert_eq!(shop.door().http("GET /api/v1/events?after=0").is(410).json()["code"], "archived");
    assert!(timeline(&shop, second)["items"][0].is_object());
    shop.stop();
    let check = run(&shop, &["check"]).with_code(0);
    assert!(check.out.contains(&path.display().to_string()), "{}", check.out);
    assert!(check.out.contains("not compared") && check.out.contains("all 25 rules hold"), "one is not: {}", check.out);
    let refused = run(&shop, &["rebuild", "tables"]).with_code(1);
    assert!(refused.err.contains(&path.display().to_string()), "{}", refused.err);
    shop.start_again();
    reserve(&shop, 2);
    std::fs::rename(away, &path).expect("a segment can be put back");
    assert_eq!(timeline(&shop, first), before);
}
