//! What a comparison with the provider has found: sums, and what differs. In memory there is a number for each charge of the store, some
//! 16 bytes, and the first rows of what differs.

use std::collections::HashSet;

use contracts::OrderId;
use payment::Payment;
use provider::Listed;
use store::Identity;

use super::compared::{Expected, agree, expected, must_be_listed};
use crate::check::rules::{Offending, Rule, SHOWN};

/// What was found so far.
#[derive(Debug, Default)]
pub struct Found {
    /// How many charges the provider listed, of whomever.
    pub listed: u64,
    seen: HashSet<OrderId>,
    taken: i64,
    refunded: i64,
    paid: i64,
    open: (u64, i64),
    missing: Offending,
    differing: Offending,
    unknown: Offending,
    twice: Offending,
}

impl Found {
    /// The provider lists `listed`, whose key is that of `payment`.
    pub fn compare(&mut self, payment: &Payment, listed: &Listed) {
        self.add(listed);
        if !self.seen.insert(payment.owner) {
            keep(&mut self.twice, || row(payment, Some(listed)));
        }
        if !agree(payment, listed) {
            keep(&mut self.differing, || row(payment, Some(listed)));
        }
    }

    /// The provider lists `listed` with a key of the store `whose`, which knows nothing of it. What was not taken, or was given back, is
    /// not worth a word: an order may have been lost by a restore.
    pub fn unknown(&mut self, listed: &Listed, whose: &Identity) {
        self.add(listed);
        if listed.taken != listed.refunded {
            let is_of_this_life = listed.key.starts_with(&format!("{whose}."));
            let life = if is_of_this_life { "this one" } else { "another, before a restore" };
            let Listed { key, taken, refunded, .. } = listed;
            keep(&mut self.unknown, || vec![key.clone(), taken.to_string(), refunded.to_string(), life.to_owned()]);
        }
    }

    /// The store has `payment`, and the whole list was looked at.
    pub fn count(&mut self, payment: &Payment) {
        let amount = payment.amount.amount;
        match expected(payment) {
            Expected::Kept => self.paid = self.paid.saturating_add(amount),
            Expected::Open => self.open = (self.open.0 + 1, self.open.1.saturating_add(amount)),
            Expected::Nothing => {}
        }
        if must_be_listed(payment) && !self.seen.contains(&payment.owner) {
            keep(&mut self.missing, || row(payment, None));
        }
    }

    fn add(&mut self, listed: &Listed) {
        self.taken = self.taken.saturating_add(listed.taken);
        self.refunded = self.refunded.saturating_add(listed.refunded);
    }

    /// The sums, one line each.
    pub fn sums(&self) -> [String; 3] {
        let (open, amount) = self.open;
        let kept = self.taken.saturating_sub(self.refunded);
        [
            format!("  of {} charges listed, {} are payments of this store", self.listed, self.seen.len()),
            format!("  taken {}, given back {}, so the provider keeps {kept}", self.taken, self.refunded),
            format!("  the store counts {} as paid; {open} payments of {amount} are open or parked", self.paid),
        ]
    }

    /// The rules that hold between store and provider, each with what breaks it.
    pub fn rules(&self) -> [(Rule, &Offending); 4] {
        const OF_PAYMENT: &[&str] = &["order", "payment", "amount", "taken", "given back"];
        const OF_CHARGE: &[&str] = &["key", "taken", "given back", "life of the store"];
        let rule = |says, columns| Rule { promise: 3, says, columns, sql: String::new() };
        [
            (rule("every charge that the store counts as made is in the provider's list", OF_PAYMENT), &self.missing),
            (rule("the provider lists each charge of the store once", OF_PAYMENT), &self.twice),
            (rule("the provider keeps of each charge what the store counts, to the won", OF_PAYMENT), &self.differing),
            (rule("the provider keeps nothing for this store that the store does not know", OF_CHARGE), &self.unknown),
        ]
    }
}

fn row(payment: &Payment, listed: Option<&Listed>) -> Vec<String> {
    let of = |amount: fn(&Listed) -> i64| listed.map_or(String::new(), |listed| amount(listed).to_string());
    let (order, amount) = (payment.owner.0.to_string(), payment.amount.amount.to_string());
    vec![order, payment.state.as_str().to_owned(), amount, of(|listed| listed.taken), of(|listed| listed.refunded)]
}

fn keep(offending: &mut Offending, row: impl FnOnce() -> Vec<String>) {
    if offending.rows.len() < SHOWN {
        offending.rows.push(row());
    } else {
        offending.more += 1;
    }
}
