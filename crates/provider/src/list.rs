//! From a page of the provider's list to its charges. A list is compared to the won, so whatever is odd about it is an error.

use serde::Deserialize;

use crate::answer::Answer;
use crate::port::{Listed, Page};

/// So many charges are asked for at a time.
pub(crate) const LIMIT: usize = 500;
/// More than a page of so many charges.
pub(crate) const PAGE_MAX_BYTES: usize = 1 << 20;

#[derive(Deserialize)]
struct Pages {
    charges: Vec<Told>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Told {
    key: String,
    status: Status,
    amount: i64,
    currency: String,
    refunded: i64,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Approved,
    Declined,
}

/// The page that `answer` is.
pub(crate) fn page(answer: &Answer) -> Result<Page, String> {
    if answer.status != 200 {
        return Err(format!("the provider does not list its charges: it answers {}", answer.status));
    }
    let pages: Pages = serde_json::from_slice(&answer.body)
        .map_err(|error| format!("the provider's list of charges is not understood: {error}"))?;
    let listed = |told: Told| Listed {
        taken: if told.status == Status::Approved { told.amount } else { 0 },
        key: told.key,
        currency: told.currency,
        refunded: told.refunded,
    };
    Ok(Page { charges: pages.charges.into_iter().map(listed).collect(), next: pages.next })
}
