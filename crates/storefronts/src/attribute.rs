//! What a record has, whatever a storefront calls it: the words in which a facade and the shop behind it understand each other.

use std::sync::Arc;

use contracts::states::{DeliveryState, OrderState};
use serde::Deserialize;

/// What a resource of a facade shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Things on sale.
    Offering,
    /// Numbered places of an offering.
    Seat,
    /// What customers asked for.
    Order,
    /// What was paid and paid back.
    Payment,
    /// What was sent.
    Delivery,
    /// Points accounts.
    Points,
    /// Messages to customers.
    Notification,
    /// Every order as its customer sees it.
    MyPage,
    /// The orders that stand: confirmed and not cancelled.
    ConfirmedList,
}

macro_rules! attributes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)+) => {
        /// One property of a record.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum Attribute {
            $($(#[$doc])* $variant,)+
            /// A field that is only kept and given back, by its name in the facade.
            Extra(Arc<str>),
        }

        impl Attribute {
            /// What storefront files call them.
            #[cfg(test)]
            pub(crate) const WORDS: &[&str] = &[$($text,)+ "extra"];

            /// The attribute that a storefront file calls `word`; `field` names an extra one.
            pub fn parse(word: &str, field: &str) -> Option<Self> {
                match word {
                    $($text => Some(Self::$variant),)+
                    "extra" => Some(Self::Extra(field.into())),
                    _ => None,
                }
            }

            /// What a storefront file calls it.
            pub fn word(&self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Extra(_) => "extra",
                }
            }
        }
    };
}

attributes! {
    /// Its number, the last part of its link. Only to sort by: never a field.
    Number = "number",
    /// What an offering is called.
    Name = "name",
    /// The number by which clients refer to an offering, where that is not its own.
    Reference = "reference",
    /// What one costs, in won.
    Price = "price",
    /// How many are left to sell.
    Left = "left",
    /// The offering that it is about: by reference where offerings have one, else by number.
    Offering = "offering",
    /// The name of the offering that it is about.
    OfferingName = "offering-name",
    /// How many.
    Quantity = "quantity",
    /// Whose it is.
    Customer = "customer",
    /// What the customer is called.
    CustomerName = "customer-name",
    /// The number of a seat.
    Seat = "seat",
    /// The row of a seat.
    SeatRow = "seat-row",
    /// The place of a seat in its row.
    SeatColumn = "seat-column",
    /// The grade of a seat.
    Grade = "grade",
    /// Whether a seat is taken.
    Sold = "sold",
    /// What one costs, in won; sent with an order, the price that the client expects.
    UnitPrice = "unit-price",
    /// The whole amount, in won.
    Amount = "amount",
    /// How far it is: a [`State`].
    State = "state",
    /// When it was asked for.
    PlacedAt = "placed-at",
    /// When it was cancelled.
    CancelledAt = "cancelled-at",
    /// When it was paid.
    PaidAt = "paid-at",
    /// When it was paid back.
    RefundedAt = "refunded-at",
    /// The number of the order that it is about.
    Order = "order",
    /// The balance of a points account; on my page, after this order.
    Points = "points",
    /// What to charge, in the words of the payment provider.
    Card = "card",
    /// Nothing: always null.
    Nothing = "nothing",
}

impl Attribute {
    /// Whether records of `kind` can have it as a field.
    pub fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Nothing => true,
            // Seats, accounts, and what the shop itself concludes keep nothing besides.
            Self::Extra(_) => matches!(kind, Kind::Offering | Kind::Order | Kind::MyPage | Kind::ConfirmedList),
            Self::Number => false,
            Self::Name | Self::Reference | Self::Left => kind == Kind::Offering,
            Self::Price => matches!(kind, Kind::Offering | Kind::Seat),
            Self::Sold => kind == Kind::Seat,
            Self::Offering | Self::OfferingName | Self::Grade | Self::SeatRow | Self::SeatColumn => {
                !matches!(kind, Kind::Offering | Kind::Points)
            }
            Self::Points => matches!(kind, Kind::Points | Kind::MyPage | Kind::Order),
            _ => !matches!(kind, Kind::Offering | Kind::Seat | Kind::Points),
        }
    }

    /// Whether the client's word counts for it in records of `kind`; the shop decides the others.
    pub fn is_clients(&self, kind: Kind) -> bool {
        match kind {
            Kind::Offering | Kind::Seat => !matches!(self, Self::Nothing | Self::OfferingName),
            Kind::Points => matches!(self, Self::Points | Self::Extra(_)),
            Kind::Order => matches!(
                self,
                Self::Offering
                    | Self::Quantity
                    | Self::Customer
                    | Self::CustomerName
                    | Self::Seat
                    | Self::UnitPrice
                    | Self::Card
                    | Self::Extra(_)
            ),
            Kind::Payment | Kind::Delivery | Kind::Notification | Kind::MyPage | Kind::ConfirmedList => false,
        }
    }
}

/// How far an order, a payment or a delivery is. A storefront gives each its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// An order, also as my page has it and as notices tell of it.
    Order(OrderState),
    /// A payment.
    Payment(PaymentState),
    /// A delivery.
    Delivery(DeliveryState),
}

/// How far a payment is, as clients of a facade know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentState {
    /// It was asked for.
    Requested,
    /// It was made.
    Paid,
    /// It was refused.
    Declined,
    /// It was paid back.
    Refunded,
}

const PAYMENTS: [(PaymentState, &str); 4] = [
    (PaymentState::Requested, "requested"),
    (PaymentState::Paid, "paid"),
    (PaymentState::Declined, "declined"),
    (PaymentState::Refunded, "refunded"),
];

impl State {
    /// All states.
    pub fn all() -> impl Iterator<Item = Self> {
        let orders = OrderState::ALL.iter().copied().map(Self::Order);
        let payments = PAYMENTS.into_iter().map(|(state, _)| Self::Payment(state));
        orders.chain(payments).chain(DeliveryState::ALL.iter().copied().map(Self::Delivery))
    }

    /// The states that a storefront file calls `word`: of each kind of thing at most one.
    pub fn called(word: &str) -> impl Iterator<Item = Self> {
        Self::all().filter(move |state| state.word() == word)
    }

    /// What a storefront file calls it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Order(state) => state.as_str(),
            Self::Payment(state) => PAYMENTS.iter().find(|(of, _)| *of == state).map_or("", |(_, name)| name),
            Self::Delivery(state) => state.as_str(),
        }
    }

    /// Whether records of `kind` can be in it.
    pub fn fits(self, kind: Kind) -> bool {
        match kind {
            Kind::Order | Kind::MyPage | Kind::Notification | Kind::ConfirmedList => matches!(self, Self::Order(_)),
            Kind::Payment => matches!(self, Self::Payment(_)),
            Kind::Delivery => matches!(self, Self::Delivery(_)),
            Kind::Offering | Kind::Seat | Kind::Points => false,
        }
    }
}
