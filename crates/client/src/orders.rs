//! `maejin orders`.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::consent::consent;
use super::csv::Column;
use super::list::List;
use super::output::{cell, money, name, print};
use super::shop::Shop;
use super::{Address, source, table};
use crate::Stopped;
use crate::args::{Orders, OrdersList, OrdersVerb};

/// An order as comma-separated values.
const COLUMNS: [Column; 19] = [
    ("storefront", "/storefront"),
    ("order", "/order"),
    ("offering", "/offering"),
    ("offering_name", "/offering_name"),
    ("customer", "/customer"),
    ("quantity", "/quantity"),
    ("seats", "/seats"),
    ("total", "/total/amount"),
    ("currency", "/total/currency"),
    ("state", "/state"),
    ("reason", "/reason"),
    ("explanation", "/explanation"),
    ("parked", "/parked"),
    ("parked_reason", "/parked_reason"),
    ("points", "/points"),
    ("placed_at", "/placed_at"),
    ("decided_at", "/decided_at"),
    ("cancelled_at", "/cancelled_at"),
    ("version", "/version"),
];

impl Orders {
    /// Does what is asked; `stopped` reads the store of a shop that does not run.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn run(&self, stopped: Stopped) -> Result<ExitCode, String> {
        match &self.what {
            OrdersVerb::List(which) => {
                let address = || address(which);
                let list = List::of(&address, &which.part, list, &COLUMNS);
                list.show(which.part.all, &which.part.how, &which.part.at, stopped)?;
            }
            OrdersVerb::Show { order, at } => {
                print(&source::read(at, &Address::named("orders", order), stopped)?, at.shop.json, one)?;
            }
            OrdersVerb::Timeline { order, at } => {
                let address = Address::named("orders", order).then("timeline");
                print(&source::read(at, &address, stopped)?, at.shop.json, timeline)?;
            }
            OrdersVerb::Cancel { order, reason, yes, at } => {
                let (shop, address) = (Shop::of(at)?, Address::named("orders", order));
                consent(*yes, || Ok(question(&shop.send("GET", &address, None)?)))?;
                let done = shop.send("POST", &address.then("cancel"), Some(&json!({ "reason": reason })))?;
                print(&done, at.json, line)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn address(which: &OrdersList) -> Address {
    Address::of(&["orders"])
        .by("storefront", which.storefront.as_ref())
        .by("state", which.state.as_ref())
        .by("customer", which.customer.as_ref())
        .by("offering", which.offering)
        .by("placed_from", which.placed_from.as_ref())
        .by("placed_until", which.placed_until.as_ref())
        .by("parked", which.parked.then_some(true))
}

fn list(found: &Value) -> String {
    let orders = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    if orders.is_empty() {
        return "no orders".to_owned();
    }
    let heads = ["ORDER", "STATE", "CUSTOMER", "OFFERING", ">QUANTITY", ">TOTAL", "PLACED", "WHY"];
    let row = |order: &Value| {
        vec![
            name(order, "order"),
            state(order),
            cell(&order["customer"]),
            offering(order),
            cell(&order["quantity"]),
            money(&order["total"]),
            cell(&order["placed_at"]),
            why(order),
        ]
    };
    let table = table::table(&heads, orders.iter().map(row));
    match found["next"].as_str() {
        Some(next) => format!("{table}\nthere are more: --after {next}"),
        None => table,
    }
}

fn state(order: &Value) -> String {
    let parked = if order["parked"] == true { ", parked" } else { "" };
    format!("{}{parked}", cell(&order["state"]))
}

fn offering(order: &Value) -> String {
    let named = if order["offering_name"].is_null() { &order["wanted"] } else { &order["offering_name"] };
    cell(named)
}

fn why(order: &Value) -> String {
    let parked = &order["parked_reason"];
    if parked.is_null() { order["reason"].as_str().unwrap_or_default().to_owned() } else { cell(parked) }
}

fn timeline(found: &Value) -> String {
    let entries = found["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    let row = |entry: &Value| ["at", "service", "message", "summary", "id"].map(|field| cell(&entry[field])).into();
    table::table(&["AT", "SERVICE", "MESSAGE", "WHAT", "ID"], entries.iter().map(row))
}

fn question(order: &Value) -> String {
    let what = format!("{} of {} for {}", cell(&order["quantity"]), offering(order), money(&order["total"]));
    let (name, customer) = (name(order, "order"), cell(&order["customer"]));
    format!("{name} is {}: {what}, customer {customer}. Take it back, and give back what was paid?", state(order))
}

/// One order on a line, after something was done with it.
pub fn line(order: &Value) -> String {
    let waits = order["waits_for"].as_str().map(|step| format!(", waiting for {step}")).unwrap_or_default();
    format!("{} is {}{waits}", name(order, "order"), state(order))
}

/// One order in full.
pub fn one(order: &Value) -> String {
    let mut rows = vec![("order", name(order, "order")), ("state", state(order))];
    rows.extend(
        ["reason", "explanation", "parked_reason", "waits_for"]
            .into_iter()
            .filter(|field| !order[*field].is_null())
            .map(|field| (field, cell(&order[field]))),
    );
    rows.push(("offering", format!("{} ({})", offering(order), cell(&order["offering"]))));
    rows.extend(["customer", "quantity", "seats", "total", "points"].map(|field| (field, cell(&order[field]))));
    rows.extend(["hold", "payment", "delivery"].map(|field| (field, part(&order[field]))));
    rows.extend(
        ["placed_at", "decided_at", "cancelled_at", "correlation_id"].map(|field| (field, cell(&order[field]))),
    );
    let messages = order["parked_messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.extend(messages.iter().map(|message| {
        let why = message["reason"].as_str().unwrap_or("waits behind another one");
        (
            "parked",
            format!(
                "{} to {}, id {}: {why}",
                cell(&message["message"]),
                cell(&message["service"]),
                cell(&message["id"])
            ),
        )
    }));
    table::list(rows)
}

/// What another service knows of an order, on a line.
fn part(of: &Value) -> String {
    let Some(fields) = of.as_object() else { return "-".to_owned() };
    let known = fields.iter().filter(|(_, value)| !value.is_null());
    let words =
        known.map(|(name, value)| if name == "state" { cell(value) } else { format!("{name} {}", cell(value)) });
    words.collect::<Vec<_>>().join(", ")
}
