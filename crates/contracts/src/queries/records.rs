//! Lists of things of one kind in a storefront, sorted and searched by what they have: what a facade shows.

use minicbor::{Decode, Encode};
use typed::Text;

use super::{AccountView, LineView, NoticeView, OfferingView, OrderView, SeatView};
use crate::{DeliveryNow, OrderId, PaymentNow, ServiceName};

/// What a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum RecordKind {
    /// Offerings that are on sale.
    #[n(0)]
    Offering,
    /// Seats.
    #[n(1)]
    Seat,
    /// Orders that facades show.
    #[n(2)]
    Order,
    /// Payments.
    #[n(3)]
    Payment,
    /// Deliveries.
    #[n(4)]
    Delivery,
    /// Points accounts of customers that are numbers, of all storefronts.
    #[n(5)]
    Account,
    /// Messages to customers.
    #[n(6)]
    Notice,
    /// Orders on my page that facades show.
    #[n(7)]
    Line,
    /// Those of them that stand, by a number of their own.
    #[n(8)]
    ConfirmedLine,
}

/// What such a thing has.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Field {
    /// Its number in the storefront.
    #[n(0)]
    Number,
    /// Its name.
    #[n(1)]
    Name,
    /// The seller's reference to it.
    #[n(2)]
    Reference,
    /// The price of one.
    #[n(3)]
    Price,
    /// How many are left.
    #[n(4)]
    Left,
    /// The offering that it is about.
    #[n(5)]
    Offering,
    /// The name of that.
    #[n(6)]
    OfferingName,
    /// How many.
    #[n(7)]
    Quantity,
    /// The customer.
    #[n(8)]
    Customer,
    /// What the customer is called.
    #[n(9)]
    CustomerName,
    /// The seat.
    #[n(10)]
    Seat,
    /// The row of a seat.
    #[n(11)]
    SeatRow,
    /// The column of a seat.
    #[n(12)]
    SeatColumn,
    /// The grade of a seat.
    #[n(13)]
    Grade,
    /// Whether a seat is sold or kept back.
    #[n(14)]
    Sold,
    /// The price of one that was paid.
    #[n(15)]
    UnitPrice,
    /// The whole amount.
    #[n(16)]
    Amount,
    /// How it stands with it.
    #[n(17)]
    State,
    /// When it came about.
    #[n(18)]
    PlacedAt,
    /// When it was taken back.
    #[n(19)]
    CancelledAt,
    /// When it was paid.
    #[n(20)]
    PaidAt,
    /// When it was paid back.
    #[n(21)]
    RefundedAt,
    /// The order that it is about.
    #[n(22)]
    Order,
    /// Points.
    #[n(23)]
    Points,
    /// The means of payment.
    #[n(24)]
    Card,
    /// What is only kept and given back, under this name.
    #[n(25)]
    Kept(#[n(0)] Text),
}

/// The name under which a customer's name is kept beside an order, whatever a facade calls it.
pub const CUSTOMER_NAME: &str = "userName";

/// Which of them are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Pick {
    /// The one with this number.
    #[n(0)]
    Number(#[n(0)] u64),
    /// A page.
    #[n(1)]
    Page {
        /// How many to leave out.
        #[n(0)]
        offset: u64,
        /// How many at the most.
        #[n(1)]
        limit: u32,
        /// What to sort by, the weightiest first; equal ones, and all where this is empty, by number.
        #[n(2)]
        sort: Vec<SortField>,
        /// How many there are in all, where that is known: else they are counted.
        #[n(3)]
        total: Option<u64>,
    },
    /// Those of which a field has this value, by number: found by an index where there is one, else among the newest.
    #[n(2)]
    Where(#[n(0)] Field, #[n(1)] FieldValue),
}

/// What to sort by.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SortField {
    /// The field.
    #[n(0)]
    pub field: Field,
    /// Whether it is a number where it is kept as a text.
    #[n(1)]
    pub as_number: bool,
    /// The highest first.
    #[n(2)]
    pub descending: bool,
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FieldValue {
    /// A whole number, an amount or a moment; truth as 0 or 1.
    #[n(0)]
    Int(#[n(0)] i64),
    /// A text.
    #[n(1)]
    Text(#[n(0)] Text),
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RecordPage {
    /// How many there are in all; of what is no page, how many were found.
    #[n(0)]
    pub total: u64,
    /// Those that were asked for.
    #[n(1)]
    pub records: Vec<RecordView>,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PaymentView {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// The customer.
    #[n(1)]
    pub customer: Text,
    /// The offering as the client named it.
    #[n(2)]
    pub product: Text,
    /// The means of payment.
    #[n(3)]
    pub card: Option<Text>,
    /// How it is.
    #[n(4)]
    pub now: PaymentNow,
}

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeliveryView {
    /// The order.
    #[n(0)]
    pub order: OrderId,
    /// How it is.
    #[n(1)]
    pub now: DeliveryNow,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RecordView {
    /// An offering.
    #[n(0)]
    Offering(#[n(0)] Box<OfferingView>),
    /// A seat.
    #[n(1)]
    Seat(#[n(0)] Box<SeatView>),
    /// An order.
    #[n(2)]
    Order(#[n(0)] Box<OrderView>),
    /// A payment.
    #[n(3)]
    Payment(#[n(0)] Box<PaymentView>),
    /// A delivery.
    #[n(4)]
    Delivery(#[n(0)] Box<DeliveryView>),
    /// A points account.
    #[n(5)]
    Account(#[n(0)] Box<AccountView>),
    /// A message to a customer.
    #[n(6)]
    Notice(#[n(0)] Box<NoticeView>),
    /// An order on my page.
    #[n(7)]
    Line(#[n(0)] Box<LineView>),
    /// The same, by its number among those that stand.
    #[n(8)]
    ConfirmedLine(#[n(0)] Box<LineView>),
}

impl RecordKind {
    /// The service that has them.
    pub fn service(self) -> ServiceName {
        match self {
            Self::Offering | Self::Seat => ServiceName::Stock,
            Self::Order => ServiceName::Order,
            Self::Payment => ServiceName::Payment,
            Self::Delivery => ServiceName::Delivery,
            Self::Account => ServiceName::Points,
            Self::Notice => ServiceName::Notification,
            Self::Line | Self::ConfirmedLine => ServiceName::MyPage,
        }
    }
}
