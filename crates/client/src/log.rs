//! `maejin log`.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::Address;
use crate::args::Log;
use crate::output::{cell, print};
use crate::shop::Shop;

impl Log {
    /// Does what is asked.
    ///
    /// # Errors
    /// Why it was not done.
    pub fn run(&self) -> Result<ExitCode, String> {
        let (shop, address) = (Shop::of(&self.at)?, Address::of(&["log"]));
        let found = match &self.filter {
            None => shop.send("GET", &address, None),
            Some(filter) => shop.send("PUT", &address, Some(&json!({ "log": filter }))),
        }?;
        print(&found, self.at.json, |found: &Value| cell(&found["log"]))?;
        Ok(ExitCode::SUCCESS)
    }
}
