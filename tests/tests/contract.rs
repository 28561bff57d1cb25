//! The document of v1 is a contract: the running shop is called in every way that the document allows, and in ways that it does not, and
//! must answer as it says there. `tests/contract` says how.

use serde_json::{Value, json};
use tests::tools::{kept, python};
use tests::{Client, Shop, Start};

const TOKEN: &str = "a token that nobody else knows";
/// What is tried follows from this.
const SEED: &str = "20";
/// How often each call is tried with random values, besides all the corner cases.
const EXAMPLES: &str = "20";
const STOREFRONTS: [&str; 5] = ["show", "musical", "movie", "coupon", "shop"];

fn authorization() -> (String, String) {
    ("Authorization".to_owned(), format!("Bearer {TOKEN}"))
}

/// Something to buy in every storefront, and somebody who has bought it.
fn stocked() -> Shop {
    let shop = Start::closed().env("MAEJIN_TOKEN", TOKEN).run();
    let (client, price) = (Client::default(), json!({ "amount": 1_000, "currency": "KRW" }));
    for storefront in STOREFRONTS {
        let post = |what: &str, body: &Value| {
            let url = shop.door().url(None, &format!("/api/v1/storefronts/{storefront}/{what}"));
            client.call("POST", &url, &[authorization()], Some(body)).expect("an answer").is(201)
        };
        let (on_sale, wanted) = if storefront == "musical" {
            let seat = |number: u32| json!({ "row": "A", "number": number, "price": price });
            (json!({ "seats": (1..=100).map(seat).collect::<Vec<_>>() }), json!({ "seats": ["A-1"] }))
        } else {
            (json!({ "stock": 1_000_000, "price": price }), json!({ "quantity": 1 }))
        };
        let with = |mut one: Value, further: &Value| {
            let further = further.as_object().into_iter().flatten();
            further.for_each(|(name, value)| one[name] = value.clone());
            one
        };
        post("offerings", &with(json!({ "id": "1", "name": "레미제라블" }), &on_sale));
        post("orders", &with(json!({ "offering": "1", "customer": "1" }), &wanted));
    }
    shop
}

#[test]
fn the_running_shop_keeps_to_its_document() {
    let Some(tools) = python("contract") else { return };
    let shop = stocked();
    let mut command = tools.command("schemathesis");
    command.arg("--config-file").arg(kept("contract/schemathesis.toml"));
    command.arg("run").arg(shop.door().url(None, "/openapi.json"));
    command.args([
        "--checks",
        "all",
        "--seed",
        SEED,
        "--max-examples",
        EXAMPLES,
        "--request-timeout",
        "30",
        "--no-color",
    ]);
    command.args(["--generation-database", "none", "--header", &format!("Authorization: Bearer {TOKEN}")]);
    command.env("SCHEMATHESIS_HOOKS", kept("contract/refusals.py")).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = command.current_dir(shop.home().path()).output().expect("it can be run");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    println!("{printed}");
}
