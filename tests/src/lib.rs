//! Whole-system stories, over real HTTP against the real binary. This library is what they stand on: it starts a shop on a
//! data directory of its own, speaks to it as a client does, stops or kills it, and starts it again on the same data.
//!
//! No port is fixed, so that several shops run side by side. Nothing here knows a rule of the business.

mod at_once;
mod banner;
mod binary;
pub mod books;
mod chance;
mod command_line;
pub mod core_shop;
pub mod crash;
pub mod described;
mod further;
mod home;
mod http;
mod listening;
mod paths;
pub mod power_loss;
mod provider;
mod raw;
mod reply;
mod shop;
pub mod simulation;
mod start;
pub mod tools;
mod wait;

pub use at_once::{at_once, while_running};
pub use binary::{Ended, begun, maejin, maejin_unread};
pub use further::{FAIR_PAY_S, fair_in};
pub use home::Home;
pub use http::Client;
pub use listening::{Heard, Listening};
pub use paths::Paths;
pub use provider::Ledger;
pub use raw::Raw;
pub use reply::Reply;
pub use shop::Shop;
pub use start::Start;
pub use wait::{eventually, eventually_is, pause};
