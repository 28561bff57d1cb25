//! A customer's points, and the newest entries of their ledger.

use points::{Account, Entry};
use serde_json::{Value, json};
use store::by_recency::{self, OfCustomer};
use store::{TableReader, select};
use typed::Sql;

use super::{LIMIT, LIMIT_MAX};
use crate::OperatorError;
use crate::request::Filters;
use contracts::display::{StorefrontNames, moment};

pub(super) fn one(
    reader: &mut dyn TableReader,
    names: &StorefrontNames,
    customer: &str,
    filters: &mut Filters<'_>,
) -> Result<Value, OperatorError> {
    let whose = Sql::Text(customer.to_owned().into());
    let Some(account) = select::<Account>(reader, "WHERE customer = ?1", std::slice::from_ref(&whose))?.pop() else {
        return Err(OperatorError::not_found(format!("customer {customer} has no points account")));
    };
    let limit = filters.number("limit", LIMIT_MAX)?.unwrap_or(LIMIT);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (entries, _) = by_recency::page(&OfCustomer::<Entry>::new(customer), reader, None, limit)?;
    let mut shown = self::account(&account);
    shown["entries"] = entries.iter().map(|entry| self::entry(entry, names)).collect();
    Ok(shown)
}

/// An account as an operator sees it.
pub fn account(account: &Account) -> Value {
    json!({ "customer": &*account.customer, "balance": account.balance, "version": account.version })
}

fn entry(entry: &Entry, names: &StorefrontNames) -> Value {
    json!({
        "at": moment(entry.at),
        "points": entry.points,
        "balance": entry.balance,
        "storefront": entry.owner.map(|order| names.name(contracts::Numbered::storefront(order))),
        "order": entry.owner.map(contracts::Numbered::number),
    })
}
