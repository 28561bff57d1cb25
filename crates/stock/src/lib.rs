//! Stock: what is on sale, how much of it is left, and for whom some of it is set aside.
//!
//! Owns: offerings with their pools, seats, holds, what customers have of what has a limit, and what offerings say of themselves.
//! Accepts: register, change, withdraw, reopen an offering; register, change, withdraw a seat; add stock; hold, sell, take back, release.
//! Says: OfferingRegistered/Changed/Withdrawn/Reopened, SeatChanged, StockAdded, StockHeld, StockRefused, StockSold, StockTakenBack, StockReleased.
//! Listens: to nobody.
//! Always: left + held + sold = capacity, none below zero; a seat has at most one owner; a hold ends once; nobody has more than a limit.

mod as_read;
mod commands;
mod description;
mod expected;
mod hold;
mod house;
mod kept;
mod offering;
pub mod queries;
mod reference;
mod role;
mod seat;
mod share;
mod store;
mod versions;

pub use description::Description;
pub use hold::{Hold, HoldState};
pub use house::House;
pub use offering::Offering;
pub use role::StockService;
pub use seat::{Place, Seat, SeatState, place, places};
pub use share::Share;
pub use store::{MIGRATIONS, tables};
