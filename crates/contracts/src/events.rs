//! Messages that say what happened. Anyone may listen.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use typed::Text;

use crate::{Code, DeliveryNow, Money, NoticeNow, OfferingId, OrderId, OrderNow, PaymentNow, Seats, ServiceName};

/// What is said of an event, for people.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// Who says it, and what it tells.
    pub about: &'static str,
    /// The name, the type and the meaning of each of its fields.
    pub fields: &'static [(&'static str, &'static str, &'static str)],
}

/// Attributes of a field stand behind its number.
macro_rules! events {
    ($($(#[doc = $doc:literal])+ $name:ident {
        $($(#[doc = $field_doc:literal])+ $n:literal $(#[$attribute:meta])* $field:ident: $type:ty),* $(,)?
    })+) => {
        $($(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
        pub struct $name { $($(#[doc = $field_doc])+ $(#[$attribute])* #[n($n)] pub $field: $type,)* }

        impl $name {
            pub(crate) const DESCRIBED: crate::events::Described = crate::events::Described {
                about: concat!($($doc),+),
                fields: &[$((stringify!($field), stringify!($type), concat!($($field_doc),+))),*],
            };
        })+
    };
}

// Below the macro, which it uses.
mod stock;

pub use stock::*;

events! {
    /// From order: an order was placed.
    OrderPlaced {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// How many.
        2 quantity: u32,
        /// The offering or the seller's reference to it, as the client named it.
        3 target: crate::commands::Target,
        /// The seats, where they are named.
        4 seats: Seats,
        /// The price of one that the client sent.
        5 expected_price: Option<Money>,
        /// Fields that maejin only keeps and gives back, as one JSON object.
        6 fields: Option<Text>,
    }
    /// From order: a step of an order was reached, with what is known of the order by then.
    OrderHeld {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// The offering.
        2 offering: OfferingId,
        /// Its name.
        3 name: Option<Text>,
        /// How many.
        4 quantity: u32,
        /// What it costs.
        5 total: Money,
        /// The catalogue's price of one.
        6 unit_price: Money,
        /// The order as it is now.
        7 now: Option<Box<OrderNow>>,
    }
    /// From order: everything was done.
    OrderConfirmed {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// The offering.
        2 offering: OfferingId,
        /// Its name.
        3 name: Option<Text>,
        /// How many.
        4 quantity: u32,
        /// What it cost.
        5 total: Money,
        /// The seats, where they are named.
        6 seats: Seats,
        /// Fields that maejin only keeps and gives back, as one JSON object.
        7 fields: Option<Text>,
        /// The points granted.
        8 points: i64,
        /// The order as it is now.
        9 now: Option<Box<OrderNow>>,
    }
    /// From order: it did not come about; whatever was done is undone.
    OrderRejected {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// The offering, if there is such a one.
        2 offering: Option<OfferingId>,
        /// Its name.
        3 name: Option<Text>,
        /// How many.
        4 quantity: u32,
        /// Why.
        5 code: Code,
        /// Why, for people.
        6 message: Text,
        /// Fields that maejin only keeps and gives back, as one JSON object.
        7 fields: Option<Text>,
        /// Whether the order is kept to be read; an order for something that does not exist is not.
        8 kept: bool,
        /// The seats, where they are named.
        9 seats: Seats,
        /// The order as it is now.
        10 now: Option<Box<OrderNow>>,
    }
    /// From order: the customer asked to take it back; the undos run.
    OrderCancelling {
        /// The order.
        0 order: OrderId,
        /// The order as it is now.
        1 now: Option<Box<OrderNow>>,
    }
    /// From order: it was to be taken back, but that came too late; it stays confirmed.
    OrderCancelRefused {
        /// The order.
        0 order: OrderId,
        /// The order as it is now.
        1 now: Option<Box<OrderNow>>,
    }
    /// From order: it was taken back; everything done is undone.
    OrderCancelled {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// The offering; `None` if it was cancelled before stock was set aside.
        2 offering: Option<OfferingId>,
        /// Its name.
        3 name: Option<Text>,
        /// How many.
        4 quantity: u32,
        /// The seats, where they are named.
        5 seats: Seats,
        /// Fields that maejin only keeps and gives back, as one JSON object.
        6 fields: Option<Text>,
        /// The order as it is now.
        7 now: Option<Box<OrderNow>>,
    }
    /// From order: it cannot go on without an operator.
    OrderParked {
        /// The order.
        0 order: OrderId,
        /// Why.
        1 reason: Text,
        /// The order as it is now.
        2 now: Option<Box<OrderNow>>,
    }
    /// From order: it changed in a way that no other event tells: it is paid, an operator has it tried again, or it is about to be rejected.
    OrderChanged {
        /// The order.
        0 order: OrderId,
        /// The order as it is now.
        1 now: Option<Box<OrderNow>>,
    }
    /// From payment: it changed in a way that no other event tells: it is being given back.
    PaymentChanged {
        /// The order.
        0 order: OrderId,
        /// The payment as it is now.
        1 now: Option<Box<PaymentNow>>,
    }
    /// From payment: the provider was asked for money.
    PaymentRequested {
        /// The order.
        0 order: OrderId,
        /// How much.
        1 amount: Money,
        /// The payment as it is now, where there is one.
        2 now: Option<Box<PaymentNow>>,
    }
    /// From payment: the money was taken.
    PaymentTaken {
        /// The order.
        0 order: OrderId,
        /// How much.
        1 amount: Money,
        /// The provider's own id of the charge.
        2 reference: Text,
        /// The number of the payment within the storefront.
        3 number: u64,
        /// The offering.
        4 offering: OfferingId,
        /// The payment as it is now, where there is one.
        5 now: Option<Box<PaymentNow>>,
    }
    /// From payment: the provider said no.
    PaymentDeclined {
        /// The order.
        0 order: OrderId,
        /// How much was asked for.
        1 amount: Money,
        /// Why.
        2 reason: Text,
        /// The payment as it is now, where there is one.
        3 now: Option<Box<PaymentNow>>,
    }
    /// From payment: it cannot go on without an operator.
    PaymentParked {
        /// The order.
        0 order: OrderId,
        /// Why.
        1 reason: Text,
        /// The payment as it is now.
        2 now: Option<Box<PaymentNow>>,
    }
    /// From payment: what was taken was given back.
    PaymentRefunded {
        /// The order.
        0 order: OrderId,
        /// How much; zero where nothing had been taken.
        1 amount: Money,
        /// The number of the payment within the storefront.
        2 number: u64,
        /// The offering; `None` where no payment was ever asked for.
        3 offering: Option<OfferingId>,
        /// When it had been taken.
        4 taken_at: Option<u64>,
        /// The payment as it is now, where there is one.
        5 now: Option<Box<PaymentNow>>,
    }
    /// From delivery: it has begun.
    DeliveryStarted {
        /// The order.
        0 order: OrderId,
        /// The number of the delivery within the storefront.
        1 number: u64,
        /// What is delivered.
        2 product: Text,
        /// The delivery as it is now, where there is one.
        3 now: Option<Box<DeliveryNow>>,
    }
    /// From delivery: the goods have left.
    DeliveryDispatched {
        /// The order.
        0 order: OrderId,
        /// The delivery as it is now, where there is one.
        1 now: Option<Box<DeliveryNow>>,
    }
    /// From delivery: the goods have arrived.
    DeliveryCompleted {
        /// The order.
        0 order: OrderId,
        /// The delivery as it is now, where there is one.
        1 now: Option<Box<DeliveryNow>>,
    }
    /// From delivery: it will not take place.
    DeliveryCancelled {
        /// The order.
        0 order: OrderId,
        /// The number of the delivery within the storefront; zero where none had begun.
        1 number: u64,
        /// What was to be delivered.
        2 product: Text,
        /// The delivery as it is now, where there is one.
        3 now: Option<Box<DeliveryNow>>,
    }
    /// From points: a balance was opened, set, or corrected.
    BalanceSet {
        /// The customer.
        0 customer: Text,
        /// The balance.
        1 balance: i64,
        /// The version of the account, where this changed it.
        2 version: Option<u64>,
        /// The account is there no more.
        3 #[cbor(default)] #[serde(default)] closed: bool,
        /// Why it was corrected.
        4 reason: Option<Text>,
    }
    /// From points: points were granted for an order.
    PointsEarned {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// How many.
        2 points: i64,
        /// The balance after it.
        3 balance: i64,
        /// The version of the account, where this changed it.
        4 version: Option<u64>,
    }
    /// From points: what was granted for an order was taken back.
    PointsRevoked {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// How many; zero where none had been granted.
        2 points: i64,
        /// The balance after it.
        3 balance: i64,
        /// The version of the account, where this changed it.
        4 version: Option<u64>,
    }
    /// From notification: a message is in a person's inbox.
    NotificationSent {
        /// The order it is about.
        0 order: OrderId,
        /// To whom.
        1 customer: Text,
        /// By which channel.
        2 channel: Text,
        /// The message as it is now.
        3 now: Option<Box<NoticeNow>>,
    }
    /// From notification: a message could not be delivered.
    NotificationFailed {
        /// The order it is about.
        0 order: OrderId,
        /// To whom.
        1 customer: Text,
        /// By which channel.
        2 channel: Text,
        /// Why.
        3 reason: Text,
        /// The message as it is now.
        4 now: Option<Box<NoticeNow>>,
    }
    /// From outside: an operator gave up a parked message. It will never be handled.
    MessageGivenUp {
        /// The service that did not handle it.
        0 service: ServiceName,
        /// The name of the message.
        1 name: Text,
        /// Why it could not be handled; `None` for one that only waited behind another.
        2 reason: Option<Text>,
        /// The order it was about.
        3 order: Option<OrderId>,
    }
}
