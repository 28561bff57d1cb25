//! The shapes of v1: what clients send and what they get. Unknown fields are refused.

mod catalogue;
mod customer;
mod events;
mod index;
mod limits;
mod moment;
mod money;
mod object;
mod order;
mod seats;
mod stock;
mod storefront;
mod whole;

pub use catalogue::{NewOffering, Offering, OfferingChange};
pub use customer::{Channel, LedgerEntry, MyOrder, Notification, NotificationKind, NotificationState, Points};
pub use edge::timeline::{Event, TimelineEntry};
pub use events::Ticket;
pub use index::{Index, IndexedCall};
pub use limits::{SEATS_IN_ORDER, SEATS_OF_OFFERING, customer, invalid, part_of_name};
pub use moment::Moment;
pub use money::{Currency, Money};
pub use object::Nothing;
pub use order::{Cancel, Delivery, DeliveryStates, NewOrder, Order, OrderStates, Payment, PaymentStates};
pub use seats::{NewSeat, NewSeats, Seat, SeatChange, SeatChanges, SeatState};
pub use stock::{AddStock, Capacity, Stock};
pub use storefront::{Step, Storefront};
