//! What an operator reads of the store of a stopped shop: the same documents as of a running one.

use std::path::Path;

use client::Address;
use contracts::display::StorefrontNames;
use futures_util::FutureExt;
use host::AtRest;
use maintenance::offline_store::{OfflineView, refuse_unknown};
use operator::reading::Reader;
use serde_json::Value;
use store::StoreError;
use world::{Clock, SystemClock};

use crate::maintain::recipes;

/// What is at `address` in the store in `dir`, whose further storefronts are in `storefronts`.
///
/// # Errors
/// If there is nothing, or it cannot be read: why, and what to do.
pub fn read(dir: &Path, storefronts: Option<&Path>, address: &Address) -> Result<Value, String> {
    let known = recipes(storefronts)?;
    let mut store = OfflineView::open(dir).map_err(|error| refused(&error))?;
    let mut tables = store.tables().map_err(|error| error.to_string())?;
    refuse_unknown(&mut tables, &known)?;
    let (names, ids) = (StorefrontNames::of(&known), host::history::event_ids(dir).map_err(|error| error.to_string())?);
    let backend = AtRest::new(tables, dir.to_owned());
    let reader = Reader { backend: &backend, names: &names, ids: &ids, now_ms: SystemClock.now() };
    // Nothing is waited for: the store is at rest.
    let found = reader.read(&address.parts(), &address.query()).now_or_never();
    let found = found.ok_or("the store was not read")?;
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_asks_where_operators_are_served() {
        assert_eq!(client::PREFIX, operator::PREFIX);
    }
}
