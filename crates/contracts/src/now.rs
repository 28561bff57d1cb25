//! How things are after what an event says: the whole of each, so that a copy can be kept from events alone. What changes seldom stands
//! first and what is often missing stands last: that is short in the journal.

use minicbor::{Decode, Encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use typed::{Cell, Column, Mismatch, Sql, Text};

use crate::events::OrderPlaced;
use crate::states::{DeliveryState, OrderState, PaymentState, SeatState};
use crate::{Code, Money, OfferingId, OrderId, SeatId, StorefrontNo};

macro_rules! things {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $n:literal $field:ident: $type:ty),* $(,)? })+) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
        pub struct $name { $($(#[$field_doc])* #[n($n)] pub $field: $type,)* })+
    };
}

things! {
    /// An offering.
    OfferingNow {
        /// What people read.
        0 name: Option<Text>,
        /// The price of one.
        1 price: Money,
        /// The seller's own reference to it.
        2 reference: Option<Text>,
        /// Whether it is sold by numbered seats.
        3 seated: bool,
        /// Off sale; kept for its orders or its seats.
        4 withdrawn: bool,
        /// How many there are in all.
        5 capacity: u64,
        /// How many are set aside.
        6 held: u64,
        /// How many are sold.
        7 sold: u64,
        /// Counts its changes.
        8 version: u64,
        /// What maejin only keeps and gives back, as one JSON object.
        9 fields: Option<Text>,
        /// From when on it can be ordered, in milliseconds since the Unix epoch.
        10 on_sale_from: Option<u64>,
        /// Until when it can be ordered, in milliseconds since the Unix epoch.
        11 on_sale_until: Option<u64>,
        /// How many of it one customer can have, held and sold together.
        #[serde(skip_serializing_if = "Option::is_none")] 12 limit_per_customer: Option<u32>,
    }
    /// A numbered place.
    SeatNow {
        /// Its id.
        0 seat: SeatId,
        /// Its row.
        1 row: Option<Text>,
        /// Its column, or number within the row.
        2 column: Option<i64>,
        /// Its grade.
        3 grade: Option<Text>,
        /// Its price.
        4 price: Money,
        /// How it stands with it.
        5 state: SeatState,
        /// Counts its changes.
        6 version: u64,
        /// The order that holds or bought it.
        7 owner: Option<OrderId>,
    }
    /// An order.
    OrderNow {
        /// The customer.
        0 customer: Text,
        /// The offering, once stock was set aside or refused.
        1 offering: Option<OfferingId>,
        /// Its name.
        2 name: Option<Text>,
        /// How many.
        3 quantity: u32,
        /// What it costs, once stock was set aside.
        4 total: Option<Money>,
        /// The catalogue's price of one when stock was set aside; of several seats, of the first.
        5 unit_price: Option<Money>,
        /// The offering as the client named it: its number, or the seller's reference.
        6 wanted: Text,
        /// The seats as people know them, once they were set aside.
        7 seats: Option<Vec<Text>>,
        /// When it was placed, in milliseconds since the Unix epoch.
        8 placed_at: u64,
        /// How it stands with it.
        9 state: OrderState,
        /// The points that it has: those granted for it, unless they were taken back.
        10 points: i64,
        /// Counts its changes.
        11 version: u64,
        /// What maejin only keeps and gives back, as one JSON object.
        12 fields: Option<Text>,
        /// When it was confirmed or rejected.
        13 decided_at: Option<u64>,
        /// When it was taken back.
        14 cancelled_at: Option<u64>,
        /// Why it was rejected or cancelled, or is about to be.
        15 reason: Option<Code>,
        /// Why it waits for an operator.
        16 parked: Option<Text>,
        /// Whether this is the whole order, with what stands below; it is not in an event from before orders knew of their steps.
        #[cbor(default)] #[serde(default)] 17 whole: bool,
        /// The customer's points after what it earned, or after that was taken back.
        18 balance: Option<i64>,
        /// Its payment, where one was asked for.
        19 payment: Option<OrderPayment>,
        /// Its delivery, where one has begun.
        20 delivery: Option<OrderDelivery>,
        /// Why it is taken back, in the words of whoever did that.
        21 cancel_reason: Option<Text>,
    }
    /// The payment of an order, as its order knows it.
    OrderPayment {
        /// How it stands with it.
        0 state: PaymentState,
        /// How much is asked for.
        1 amount: Money,
        /// Counts the changes of the payment.
        2 version: u64,
        /// The provider's own id of the charge.
        3 reference: Option<Text>,
        /// When it was heard that it was taken, in milliseconds since the Unix epoch.
        4 paid_at: Option<u64>,
        /// When it was heard that it was given back.
        5 refunded_at: Option<u64>,
    }
    /// The delivery of an order, as its order knows it.
    OrderDelivery {
        /// How it stands with it.
        0 state: DeliveryState,
        /// When it began, in milliseconds since the Unix epoch.
        1 started_at: u64,
        /// Counts the changes of the delivery.
        2 version: u64,
        /// When it was completed or cancelled.
        3 ended_at: Option<u64>,
    }
    /// The payment of an order.
    PaymentNow {
        /// Its number within the storefront.
        0 number: u64,
        /// How much is asked for.
        1 amount: Money,
        /// How it stands with it: `requested`, `paid`, `declined`, `refunding`, `refunded`, `voided` or `given_up`.
        2 state: Text,
        /// When it was asked for, in milliseconds since the Unix epoch.
        3 requested_at: u64,
        /// Counts its changes.
        4 version: u64,
        /// The provider's own id of the charge.
        5 reference: Option<Text>,
        /// When it was heard that it was taken.
        6 paid_at: Option<u64>,
        /// Why it was declined.
        7 reason: Option<Text>,
        /// When it was heard that it was given back.
        8 refunded_at: Option<u64>,
        /// How much was given back.
        9 given_back: Option<Money>,
        /// Why it waits for an operator.
        10 parked: Option<Text>,
    }
    /// The delivery of an order.
    DeliveryNow {
        /// Its number within the storefront.
        0 number: u64,
        /// The seller's reference to what is delivered, or its number.
        1 product: Text,
        /// The customer.
        2 customer: Text,
        /// How many.
        3 quantity: u32,
        /// How it stands with it.
        4 state: DeliveryState,
        /// When it began, in milliseconds since the Unix epoch.
        5 started_at: u64,
        /// Counts its changes.
        6 version: u64,
        /// When it was completed or cancelled.
        7 ended_at: Option<u64>,
    }
    /// What a person was told.
    NoticeNow {
        /// Its number within the storefront.
        0 number: u64,
        /// What it tells of the order: `confirmed`, `rejected` or `cancelled`.
        1 kind: Text,
        /// What people read.
        2 text: Text,
        /// The furthest way it goes: `inbox` or `mail`.
        3 channel: Text,
        /// How it stands on that way: `sent`, `pending` or `failed`.
        4 state: Text,
        /// When it was put into the inbox, in milliseconds since the Unix epoch.
        5 at: u64,
        /// When it was heard to have arrived.
        6 sent_at: Option<u64>,
    }
}

impl SeatNow {
    /// What people call it.
    pub fn name(&self) -> String {
        seat_name(self.row.as_deref(), self.column, crate::Numbered::number(self.seat))
    }
}

impl OrderPlaced {
    /// The storefront it was placed in.
    pub fn storefront(&self) -> StorefrontNo {
        crate::Numbered::storefront(self.order)
    }

    /// The order as it is when this is said, at `placed_at` milliseconds since the Unix epoch: all of it follows from what was wanted.
    pub fn now(&self, placed_at: u64) -> OrderNow {
        OrderNow {
            customer: self.customer.clone(),
            offering: None,
            name: None,
            quantity: self.quantity,
            total: None,
            unit_price: None,
            wanted: self.target.wanted(),
            seats: None,
            placed_at,
            state: OrderState::Placed,
            points: 0,
            version: 1,
            fields: self.fields.clone(),
            decided_at: None,
            cancelled_at: None,
            reason: None,
            parked: None,
            whole: true,
            balance: None,
            payment: None,
            delivery: None,
            cancel_reason: None,
        }
    }
}

impl PaymentNow {
    /// What its order knows of it; `None` where it is in a state that there is not.
    pub fn of_order(&self) -> Option<OrderPayment> {
        Some(OrderPayment {
            state: self.state.parse().ok()?,
            amount: self.amount,
            version: self.version,
            reference: self.reference.clone(),
            paid_at: self.paid_at,
            refunded_at: self.refunded_at,
        })
    }
}

impl OrderPayment {
    /// A payment of `amount` from the moment at which it is asked for: what payment says of it before the provider has answered.
    pub fn requested(amount: Money) -> Self {
        Self { state: PaymentState::Requested, amount, version: 1, reference: None, paid_at: None, refunded_at: None }
    }
}

impl DeliveryNow {
    /// What its order knows of it.
    pub fn of_order(&self) -> OrderDelivery {
        let Self { state, started_at, version, ended_at, .. } = *self;
        OrderDelivery { state, started_at, version, ended_at }
    }
}

/// The longest form of what has no text in it, in bytes: fewer than eight integers.
const INTEGERS: usize = 72;

impl Column for OrderPayment {
    fn sql(&self) -> Sql<'_> {
        as_json(self)
    }
    /// In the journal it is a list of numbers, and a text.
    fn weight(&self) -> usize {
        INTEGERS + self.reference.as_ref().map_or(0, |reference| reference.len())
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        of_json(cell, "the payment of an order")
    }
}

impl Column for OrderDelivery {
    fn sql(&self) -> Sql<'_> {
        as_json(self)
    }
    /// In the journal it is a list of numbers.
    fn weight(&self) -> usize {
        INTEGERS
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        of_json(cell, "the delivery of an order")
    }
}

/// In a table it is a JSON object.
fn as_json<T: Serialize>(value: &T) -> Sql<'static> {
    Sql::Text(serde_json::to_string(value).expect("numbers and texts can be written as JSON").into())
}

fn of_json<T: DeserializeOwned>(cell: Cell<'_>, what: &'static str) -> Result<T, Mismatch> {
    let Cell::Text(text) = cell else { return Err(Mismatch::new(what, cell)) };
    serde_json::from_str(text).map_err(|_| Mismatch::new(what, cell))
}

/// What people call a seat: `A-1`, or `#7` where it has no row and number.
pub fn seat_name(row: Option<&str>, column: Option<i64>, number: u64) -> String {
    match (row, column) {
        (Some(row), Some(column)) if column >= 0 => format!("{row}-{column}"),
        _ => format!("#{number}"),
    }
}
