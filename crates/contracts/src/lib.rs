//! The words that services share: ids, money, commands, events and queries, the recipe of a storefront, and how all of that is written.
//! No I/O, no async, and no rules but those of input, which are the same for every door: who may do what is decided by the service that
//! owns it.

mod answer;
pub mod commands;
pub mod details;
pub mod display;
pub mod events;
mod ids;
pub mod input;
pub mod limits;
mod message;
mod money;
mod now;
mod parts;
pub mod queries;
mod recipe;
mod recorded;
mod shard;
pub mod states;
mod subject;

pub use answer::{Answer, Code, Rejection};
pub use details::{Detail, Details};
pub use ids::{
    NUMBER_BITS, NUMBER_MAX, NoticeId, Numbered, OfferingId, OrderId, STOREFRONT_MAX, SeatId, Seats, StorefrontNo,
};
pub use message::{Kind, Message, ServiceName};
pub use money::{Currency, Money};
pub use now::{
    DeliveryNow, NoticeNow, OfferingNow, OrderDelivery, OrderNow, OrderPayment, PaymentNow, SeatNow, seat_name,
};
pub use recipe::{Recipe, Recipes, Refusals, Step};
pub use recorded::Recorded;
pub use shard::{Shard, ShardKey, Slots};
pub use subject::Subject;
pub use typed::{SubjectKey, Text};
