//! `maejin points`.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::csv::Column;
use super::list::List;
use super::output::{cell, name, print};
use super::shop::Shop;
use super::{Address, table};
use crate::Stopped;
use crate::args::{Points, PointsVerb};

/// An entry of a ledger as comma-separated values.
const COLUMNS: [Column; 7] = [
    ("customer", "/customer"),
    ("at", "/at"),
    ("points", "/points"),
    ("balance", "/balance"),
    ("storefront", "/storefront"),
    ("order", "/order"),
    ("reason", "/reason"),
];

impl Points {
    /// Does what is asked; `stopped` reads the store of a shop that does not run.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn run(&self, stopped: Stopped) -> Result<ExitCode, String> {
        match &self.what {
            PointsVerb::Show { customer, limit, after, all, how, at } => {
                let address = || Address::of(&["points", customer]);
                let (limit, after) = (*limit, after.as_deref());
                let list = List { address: &address, limit, after, table: one, columns: &COLUMNS, items: entries };
                list.show(*all, how, at, stopped)?;
            }
            PointsVerb::Add { customer, points, reason, key, below_zero, at } => {
                let body = json!({ "points": points, "reason": reason, "below_zero": below_zero });
                let address = Address::of(&["points", customer]);
                print(&Shop::of(at)?.send_once("POST", &address, &body, key.as_deref())?, at.json, line)?;
            }
            PointsVerb::Set { customer, balance, at } => {
                let body = json!({ "balance": balance });
                print(&Shop::of(at)?.send("PUT", &Address::of(&["points", customer]), Some(&body))?, at.json, line)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn line(account: &Value) -> String {
    format!("customer {} has {} points", cell(&account["customer"]), account["balance"])
}

/// The entries, each with whose it is.
fn entries(account: &Value) -> Vec<Value> {
    let mut entries = account["entries"].as_array().cloned().unwrap_or_default();
    entries.iter_mut().for_each(|entry| entry["customer"] = account["customer"].clone());
    entries
}

fn one(account: &Value) -> String {
    let entries = account["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
    if entries.is_empty() {
        return line(account);
    }
    let row = |entry: &Value| {
        let why = entry["reason"].as_str().map_or_else(String::new, |_| cell(&entry["reason"]));
        vec![cell(&entry["at"]), cell(&entry["points"]), cell(&entry["balance"]), name(entry, "order"), why]
    };
    let table = table::table(&["AT", ">POINTS", ">BALANCE", "ORDER", "WHY"], entries.iter().map(row));
    let more = account["next"].as_str().map(|next| format!("\nthere are more: --after {next}")).unwrap_or_default();
    format!("{}\n\n{table}{more}", line(account))
}
