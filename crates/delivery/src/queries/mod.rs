//! What others may read of deliveries.

mod find_delivery;
mod page_of_deliveries;

pub use find_delivery::{numbered, of_order};
pub use page_of_deliveries::{Page, Sort, SortBy, page};
