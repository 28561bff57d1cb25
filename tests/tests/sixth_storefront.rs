//! The how-to "add a sixth storefront" works as it is written: its file is taken from the page itself.

use serde_json::json;
use tests::{Start, eventually_is, maejin};

const PAGE: &str = include_str!("../../docs/how-to/add-a-storefront.md");

/// The file that the page shows.
fn file() -> String {
    let (_, from) = PAGE.split_once("```toml\n").expect("the page shows a file");
    let (file, _) = from.split_once("```").expect("the file ends");
    file.lines()
        .map(|line| line.strip_prefix("   ").unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_how_to_works_as_written() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("gallery.toml"), file()).expect("the file can be written");
    let shop = Start::open().storefronts(folder.path()).run();
    let at = shop.paths("gallery");

    at.http("POST :8088/prints title=Tiger copies=1 price=90000 artist=Minhwa").is(201);
    at.http("POST :8088/sales printId=1 buyer=kim count=1").is(201);
    eventually_is("the sale", json!("sold"), || at.http(":8088/sales/1").is(200)["state"].clone());
    assert_eq!(at.http("POST :8088/sales printId=1 buyer=lee count=1").is(409)["code"], "sold-out");
    at.http("PATCH :8088/sales/1 state=returned").is(200);
    eventually_is("the print", json!(1), || at.http(":8088/prints/1").is(200)["copies"].clone());
    assert_eq!(at.http(":8088/prints/1").is(200)["artist"], "Minhwa");
    assert_eq!((shop.ledger().charged(), shop.ledger().net()), ((1, 90_000), 0));
}

#[test]
fn a_mistake_in_the_file_is_named_and_nothing_starts() {
    let folder = tempfile::tempdir().expect("a folder");
    let wrong = file().replace("is = \"left\"", "is = \"remaining\"");
    std::fs::write(folder.path().join("gallery.toml"), wrong).expect("the file can be written");
    let data = folder.path().join("data");

    let ended = Start::open().storefronts(folder.path()).refused(&data);

    assert!(ended.err.contains("gallery.toml") && ended.err.contains("remaining"), "{}", ended.err);
    assert!(!data.exists());
}

#[test]
fn a_file_is_checked_without_a_shop_and_a_shipped_one_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, dir) = (folder.path().join("gallery.toml"), folder.path().to_string_lossy().into_owned());
    let check = |text: &str, more: &[&str]| {
        std::fs::write(&path, text).expect("the file can be written");
        maejin(["storefronts", "check", &path.to_string_lossy()].iter().chain(more))
    };
    for more in [&[][..], &["--storefronts", &dir]] {
        let said = check(&file(), more).with_code(0).out;
        assert!(said.contains("storefront gallery with number 6 can be served"), "{said}");
    }
    for (written, wrong, named) in [
        ("is = \"left\"", "is = \"remaining\"", "remaining"),
        ("number = 6", "number = 1", "1 is already taken by show.toml"),
        ("name = \"gallery\"", "name = \"operator\"", "operator is a path"),
        ("kind = \"order\"", "kind = \"sale\"", "unknown variant `sale`"),
        ("[recipe]", "[recip]", "recip"),
    ] {
        let ended = check(&file().replace(written, wrong), &[]).with_code(1);
        assert!(ended.err.contains("gallery.toml") && ended.err.contains(named), "{}", ended.err);
    }
    check(&file(), &[]).with_code(0);
    let shown = |name: &str| maejin(["storefronts", "show", name, "--storefronts", &dir]);
    let show = shown("show").with_code(0).out;
    assert_eq!(show, include_str!("../../crates/storefronts/shipped/show.toml"));
    assert!(shown("gallery").with_code(0).out.contains("title = \"Gallery\""));
    let unknown = shown("opera").with_code(1);
    assert!(unknown.err.contains("there is no storefront opera; there are show, musical"), "{}", unknown.err);
    let none = maejin(["storefronts", "check", "/nowhere.toml"]).with_code(1);
    assert!(none.err.contains("/nowhere.toml: cannot be read"), "{}", none.err);
}
