//! Where to read: a running shop, or the store of a stopped one. Both give the same documents.

use std::path::Path;

use serde_json::Value;
use store::StoreError;

use super::Address;
use super::shop::Shop;
use crate::cli;
use crate::maintain::recipes;
use crate::operator::reading;
use host::display::StorefrontNames;
use maintenance::offline_store::{OfflineView, refuse_unknown};

/// What is at `address`, where `at` says.
///
/// # Errors
/// If there is nothing, or it cannot be read: why, and what to do.
pub fn read(at: &cli::Source, address: &Address) -> Result<Value, String> {
    match &at.data {
        None => Shop::of(&at.shop)?.send("GET", address, None),
        Some(dir) => of_store(dir, at.storefronts.as_deref(), address),
    }
}

fn of_store(dir: &Path, storefronts: Option<&Path>, address: &Address) -> Result<Value, String> {
    let known = recipes(storefronts)?;
    let mut store = OfflineView::open(dir).map_err(|error| refused(&error))?;
    let mut reader = store.tables().map_err(|error| error.to_string())?;
    refuse_unknown(&mut reader, &known)?;
    let names = StorefrontNames::of(&known);
    let found = match address.parts()[..] {
        ["orders", storefront, number, "timeline"] => reading::timeline(dir, &names, storefront, number),
        ref parts => reading::read(&mut reader, &names, parts, &address.query()),
    };
    found.map_err(|error| error.into_problem().detail().to_owned())
}

fn refused(error: &StoreError) -> String {
    match error {
        StoreError::InUse(dir) => format!(
            "the data directory {} is in use by a running maejin: leave --data out and ask that one, with --url where it does not listen on 127.0.0.1:8088",
            dir.display()
        ),
        other => other.to_string(),
    }
}
