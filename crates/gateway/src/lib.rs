//! The gateway: the one public door.
//!
//! Owns: routes by prefix, identity, correlation ids, the probes.
//! Always: nothing but the probes, and what says nothing of this shop, is answered without identity, unless the shop is open; who calls is
//! decided here and nowhere else.

mod address;
mod compressed;
mod door;
mod identity;
mod index;
mod layers;
mod probes;
mod requests;
mod tickets;
mod turned_away;

pub use address::Address;
pub use door::{Caller, Door, Mounted};
pub use identity::{Entry, Identity, Secret};
pub use layers::Origins;
pub use probes::{Metrics, MetricsFormat};
pub use requests::Requests;
pub use tickets::{TICKET, Ticket, Tickets};
pub use turned_away::TurnedAway;
