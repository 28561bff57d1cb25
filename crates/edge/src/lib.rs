//! Manners of HTTP that all doors share: problems, preconditions, pages, bodies, parameters, ids, how an order is placed, how
//! orders are listed, how all of an offering are taken back, and how a message of the journal is shown.
//!
//! Knows no service, no server and no shape of what is asked. Always: what is given out is accepted; what is not understood is
//! refused by name, never ignored.

pub mod body;
mod cancelling;
mod code;
mod fingerprint;
#[cfg(test)]
mod given;
pub mod headers;
pub mod ids;
mod order_list;
pub mod page;
mod place;
mod placing;
pub mod preconditions;
mod problem;
pub mod query;
pub mod timeline;
mod wrongs;

pub use cancelling::{CancelledOrders, NotCancelled, cancel_orders};
pub use code::{CodeMeaning, DoorCode, codes};
pub use fingerprint::fingerprint;
pub use order_list::list_orders;
pub use placing::{come_to, place_and_wait};
pub use problem::{FieldError, Problem, ProblemBody};
pub use wrongs::{WRONGS_MAX, Wrongs};
