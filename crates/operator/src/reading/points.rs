//! A customer's points, and the newest entries of their ledger.

use contracts::Numbered;
use contracts::display::{StorefrontNames, moment};
use contracts::queries::{AccountView, EntryView, Ledger};
use serde_json::{Value, json};

use super::{LIMIT, LIMIT_MAX, Reader, cursor_of};
use crate::OperatorError;
use crate::request::Filters;

impl Reader<'_> {
    pub(super) async fn points(self, customer: &str, filters: &mut Filters<'_>) -> Result<Value, OperatorError> {
        let limit = filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT);
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let after = cursor_of(filters)?;
        let (found, entries) = self.backend.ask(Ledger { customer: customer.into(), after, limit }).await?;
        let nobody = || OperatorError::not_found(format!("customer {customer} has no points account"));
        let mut shown = account(&found.ok_or_else(nobody)?);
        shown["entries"] = entries.rows.iter().map(|found| entry(found, self.names)).collect();
        shown["next"] = json!(entries.end.map(|end| end.text()));
        Ok(shown)
    }
}

/// An account as an operator sees it.
pub fn account(account: &AccountView) -> Value {
    json!({ "customer": &*account.customer, "balance": account.balance, "version": account.version })
}

fn entry(entry: &EntryView, names: &StorefrontNames) -> Value {
    json!({
        "at": moment(entry.at),
        "points": entry.points,
        "balance": entry.balance,
        "reason": entry.reason.as_deref(),
        "storefront": entry.order.map(|order| names.name(order.storefront())),
        "order": entry.order.map(Numbered::number),
    })
}
