//! `maejin parked`.

use std::process::ExitCode;

use serde_json::Value;

use super::csv::Column;
use super::list::List;
use super::output::{cell, name, print};
use super::shop::Shop;
use super::{Address, orders, source, table};
use crate::Stopped;
use crate::args::{Parked, ParkedThing, ParkedVerb, Shop as Where};

/// Something that is parked as comma-separated values: a message or an order.
const COLUMNS: [Column; 12] = [
    ("kind", "/kind"),
    ("id", "/id"),
    ("service", "/service"),
    ("message", "/message"),
    ("storefront", "/storefront"),
    ("order", "/order"),
    ("state", "/state"),
    ("waits_for", "/waits_for"),
    ("customer", "/customer"),
    ("since", "/since"),
    ("followers", "/followers"),
    ("reason", "/reason"),
];

/// The messages and the orders, each with its kind, and an order since it was placed.
fn items(found: &Value) -> Vec<Value> {
    let of = |list: &str, kind: &str, since: &str| {
        let mut items = found[list].as_array().cloned().unwrap_or_default();
        for item in &mut items {
            (item["kind"], item["since"]) = (kind.into(), item[since].clone());
        }
        items
    };
    [of("messages", "message", "since"), of("orders", "order", "placed_at")].concat()
}

impl Parked {
    /// Does what is asked; `stopped` reads the store of a shop that does not run.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn run(&self, stopped: Stopped) -> Result<ExitCode, String> {
        match &self.what {
            ParkedVerb::List { followers, limit, how, at } => {
                let address = || Address::of(&["parked"]).by("followers", followers.then_some(true));
                let list =
                    List { address: &address, limit: *limit, after: None, table: list, columns: &COLUMNS, items };
                list.show(false, how, at, stopped)?;
            }
            ParkedVerb::Show { what: ParkedThing::Message(id), at } => {
                print(&source::read(at, &Address::of(&["parked", &id.to_string()]), stopped)?, at.shop.json, message)?;
            }
            ParkedVerb::Show { what: ParkedThing::Order(order), at } => {
                print(&source::read(at, &Address::named("orders", order), stopped)?, at.shop.json, orders::one)?;
            }
            ParkedVerb::Retry { what, at } => return act(what, "redrive", "retry", at),
            ParkedVerb::GiveUp { what, at } => return act(what, "give-up", "give-up", at),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Does `to_message` or `to_order`, and fails if a message failed again.
fn act(what: &ParkedThing, to_message: &str, to_order: &str, at: &Where) -> Result<ExitCode, String> {
    let shop = Shop::of(at)?;
    match what {
        ParkedThing::Order(order) => {
            let done = shop.send("POST", &Address::named("orders", order).then(to_order), None)?;
            print(&done, at.json, orders::line)?;
            Ok(ExitCode::SUCCESS)
        }
        ParkedThing::Message(id) => {
            let done = shop.send("POST", &Address::of(&["parked", &id.to_string(), to_message]), None)?;
            let given_up = to_message == "give-up";
            print(&done, at.json, |done| handed_over(done, given_up))?;
            let failed = done["reason"].is_string();
            Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
        }
    }
}

fn handed_over(done: &Value, given_up: bool) -> String {
    let (handled, left) = (cell(&done["handled"]), cell(&done["still_parked"]));
    let dropped = if given_up { format!("{} was given up; ", cell(&done["id"])) } else { String::new() };
    match done["reason"].as_str() {
        Some(why) => {
            let first = cell(&done["first_parked"]);
            format!("{dropped}{handled} handled, {left} still parked, the first of them {first}: {why}")
        }
        None if left != "0" => format!("{dropped}{handled} handled, {left} still parked"),
        None => format!("{dropped}{handled} handled, nothing about it is parked any more"),
    }
}

fn list(found: &Value) -> String {
    let of = |field: &str| found[field].as_array().cloned().unwrap_or_default();
    let (messages, orders) = (of("messages"), of("orders"));
    let mut parts = Vec::new();
    if !messages.is_empty() {
        let heads = ["ID", "SERVICE", "MESSAGE", "ABOUT", "SINCE", ">FOLLOWERS", "REASON"];
        let row = |message: &Value| {
            let mut row: Vec<String> =
                ["id", "service", "message", "about", "since", "followers"].map(|field| cell(&message[field])).into();
            row.push(
                message["reason"].as_str().map_or("waits behind another one".to_owned(), |_| cell(&message["reason"])),
            );
            row
        };
        parts.push(table::table(&heads, messages.iter().map(row)));
    }
    if !orders.is_empty() {
        let heads = ["ORDER", "STATE", "WAITS FOR", "CUSTOMER", "PLACED", "REASON"];
        let row = |order: &Value| {
            let fields = ["state", "waits_for", "customer", "placed_at", "reason"];
            std::iter::once(name(order, "order")).chain(fields.map(|field| cell(&order[field]))).collect()
        };
        parts.push(table::table(&heads, orders.iter().map(row)));
    }
    if parts.is_empty() { "nothing is parked".to_owned() } else { parts.join("\n\n") }
}

fn message(found: &Value) -> String {
    let fields =
        ["id", "service", "message", "about", "since", "reason", "waits_behind_id", "followers", "correlation_id"];
    let known = fields.into_iter().filter(|field| !found[*field].is_null());
    let mut rows: Vec<(&str, String)> = known.map(|field| (field, cell(&found[field]))).collect();
    rows.push(("content", found["data"].to_string()));
    rows.push(("what_to_do", cell(&found["what_to_do"])));
    rows.push(("if_given_up", cell(&found["if_given_up"])));
    table::list(rows)
}
