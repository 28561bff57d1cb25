//! The port: what the payment service asks of a provider, and what it may hear.

use contracts::Money;
pub use futures_util::future::BoxFuture;

/// Money to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The idempotency key: however often it is sent, it is charged once.
    pub key: String,
    /// How much, more than zero.
    pub amount: Money,
    /// What to charge it to, as the provider names it; none for the provider's default.
    pub card: Option<String>,
    /// What the customer reads on the statement.
    pub description: String,
}

/// A charge to be given back wholly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The idempotency key of the refund itself.
    pub key: String,
    /// The key of the charge. One that never was charged is voided, so that it can not be charged later either.
    pub charge_key: String,
}

/// What became of a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The money was taken.
    Approved {
        /// The provider's own name for the charge.
        reference: String,
    },
    /// No money was taken, and none will be for this key.
    Declined {
        /// Why, in the provider's words.
        reason: String,
    },
    /// The provider will not have the call, or answers to another one: that is our fault or the provider's, and never the customer's.
    /// Nobody is declined for it, and asking again changes nothing before somebody has looked.
    Refused {
        /// What is wrong, for the operator.
        why: String,
    },
    /// It may have been charged or not. Ask again with the same key.
    Unknown {
        /// What went wrong, for the operator.
        why: String,
    },
}

/// What became of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundOutcome {
    /// The whole charge was given back.
    Refunded {
        /// How much that was.
        amount: Money,
    },
    /// Nothing was charged, and nothing can be charged with that key any more.
    Voided,
    /// The provider will not have the call, or answers to another one. What was charged may still be there.
    Refused {
        /// What is wrong, for the operator.
        why: String,
    },
    /// It may have been refunded or not. Ask again with the same key.
    Unknown {
        /// What went wrong, for the operator.
        why: String,
    },
}

/// A charge in the provider's own list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// How much was taken: nothing if it was declined.
    pub taken: i64,
    /// The currency, as the provider writes it.
    pub currency: String,
    /// How much of that was given back.
    pub refunded: i64,
}

/// A page of the provider's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Charges, of whomever.
    pub charges: Vec<Listed>,
    /// Where the next page begins; none on the last.
    pub next: Option<String>,
}

/// A payment provider.
pub trait Provider: Send + Sync + 'static {
    /// Charges once per key.
    fn charge(&self, charge: Charge) -> BoxFuture<'_, Outcome>;
    /// Gives a charge back once, or voids its key.
    fn refund(&self, refund: Refund) -> BoxFuture<'_, RefundOutcome>;
    /// A page of all its charges, from the beginning or from what the page before said. Only to compare books: fails with what is wrong.
    fn list(&self, after: Option<String>) -> BoxFuture<'_, Result<Page, String>>;
}
