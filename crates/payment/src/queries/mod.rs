//! What others may read of payments.

mod find_payment;
mod page_of_payments;

pub use find_payment::{numbered, of_order};
pub use page_of_payments::{Page, Sort, SortBy, page};
