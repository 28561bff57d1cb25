//! `maejin offerings cancel-orders`: asks for it part by part, and counts.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::Address;
use super::args::{Named, Shop as Where};
use super::consent::consent;
use super::output::{cell, name, print};
use super::shop::Shop;

/// What is counted.
const COUNTS: [&str; 4] = ["cancelled", "already_cancelled", "under_way", "rejected"];

/// Takes all orders of `offering` back.
///
/// # Errors
/// If it could not be done to the end: what was done by then, and why.
pub(crate) fn run(offering: &Named, reason: Option<&str>, yes: bool, at: &Where) -> Result<ExitCode, String> {
    let (shop, address) = (Shop::of(at)?, Address::named("offerings", offering));
    consent(yes, || Ok(question(&shop.send("GET", &address, None)?)))?;
    let address = address.then("cancel-orders");
    let mut all = json!({ "failed": [], "still_on_sale": false });
    COUNTS.iter().for_each(|count| all[count] = json!(0));
    let mut after = Value::Null;
    loop {
        let body = json!({ "reason": reason, "after": after });
        let part = shop.send("POST", &address, Some(&body));
        let part = part.map_err(|why| format!("{why}\nUntil then: {}. Run it again: it goes on", counted(&all)))?;
        add(&mut all, &part);
        after = part["next"].clone();
        if after.is_null() {
            break;
        }
    }
    print(&all, at.json, |all| text(offering, all))?;
    let has_failed = all["failed"].as_array().is_some_and(|failed| !failed.is_empty());
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn question(offering: &Value) -> String {
    let (stock, what) = (&offering["stock"], cell(&offering["name"]));
    format!(
        "{} is {what}, {} sold and {} held. Take all its orders back, and give back what was paid?",
        name(offering, "offering"),
        stock["sold"],
        stock["held"]
    )
}

fn add(all: &mut Value, part: &Value) {
    for count in COUNTS {
        all[count] = json!(all[count].as_u64().unwrap_or(0) + part[count].as_u64().unwrap_or(0));
    }
    if let (Some(all), Some(part)) = (all["failed"].as_array_mut(), part["failed"].as_array()) {
        all.extend(part.iter().cloned());
    }
    all["still_on_sale"] = part["still_on_sale"].clone();
}

/// `3 cancelled, 2 cancelled before, 1 of these not undone yet, 0 failed`.
fn counted(all: &Value) -> String {
    let of = |name: &str| all[name].as_u64().unwrap_or(0);
    let mut counts =
        vec![format!("{} cancelled", of("cancelled")), format!("{} cancelled before", of("already_cancelled"))];
    if of("under_way") > 0 {
        counts.push(format!("of these {} with a refund or another step still under way", of("under_way")));
    }
    if of("rejected") > 0 {
        counts.push(format!("{} had never come about", of("rejected")));
    }
    counts.push(format!("{} failed", all["failed"].as_array().map_or(0, Vec::len)));
    counts.join(", ")
}

fn text(offering: &Named, all: &Value) -> String {
    let (storefront, number) = (&offering.storefront, offering.number);
    let mut lines = vec![format!("{storefront}/{number}: {}", counted(all))];
    let failed = all["failed"].as_array().map(Vec::as_slice).unwrap_or_default();
    lines.extend(failed.iter().map(|failed| format!("{}: {}", name(failed, "order"), cell(&failed["why"]))));
    if all["still_on_sale"] == true {
        lines.push(format!(
            "It is still on sale, so it can be ordered again: end that with maejin offerings withdraw {storefront}/{number}"
        ));
    }
    lines.join("\n")
}
