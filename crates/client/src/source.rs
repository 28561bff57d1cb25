//! Where to read: a running shop, or the store of a stopped one. Both give the same documents.

use std::path::Path;

use serde_json::Value;

use crate::shop::Shop;
use crate::{Address, args};

/// Reads the store of a stopped shop: that in a directory, with further storefronts from another one, at an address.
pub type Stopped = fn(&Path, Option<&Path>, &Address) -> Result<Value, String>;

/// What is at `address`, where `at` says.
///
/// # Errors
/// If there is nothing, or it cannot be read: why, and what to do.
pub(crate) fn read(at: &args::Source, address: &Address, stopped: Stopped) -> Result<Value, String> {
    match &at.data {
        None => Shop::of(&at.shop)?.send("GET", address, None),
        Some(dir) => stopped(dir, at.storefronts.as_deref(), address),
    }
}
