//! A page of charges, for whoever compares books: each with what was given back of it.

use serde::Serialize;

use crate::book::Book;
use crate::record::{Charge, ChargeStatus};

/// One charge.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    key: &'a str,
    id: &'a str,
    status: ChargeStatus,
    amount: i64,
    currency: &'a str,
    refunded: i64,
}

/// Charges in the order in which they came, and where the next page begins.
#[derive(Debug, Serialize)]
pub(crate) struct Page<'a> {
    charges: Vec<Listed<'a>>,
    next: Option<String>,
}

impl<'a> Page<'a> {
    /// Up to `limit` charges after the first `after` of them. Charges are only ever added, so a place stays what it is.
    pub(crate) fn of(book: &'a Book, after: usize, limit: usize) -> Self {
        let rest = book.charges().get(after..).unwrap_or_default();
        let listed = |charge: &'a Charge| Listed {
            key: &charge.key,
            id: &charge.id,
            status: charge.status,
            amount: charge.request.amount,
            currency: &charge.request.currency,
            refunded: book.refunded_of(&charge.key),
        };
        let next = (rest.len() > limit).then(|| (after + limit).to_string());
        Self { charges: rest.iter().take(limit).map(listed).collect(), next }
    }
}
