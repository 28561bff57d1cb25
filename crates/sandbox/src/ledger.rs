//! The whole book as one document, with counts and sums, so that a test can prove that a key was charged once.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::book::Book;
use crate::record::{Charge, Refund, RefundStatus};

/// How often, and how much.
#[derive(Debug, Default, Serialize)]
struct Sums {
    /// Approved charges.
    charges: u64,
    /// Their amounts, added up.
    charged: i64,
    /// Refunds that gave something back.
    refunds: u64,
    /// Their amounts, added up.
    refunded: i64,
    /// Charged less refunded.
    net: i64,
}

impl Sums {
    fn add_charge(&mut self, charge: &Charge) {
        self.charges += u64::from(charge.taken() > 0);
        self.charged = self.charged.saturating_add(charge.taken());
        self.net = self.charged.saturating_sub(self.refunded);
    }

    fn add_refund(&mut self, refund: &Refund) {
        self.refunds += u64::from(refund.status == RefundStatus::Refunded);
        self.refunded = self.refunded.saturating_add(refund.amount);
        self.net = self.charged.saturating_sub(self.refunded);
    }
}

/// Every charge and refund with their sums. The sums are added up from the lists, never from what is looked up by key.
#[derive(Debug, Serialize)]
pub(crate) struct Ledger<'a> {
    charges: &'a [Charge],
    refunds: &'a [Refund],
    keys: BTreeMap<&'a str, Sums>,
    total: Sums,
}

impl<'a> Ledger<'a> {
    /// The ledger of a book.
    pub(crate) fn of(book: &'a Book) -> Self {
        let (mut keys, mut total) = (BTreeMap::<&str, Sums>::new(), Sums::default());
        for charge in book.charges() {
            keys.entry(&charge.key).or_default().add_charge(charge);
            total.add_charge(charge);
        }
        for refund in book.refunds() {
            keys.entry(&refund.charge_key).or_default().add_refund(refund);
            total.add_refund(refund);
        }
        Self { charges: book.charges(), refunds: book.refunds(), keys, total }
    }
}
