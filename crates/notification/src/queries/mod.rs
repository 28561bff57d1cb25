//! What others may read of notices.

mod find_notice;
mod notices_of_customer;
mod page_of_notices;

pub use find_notice::numbered;
pub use notices_of_customer::{Place, of_customer};
pub use page_of_notices::{Page, Sort, SortBy, page};
