//! `maejin points`.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::output::{cell, name, print};
use super::shop::Shop;
use super::{Address, source, table};
use crate::Stopped;
use crate::args::{Points, PointsVerb};

impl Points {
    /// Does what is asked; `stopped` reads the store of a shop that does not run.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn run(&self, stopped: Stopped) -> Result<ExitCode, String> {
        match &self.what {
            PointsVerb::Show { customer, limit, at } => {
                let address = Address::of(&["points", customer]).by("limit", Some(*limit));
                print(&source::read(at, &address, stopped)?, at.shop.json, one)?;
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

fn one(account: &Value) -> String {
    let entries = account["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
    if entries.is_empty() {
        return line(account);
    }
    let row =
        |entry: &Value| vec![cell(&entry["at"]), cell(&entry["points"]), cell(&entry["balance"]), name(entry, "order")];
    let table = table::table(&["AT", ">POINTS", ">BALANCE", "ORDER"], entries.iter().map(row));
    format!("{}\n\n{table}", line(account))
}
