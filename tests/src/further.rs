//! A sixth storefront, as an operator would add one: `fair`, whose customers must pay within two seconds.

use std::path::{Path, PathBuf};

/// How long a payment may take in it.
pub const FAIR_PAY_S: u64 = 2;

const FAIR: &str = r#"# Stalls at a fair: paid for quickly or not at all.

[recipe]
name = "fair"
number = 6
title = "장터"
steps = ["hold", "pay", "sell"]
refusals = "row"
hold_s = 60
pay_s = 2

[services]
stall = 9081
order = 9082
pay = 9083
mine = 9084

[[resources]]
path = "stalls"
singular = "stall"
service = "stall"
kind = "offering"
ids = "given-or-assigned"
writes = "catalogue"
fields = [
  { name = "name", type = "text", is = "name" },
  { name = "price", type = "int", is = "price", min = 0 },
  { name = "left", type = "int", is = "left", required = true, min = 0 },
]

[[resources]]
path = "orders"
singular = "order"
service = "order"
kind = "order"
ids = "assigned"
writes = "customer"
cancel_when = { field = "state", equals = "cancelled" }
fields = [
  { name = "stall", type = "long", is = "offering", required = true },
  { name = "who", type = "text", is = "customer", required = true },
  { name = "count", type = "int", is = "quantity", required = true, min = 1 },
  { name = "state", type = "status", is = "state" },
  { name = "card", type = "text", is = "card", optional = true },
]
[resources.statuses]
placed = "placed"
held = "held"
paid = "paid"
confirmed = "confirmed"
rejected = "rejected"
cancelling = "cancelling"
cancelled = "cancelled"

[[resources]]
path = "payments"
singular = "payment"
service = "pay"
kind = "payment"
ids = "assigned"
writes = "read-only"
fields = [
  { name = "order", type = "long", is = "order" },
  { name = "state", type = "status", is = "state" },
  { name = "amount", type = "long", is = "amount" },
]
[resources.statuses]
paid = "paid"
declined = "declined"
refunded = "refunded"

[[resources]]
path = "mine"
singular = "line"
service = "mine"
kind = "my-page"
ids = "assigned"
writes = "read-only"
fields = [
  { name = "order", type = "long", is = "order" },
  { name = "who", type = "text", is = "customer" },
  { name = "state", type = "status", is = "state" },
]
[resources.statuses]
placed = "placed"
held = "held"
paid = "paid"
confirmed = "confirmed"
rejected = "rejected"
cancelling = "confirmed"
cancelled = "cancelled"
"#;

/// Writes the storefront `fair` into a folder in `dir`, and gives that folder.
///
/// # Panics
/// If it cannot be written.
pub fn fair_in(dir: &Path) -> PathBuf {
    let folder = dir.join("storefronts");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    std::fs::write(folder.join("fair.toml"), FAIR).expect("a file can be written");
    folder
}
