//! Every message, as one type: what travels through the engine, the journal and the log.

use std::borrow::Cow;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use typed::SubjectKey;

use crate::commands::*;
use crate::events::*;
use crate::shard::Keyed;
use crate::{Rejection, Shard, ShardKey, Slots, Subject};

/// The services, by the number under which they stand in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ServiceName {
    /// Offerings, pools, seats, holds.
    #[n(0)]
    Stock,
    /// Orders and their sagas.
    #[n(1)]
    Order,
    /// Payments and refunds.
    #[n(2)]
    Payment,
    /// Deliveries.
    #[n(3)]
    Delivery,
    /// One points ledger per customer.
    #[n(4)]
    Points,
    /// Messages to people.
    #[n(5)]
    Notification,
    /// A customer's orders, to read.
    #[n(6)]
    MyPage,
}

impl ServiceName {
    /// All services, in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Stock, Self::Order, Self::Payment, Self::Delivery, Self::Points, Self::Notification, Self::MyPage];

    /// Whether its shards are those of customers. Those of all others are storefronts.
    pub fn is_by_customer(self) -> bool {
        matches!(self, Self::Points | Self::MyPage)
    }

    /// The name, as in tables and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Order => "order",
            Self::Payment => "payment",
            Self::Delivery => "delivery",
            Self::Points => "points",
            Self::Notification => "notification",
            Self::MyPage => "mypage",
        }
    }
}

macro_rules! messages {
    ($($n:literal $name:ident $(to $service:ident)? $(by $sayer:ident)? $(about $subject:ident)? on $($key:ident)+),+ $(,)?) => {
        /// Every message. The numbers stand in journals: they are never reused.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
        #[serde(tag = "message", content = "data")]
        pub enum Message { $(#[doc = concat!("See [`", stringify!($name), "`].")] #[n($n)] $name(#[n(0)] $name),)+ }

        /// Which message it is, without its content.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Kind { $(#[doc = concat!("A [`", stringify!($name), "`].")] $name = $n,)+ }

        impl Kind {
            /// The names of all messages, each with which one it is.
            pub const NAMES: &[(&str, Self)] = &[$((stringify!($name), Self::$name),)+];

            /// Whether it says what happened, and does not ask for something.
            pub fn is_event(self) -> bool {
                match self { $(Self::$name => messages!(@is_event $($service)?),)+ }
            }

            /// The name and the type of each field of a command, and what a refusal calls it; nothing for an event.
            pub fn fields(self) -> &'static [(&'static str, &'static str, &'static str)] {
                match self { $(Self::$name => messages!(@fields $name $($service)?),)+ }
            }

            /// What is said of an event, for people; `None` for a command.
            pub fn described(self) -> Option<&'static Described> {
                match self { $(Self::$name => messages!(@described $name $($service)?),)+ }
            }

            /// The service that says an event; `None` for a command, and for what an operator has said.
            pub fn said_by(self) -> Option<ServiceName> {
                match self { $(Self::$name => messages!(@to $($sayer)?),)+ }
            }

            /// Whether it is a command that comes by a door, and not from a service.
            pub fn is_from_outside(self) -> bool {
                match self { $(Self::$name => messages!(@is_from_outside $name $($service)?),)+ }
            }
        }

        impl Message {
            /// A command from outside in the form in which it is handled, and every other message as it is. What is wrong with it is
            /// `refused`, and nothing is left to be handled.
            pub fn proper_or(&self, refused: impl FnOnce(Rejection)) -> Option<Cow<'_, Self>> {
                let proper = match self { $(Self::$name(_m) => messages!(@proper _m $($service)?),)+ };
                match proper {
                    Ok(proper) => Some(proper.map_or(Cow::Borrowed(self), Cow::Owned)),
                    Err(rejection) => {
                        refused(rejection);
                        None
                    }
                }
            }

            /// Which message it is.
            pub fn kind(&self) -> Kind {
                match self { $(Self::$name(_) => Kind::$name,)+ }
            }

            /// Its name.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)+ }
            }

            /// The service that a command is addressed to; `None` for an event.
            pub fn to(&self) -> Option<ServiceName> {
                match self { $(Self::$name(_) => messages!(@to $($service)?),)+ }
            }

            /// What it is about; `None` where that is only known when it is handled.
            pub fn subject(&self) -> Option<Subject<'_>> {
                match self { $(Self::$name(_m) => messages!(@about _m $($subject)?),)+ }
            }

            /// By what it finds its shard: the one that handles it or, of an event, on which it is said. `None` for what stays where it
            /// is said. Of a command from outside, its form in [`Message::proper_or`] counts: white space leads nobody elsewhere.
            pub fn shard_key(&self) -> Option<ShardKey<'_>> {
                match self { $(Self::$name(m) => messages!(@on m $($key)+),)+ }
            }
        }

        $(impl From<$name> for Message { fn from(content: $name) -> Self { Self::$name(content) } })+
    };
    (@is_event) => { true };
    (@is_event $service:ident) => { false };
    (@described $name:ident) => { Some(&$name::DESCRIBED) };
    (@described $name:ident $service:ident) => { None };
    (@fields $name:ident) => { &[] };
    (@fields $name:ident $service:ident) => { $name::FIELDS };
    (@is_from_outside $name:ident) => { false };
    (@is_from_outside $name:ident $service:ident) => { $name::IS_FROM_OUTSIDE };
    (@proper $m:ident) => { Ok(None) };
    (@proper $m:ident $service:ident) => { $m.proper().map(|proper| proper.map(Self::from)) };
    (@to) => { None };
    (@to $service:ident) => { Some(ServiceName::$service) };
    (@on $m:ident $key:ident) => { Keyed::shard_key(&$m.$key) };
    (@on $m:ident $key:ident $more:ident) => { Keyed::shard_key((&$m.$key, &$m.$more)) };
    (@about $m:ident) => { None };
    (@about $m:ident order) => { Some(Subject::Order($m.order)) };
    (@about $m:ident offering) => { Some(Subject::Offering($m.offering)) };
    (@about $m:ident seat) => { Some(Subject::Seat($m.seat)) };
    (@about $m:ident customer) => { Some(Subject::Customer(&$m.customer)) };
}

messages! {
    0 RegisterOffering to Stock on storefront number,
    1 ChangeOffering to Stock about offering on offering,
    2 WithdrawOffering to Stock about offering on offering,
    3 AddStock to Stock about offering on offering,
    4 RegisterSeat to Stock about offering on offering,
    5 ChangeSeat to Stock about seat on seat,
    6 WithdrawSeat to Stock about seat on seat,
    7 HoldStock to Stock about order on order,
    8 SellStock to Stock about order on order,
    9 ReleaseStock to Stock about order on order,
    10 TakeBackStock to Stock about order on order,
    11 PlaceOrder to Order on storefront target,
    12 CancelOrder to Order about order on order,
    13 RetryOrder to Order about order on order,
    14 GiveUpOrder to Order about order on order,
    15 StepDue to Order about order on order,
    16 TakePayment to Payment about order on order,
    17 RefundPayment to Payment about order on order,
    18 RecordOutcome to Payment about order on order,
    19 StartDelivery to Delivery about order on order,
    20 DispatchDelivery to Delivery about order on order,
    21 CompleteDelivery to Delivery about order on order,
    22 CancelDelivery to Delivery about order on order,
    23 OpenAccount to Points about customer on customer,
    24 SetBalance to Points about customer on customer,
    25 CloseAccount to Points about customer on customer,
    26 EarnPoints to Points about order on customer,
    27 RevokePoints to Points about order on customer,
    28 RecordDelivery to Notification on notice,
    29 ExpireHold to Stock about order on order,
    40 GiveUpPayment to Payment about order on order,
    41 FillInOrder to Order about order on order,
    42 ForgetRefusal to Order about order on order,
    44 ReopenOffering to Stock about offering on offering,
    45 ArrangeSeats to Stock about offering on offering,
    48 AddPoints to Points about customer on customer,
    64 OfferingRegistered by Stock about offering on offering,
    65 OfferingChanged by Stock about offering on offering,
    66 OfferingWithdrawn by Stock about offering on offering,
    67 StockAdded by Stock about offering on offering,
    68 SeatChanged by Stock about seat on seat,
    69 StockHeld by Stock about order on order,
    70 StockRefused by Stock about order on order,
    71 StockSold by Stock about order on order,
    72 StockTakenBack by Stock about order on order,
    73 StockReleased by Stock about order on order,
    74 OrderPlaced by Order about order on order,
    75 OrderHeld by Order about order on order,
    76 OrderConfirmed by Order about order on order,
    77 OrderRejected by Order about order on order,
    78 OrderCancelling by Order about order on order,
    79 OrderCancelled by Order about order on order,
    80 OrderParked by Order about order on order,
    81 PaymentRequested by Payment about order on order,
    82 PaymentTaken by Payment about order on order,
    83 PaymentDeclined by Payment about order on order,
    84 PaymentRefunded by Payment about order on order,
    85 DeliveryStarted by Delivery about order on order,
    86 DeliveryDispatched by Delivery about order on order,
    87 DeliveryCompleted by Delivery about order on order,
    88 DeliveryCancelled by Delivery about order on order,
    89 BalanceSet by Points about customer on customer,
    90 PointsEarned by Points about order on customer,
    91 PointsRevoked by Points about order on customer,
    92 NotificationSent by Notification about order on order,
    93 NotificationFailed by Notification about order on order,
    94 OrderCancelRefused by Order about order on order,
    95 MessageGivenUp on order,
    96 OrderChanged by Order about order on order,
    97 PaymentChanged by Payment about order on order,
    100 PaymentParked by Payment about order on order,
    102 OfferingReopened by Stock about offering on offering,
}

impl Message {
    /// The key of what it is about.
    pub fn subject_key(&self) -> SubjectKey {
        self.subject().map_or(SubjectKey::NONE, Subject::key)
    }

    /// Its shard, as long as every storefront is one, and all customers are.
    pub fn shard(&self) -> Option<Shard> {
        self.shard_key().map(|key| key.among(Slots::ONE))
    }
}

impl typed::Message for Message {
    fn kind(&self) -> u8 {
        Self::kind(self) as u8
    }
    fn name(&self) -> &'static str {
        Self::name(self)
    }
    fn to(&self) -> Option<u8> {
        Self::to(self).map(|service| service as u8)
    }
    fn subject_key(&self) -> SubjectKey {
        Self::subject_key(self)
    }
}
