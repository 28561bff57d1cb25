//! Messages that ask a service to do something. Each is addressed to the one service that owns it.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use typed::Text;

pub use crate::parts::{AsRead, Emptied, Expected, NewSeat, ProviderOutcome, StockRead, Target, Versions, Which};
use crate::{
    DeliveryNow, Money, NoticeId, OfferingId, OrderId, PaymentNow, Rejection, SeatId, Seats, StorefrontNo, input,
};

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

commands! {
    /// To stock: put an offering on sale. Answered by `OfferingRegistered` or a refusal.
    @outside RegisterOffering {
        /// The storefront that sells it.
        0 storefront: StorefrontNo,
        /// Its number, if the seller gives one; else the next free one.
        1 number: Option<u64> as "id" by input::any,
        /// The seller's own reference to it, where the facade orders by that.
        2 reference: Option<Text>,
        /// What people read.
        3 name: Option<Text>,
        /// The price of one.
        4 price: Money,
        /// How many there are; zero for an offering that is sold by seats.
        5 stock: u64 as "left",
        /// Fields that maejin only keeps and gives back, as one JSON object.
        6 fields: Option<Text> as "fields" by input::kept,
        /// Whether it is sold by numbered seats.
        7 seated: bool,
        /// The seats to register with it, all or none.
        #[cbor(default)] #[serde(default)] 8 seats: Vec<NewSeat>,
        /// From when on it can be ordered, in milliseconds since the Unix epoch.
        9 on_sale_from: Option<u64>,
        /// Until when it can be ordered, in milliseconds since the Unix epoch.
        10 on_sale_until: Option<u64>,
    }
    /// To stock: change an offering. What is `None` stays as it is.
    @outside ChangeOffering {
        /// The offering.
        0 offering: OfferingId,
        /// The new reference.
        1 reference: Option<Text>,
        /// The new name.
        2 name: Option<Text>,
        /// The new price of one.
        3 price: Option<Money>,
        /// What shall be left.
        4 left: Option<u64>,
        /// Refuse a `left` that is less than what is held and sold: the whole row is being replaced by one who may not know of the sales.
        5 whole: bool,
        /// The fields that maejin only keeps and gives back, as one JSON object: it replaces the one kept. New ones are `merged`.
        6 fields: Option<Text> as "fields" by input::kept,
        /// It has no name any more.
        7 no_name: bool,
        /// It has no reference any more.
        8 no_reference: bool,
        /// Refuse the change if the offering has another version.
        9 expected_version: Option<u64> as "version" by input::any,
        /// From when on it can be ordered, in milliseconds since the Unix epoch.
        10 on_sale_from: Option<u64>,
        /// Until when it can be ordered, in milliseconds since the Unix epoch.
        11 on_sale_until: Option<u64>,
        /// It can be ordered from the beginning of time.
        #[cbor(default)] #[serde(default)] 12 no_on_sale_from: bool,
        /// It can be ordered until it is withdrawn.
        #[cbor(default)] #[serde(default)] 13 no_on_sale_until: bool,
        /// Fields that maejin only keeps and gives back, as one JSON object: each takes the place of the one kept under its name, and
        /// null takes that away. Those that are not named stay.
        14 merged: Option<Text> as "fields" by input::kept,
        /// Refuse the change unless all of this is so.
        15 expects: Option<Vec<Expected>> as "expects" by input::any,
        /// Refuse it unless it is meant in the version that there is.
        #[serde(skip_serializing_if = "Option::is_none")] 16 versions: Option<Box<Versions>> as "version" by input::any,
        /// Refuse the change unless all of this is so, which cannot be changed by it.
        #[serde(skip_serializing_if = "Option::is_none")] 17 as_read: Option<Box<AsRead>> as "as-read" by input::any,
    }
    /// To stock: take an offering off sale. What is held and sold of it stays with its orders, which go on or are cancelled as ever. One
    /// that is sold by seats is refused while a seat of it is held or sold.
    @outside WithdrawOffering {
        /// The offering.
        0 offering: OfferingId,
        /// Refuse it if the offering has another version.
        1 expected_version: Option<u64> as "version" by input::any,
        /// Refuse it unless it is meant in the version that there is.
        #[serde(skip_serializing_if = "Option::is_none")] 2 versions: Option<Box<Versions>> as "version" by input::any,
    }
    /// To stock: add to what is left.
    @outside AddStock {
        /// The offering.
        0 offering: OfferingId,
        /// How many more.
        1 add: u64 as "left" by input::some,
        /// Refuse it if the offering has another version.
        2 expected_version: Option<u64> as "version" by input::any,
        /// Refuse it unless it is meant in the version that there is.
        #[serde(skip_serializing_if = "Option::is_none")] 3 versions: Option<Box<Versions>> as "version" by input::any,
    }
    /// To stock: add a numbered seat to an offering that is sold by seats.
    @outside RegisterSeat {
        /// The storefront.
        0 storefront: StorefrontNo,
        /// Its number, if the seller gives one; else the next free one.
        1 number: Option<u64> as "id" by input::any,
        /// The offering it is a place of.
        2 offering: OfferingId,
        /// Its grade, such as `R` or `VIP`.
        3 grade: Option<Text>,
        /// Its row.
        4 row: Option<Text> as "seat-row",
        /// Its column or number within the row.
        5 column: Option<i64> as "seat-column" by input::seat_number,
        /// Its price.
        6 price: Money,
        /// Not for sale: kept back by the seller.
        7 withheld: bool,
    }
    /// To stock: change a seat. What is `None` stays as it is. While it is held or sold it keeps its price, and is not put on sale.
    @outside ChangeSeat {
        /// The seat.
        0 seat: SeatId,
        /// The new grade.
        1 grade: Option<Text>,
        /// The new row.
        2 row: Option<Text> as "seat-row",
        /// The new column.
        3 column: Option<i64> as "seat-column" by input::seat_number,
        /// The new price.
        4 price: Option<Money>,
        /// Keep it back from sale, or put it on sale.
        5 withheld: Option<bool>,
        /// Refuse the change if the seat has another version.
        6 expected_version: Option<u64> as "version" by input::any,
        /// Refuse the change unless all of this is so.
        7 expects: Option<Vec<Expected>> as "expects" by input::any,
        /// What it has not any more.
        8 emptied: Option<Vec<Emptied>> as "emptied" by input::any,
        /// Refuse the change if the seat is of another offering.
        #[serde(skip_serializing_if = "Option::is_none")] 9 offering: Option<OfferingId> as "offering" by input::any,
    }
    /// To stock: take a seat away. Refused while it is held or sold.
    @outside WithdrawSeat {
        /// The seat.
        0 seat: SeatId,
        /// Refuse it if the seat has another version.
        1 expected_version: Option<u64> as "version" by input::any,
    }
    /// To stock: set stock aside for an order. Answered by `StockHeld` or `StockRefused`.
    HoldStock {
        /// The order.
        0 order: OrderId,
        /// What it is for.
        1 target: Target,
        /// How many; ignored where seats are named.
        2 quantity: u32,
        /// The named seats.
        3 seats: Seats,
        /// The price of one that the customer was shown, if the client sent it.
        4 expected_price: Option<Money> as "unit-price",
        /// Until when, in milliseconds since the Unix epoch.
        5 until: u64,
    }
    /// To stock: make the hold of an order final. Answered by `StockSold` or, if it ended before, `StockRefused`.
    SellStock {
        /// The order.
        0 order: OrderId,
    }
    /// To stock: give back what is held for an order. Answered by `StockReleased`.
    ReleaseStock {
        /// The order.
        0 order: OrderId,
    }
    /// To stock, from its own timer: the deadline of a hold has passed.
    ExpireHold {
        /// The order.
        0 order: OrderId,
    }
    /// To stock: turn what was sold to an order into a hold again. Answered by `StockTakenBack`.
    TakeBackStock {
        /// The order.
        0 order: OrderId,
    }
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
        /// As an effect: the key by which the provider knows the charge; none in one from before keys said whose they are.
        #[serde(skip_serializing_if = "Option::is_none")] 6 provider_key: Option<Text>,
        /// As an effect: whether the provider was asked before, and may have charged without our hearing of it.
        #[cbor(default)] #[serde(default, skip_serializing_if = "std::ops::Not::not")] 7 asked_before: bool,
    }
    /// To payment: give back what was taken for an order, or see to it that nothing is taken any more. Answered by `PaymentRefunded`.
    RefundPayment {
        /// The order.
        0 order: OrderId,
        /// As an effect: the key of the charge.
        #[serde(skip_serializing_if = "Option::is_none")] 1 provider_key: Option<Text>,
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

impl RegisterOffering {
    /// One of `storefront` at `price`, of which nothing else is said.
    pub fn of(storefront: StorefrontNo, price: Money) -> Self {
        Self {
            storefront,
            number: None,
            reference: None,
            name: None,
            price,
            stock: 0,
            fields: None,
            seated: false,
            seats: Vec::new(),
            on_sale_from: None,
            on_sale_until: None,
        }
    }
}

impl ChangeOffering {
    /// One that leaves everything of `offering` as it is.
    pub fn of(offering: OfferingId) -> Self {
        Self {
            offering,
            reference: None,
            name: None,
            price: None,
            left: None,
            whole: false,
            fields: None,
            no_name: false,
            no_reference: false,
            expected_version: None,
            on_sale_from: None,
            on_sale_until: None,
            no_on_sale_from: false,
            no_on_sale_until: false,
            merged: None,
            expects: None,
            versions: None,
            as_read: None,
        }
    }
}

impl WithdrawOffering {
    /// One of `offering` in whatever version.
    pub fn of(offering: OfferingId) -> Self {
        Self { offering, expected_version: None, versions: None }
    }
}

impl AddStock {
    /// One of `add` more to `offering` in whatever version.
    pub fn of(offering: OfferingId, add: u64) -> Self {
        Self { offering, add, expected_version: None, versions: None }
    }
}

impl CancelOrder {
    /// One of `order` in whatever version.
    pub fn of(order: OrderId) -> Self {
        Self { order, expected_version: None, versions: None }
    }
}

impl ChangeSeat {
    /// One that leaves everything of `seat` as it is.
    pub fn of(seat: SeatId) -> Self {
        Self {
            seat,
            grade: None,
            row: None,
            column: None,
            price: None,
            withheld: None,
            expected_version: None,
            expects: None,
            emptied: None,
            offering: None,
        }
    }
}
