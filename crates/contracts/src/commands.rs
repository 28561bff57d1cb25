//! Messages that ask a service to do something. Each is addressed to the one service that owns it.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use typed::Text;

pub use crate::parts::{
    AsRead, Emptied, Expected, NewSeat, ProviderOutcome, SeatWish, StockRead, Target, Versions, Which,
};
use crate::{DeliveryNow, Money, NoticeId, OfferingId, OrderId, PaymentNow, Rejection, Seats, StorefrontNo, input};

/// Declares commands. One that is `@outside` comes by a door: the values in it are held to the rules of [`input`], those of a field to the rule
/// of its type, or to the one that stands after `by`; `as` is what a refusal calls the field. All others come from services, which have
/// their values from rows.
macro_rules! commands {
    ($($(#[$doc:meta])* $(@$outside:ident)? $name:ident { $($(#[$field_doc:meta])* $n:literal $field:ident: $type:ty
        $(as $word:literal $(by $rule:path)?)?),* $(,)? })+) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
        pub struct $name { $($(#[$field_doc])* #[n($n)] pub $field: $type,)* }

        impl $name {
            /// The name and the type of each field, and what a refusal calls it.
            pub(crate) const FIELDS: &[(&str, &str, &str)] =
                &[$((stringify!($field), stringify!($type), commands!(@word $field $($word)?)),)*];
            /// Whether it comes by a door.
            pub(crate) const IS_FROM_OUTSIDE: bool = commands!(@is $($outside)?);

            commands!(@proper $($outside)? { $($field, [$($word)?], [$($($rule)?)?];)* });
        })+
    };
    (@is) => { false };
    (@is outside) => { true };
    (@proper { $($rest:tt)* }) => {
        pub(crate) fn proper(&self) -> Result<Option<Self>, Rejection> {
            Ok(None)
        }
    };
    (@proper outside { $($field:ident, [$($word:literal)?], [$($rule:path)?];)* }) => {
        /// In the form in which it is handled; `None` if it has that already.
        pub(crate) fn proper(&self) -> Result<Option<Self>, Rejection> {
            let mut proper: Option<Self> = None;
            $(if let Some(value) = commands!(@look &self.$field, commands!(@word $field $($word)?), $($rule)?)? {
                proper.get_or_insert_with(|| self.clone()).$field = value;
            })*
            Ok(proper)
        }
    };
    (@look $value:expr, $word:expr,) => { input::Input::proper($value, $word) };
    (@look $value:expr, $word:expr, $rule:path) => { $rule($value, $word) };
    (@word $field:ident) => { stringify!($field) };
    (@word $field:ident $word:literal) => { $word };
}

// Below the macro, which it uses.
mod stock;

pub use stock::*;

commands! {
    /// To order: place an order. Answered by its id, whatever becomes of it, or by a refusal where there is none.
    @outside PlaceOrder {
        /// The storefront.
        0 storefront: StorefrontNo,
        /// Its number, if the client gives one; else the next free one.
        1 number: Option<u64> as "id" by input::any,
        /// What it is for.
        2 target: Target as "offering",
        /// How many; ignored where seats are named.
        3 quantity: u32,
        /// The named seats.
        4 seats: Seats,
        /// The customer.
        5 customer: Text,
        /// The price of one that the customer was shown, if the client sent it: compared, never believed.
        6 expected_price: Option<Money> as "unit-price",
        /// The means of payment, as the payment provider names it.
        7 card: Option<Text>,
        /// Fields that maejin only keeps and gives back, as one JSON object.
        8 fields: Option<Text> as "fields" by input::kept,
    }
    /// To order: take an order back.
    @outside CancelOrder {
        /// The order.
        0 order: OrderId,
        /// Refuse it if the order has another version.
        1 expected_version: Option<u64> as "version" by input::any,
        /// Refuse it unless it is meant in the version that there is.
        #[serde(skip_serializing_if = "Option::is_none")] 2 versions: Option<Box<Versions>> as "version" by input::any,
        /// Why, in the words of whoever takes it back: the customer is told.
        #[serde(skip_serializing_if = "Option::is_none")] 3 reason: Option<Text>,
    }
    /// To order: try a parked order's step again.
    @outside RetryOrder {
        /// The order.
        0 order: OrderId,
    }
    /// To order: undo what was done of a parked order, and reject it.
    @outside GiveUpOrder {
        /// The order.
        0 order: OrderId,
    }
    /// To order, from its own timer: a step was not answered in time.
    StepDue {
        /// The order.
        0 order: OrderId,
    }
    /// To order, from the start on a store from before: what the row of an order does not know yet of its steps.
    FillInOrder {
        /// The order.
        0 order: OrderId,
        /// Its payment, where there is one.
        1 payment: Option<Box<PaymentNow>>,
        /// Its delivery, where there is one.
        2 delivery: Option<Box<DeliveryNow>>,
        /// The customer's points after what it earned, or after that was taken back.
        3 balance: Option<i64>,
        /// Its seats as people know them, where there are any and the order does not know that.
        4 seats: Option<Vec<Text>>,
    }
    /// To order, from its own timer: nobody can ask any more why an order was refused that is not kept.
    ForgetRefusal {
        /// The order.
        0 order: OrderId,
    }
    /// To payment: take money for an order. Answered by `PaymentTaken` or `PaymentDeclined`.
    TakePayment {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// How much; nothing is asked of the provider for zero.
        2 amount: Money,
        /// The means of payment.
        3 card: Option<Text>,
        /// The offering it is for.
        4 offering: OfferingId,
        /// The offering as the client named it: its number, or the seller's reference.
        5 product: Text,
        /// In an effect from before `asked_in`: the whole key by which the provider knows the charge.
        #[serde(skip_serializing_if = "Option::is_none")] 6 provider_key: Option<Text>,
        /// As an effect: whether the provider was asked before, and may have charged without our hearing of it.
        #[cbor(default)] #[serde(default, skip_serializing_if = "std::ops::Not::not")] 7 asked_before: bool,
        /// As an effect: the incarnation of the store that first asked for the charge, which is in its key; none in one from before keys said that.
        #[serde(skip_serializing_if = "Option::is_none")] 8 asked_in: Option<i64>,
    }
    /// To payment: give back what was taken for an order, or see to it that nothing is taken any more. Answered by `PaymentRefunded`.
    RefundPayment {
        /// The order.
        0 order: OrderId,
        /// As an effect: what `TakePayment` says of the key of the charge.
        #[serde(skip_serializing_if = "Option::is_none")] 1 provider_key: Option<Text>,
        /// As an effect: the same.
        #[serde(skip_serializing_if = "Option::is_none")] 2 asked_in: Option<i64>,
    }
    /// To payment: an operator has settled a parked payment outside. The provider is not asked any more.
    GiveUpPayment {
        /// The order.
        0 order: OrderId,
    }
    /// To payment, from the payment provider: what became of a charge or a refund.
    RecordOutcome {
        /// The order.
        0 order: OrderId,
        /// What became of it.
        1 outcome: ProviderOutcome,
    }
    /// To delivery: begin to deliver an order. Answered by `DeliveryStarted`.
    StartDelivery {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// What is delivered.
        2 offering: OfferingId,
        /// How many.
        3 quantity: u32,
        /// The seller's reference to it, or its number.
        4 product: Text,
    }
    /// To delivery: the goods have left.
    @outside DispatchDelivery {
        /// The order.
        0 order: OrderId,
    }
    /// To delivery: the goods have arrived.
    @outside CompleteDelivery {
        /// The order.
        0 order: OrderId,
    }
    /// To delivery: do not deliver an order. Answered by `DeliveryCancelled`, or by `DeliveryCompleted` if it was too late.
    CancelDelivery {
        /// The order.
        0 order: OrderId,
    }
    /// To points: open an account with a balance. Refused if the customer has one.
    @outside OpenAccount {
        /// The customer.
        0 customer: Text,
        /// The first balance.
        1 balance: i64 as "points",
    }
    /// To points: set the balance, by a ledger entry of its own.
    @outside SetBalance {
        /// The customer.
        0 customer: Text,
        /// The new balance.
        1 balance: i64 as "points",
        /// Refuse it if the account has another version.
        2 expected_version: Option<u64> as "version" by input::any,
        /// Refuse it if the account has another balance.
        3 expected_balance: Option<i64> as "points" by input::any,
    }
    /// To points: give a customer so many more, or fewer, by a ledger entry of its own. A customer without an account gets one.
    @outside AddPoints {
        /// The customer.
        0 customer: Text,
        /// How many; below zero to take some away.
        1 points: i64,
        /// Why, for people.
        2 reason: Text,
        /// Also where the balance would be below zero then.
        3 below_zero: bool,
    }
    /// To points: close an account. Its ledger ends with an entry that brings the balance to zero.
    @outside CloseAccount {
        /// The customer.
        0 customer: Text,
        /// Refuse it if the account has another version.
        1 expected_version: Option<u64> as "version" by input::any,
    }
    /// To points: grant points for an order. Answered by `PointsEarned`.
    EarnPoints {
        /// The order.
        0 order: OrderId,
        /// The customer.
        1 customer: Text,
        /// How many.
        2 points: i64,
    }
    /// To points: take back what was granted for an order. Answered by `PointsRevoked`.
    RevokePoints {
        /// The order.
        0 order: OrderId,
        /// The customer, by whom points are sharded; none in one from before they were.
        #[serde(skip_serializing_if = "Option::is_none")] 1 customer: Option<Text>,
    }
    /// To notification, from a channel: what became of a message to a person.
    RecordDelivery {
        /// The notice.
        0 notice: NoticeId,
        /// Why it could not be delivered; `None` if it was.
        1 failure: Option<Text>,
    }
}

impl CancelOrder {
    /// One of `order` in whatever version.
    pub fn of(order: OrderId) -> Self {
        Self { order, expected_version: None, versions: None, reason: None }
    }
}
