//! `maejin check --provider`: the store compared with the payment provider's own list of charges, to the won.

mod compared;
mod found;

use std::collections::HashMap;
use std::io::Write;

use contracts::OrderId;
use payment::{Payment, order_of_key};
use provider::{Listed, Provider};
use store::{Find, Identity, StoreError, TableReader};
use typed::{Key, Row};

use super::line;
use super::output;
use contracts::display::StorefrontNames;
pub use found::Found;

/// How many payments are read from the store at a time.
const PAYMENTS: u64 = 10_000;
/// How the keys of payments begin that were asked for before keys said whose they are.
const OLD_FORM: &str = "order-";

/// Compares the store `whose` that `reader` reads with what `provider` lists.
///
/// # Errors
/// If the list or the tables cannot be read.
pub async fn compare(provider: &dyn Provider, whose: &Identity, reader: &mut dyn TableReader) -> Result<Found, String> {
    let (mut found, mut after) = (Found::default(), None);
    loop {
        let page = provider.list(after).await?;
        found.listed += page.charges.len() as u64;
        look_at(&page.charges, whose, reader, &mut found).map_err(|error| error.to_string())?;
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    look_for_the_rest(reader, &mut found).map_err(|error| error.to_string())?;
    Ok(found)
}

/// Shows what was found; says how many rules there are, and how many are broken.
pub fn show(found: &Found, names: &StorefrontNames, out: &mut dyn Write) -> Result<(usize, usize), String> {
    line(out, "\nthe provider's own list")?;
    for sum in found.sums() {
        line(out, &sum)?;
    }
    let rules = found.rules();
    let mut broken = 0;
    for (rule, offending) in &rules {
        output::rule(rule, offending, names, out)?;
        broken += usize::from(!offending.rows.is_empty());
    }
    Ok((rules.len(), broken))
}

/// Compares charges of the list, of whomever, with the payments of the store that have their keys.
fn look_at(
    charges: &[Listed],
    whose: &Identity,
    reader: &mut dyn TableReader,
    found: &mut Found,
) -> Result<(), StoreError> {
    let named = |listed: &Listed| order_of_key(&listed.key, &whose.store).or_else(|| order_in_old_form(&listed.key));
    let keys: Vec<_> = charges.iter().filter_map(named).map(|order| order.to_value()).collect();
    let payments = store::rows_of::<Payment>(reader.load(Payment::TABLE, &keys)?);
    let payments: HashMap<OrderId, Payment> = payments.into_iter().map(|payment| (payment.owner, payment)).collect();
    for listed in charges {
        let Some(order) = named(listed) else { continue };
        match payments.get(&order).filter(|payment| payment.key_of_charge(&whose.store) == listed.key) {
            Some(payment) => found.compare(payment, listed),
            // A key in the old form may be any store's.
            None if listed.key.starts_with(OLD_FORM) => {}
            None => found.unknown(listed, whose),
        }
    }
    Ok(())
}

fn order_in_old_form(key: &str) -> Option<OrderId> {
    let digits = key.strip_prefix(OLD_FORM).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().map(OrderId)
}

/// Looks through all payments of the store for what must be in the list and was not.
fn look_for_the_rest(reader: &mut dyn TableReader, found: &mut Found) -> Result<(), StoreError> {
    let mut last = OrderId(0);
    loop {
        let owner = || Payment::COLUMNS.owner;
        let payments = Find::all().with(owner().above(last)).by(owner().asc()).limit(PAYMENTS).rows(reader)?;
        let Some(newest) = payments.last() else { return Ok(()) };
        last = newest.owner;
        payments.iter().for_each(|payment| found.count(payment));
    }
}

#[cfg(test)]
mod tests;
