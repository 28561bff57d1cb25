//! What a service answers to a command: the id of what was done, or a refusal.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use typed::{Cell, Column, Mismatch, Sql, Text};

use crate::{OfferingId, OrderId, SeatId};

/// The answer to a command.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Answer {
    /// The order that was placed or changed.
    #[n(0)]
    Order(#[n(0)] OrderId),
    /// The offering that was registered or changed.
    #[n(1)]
    Offering(#[n(0)] OfferingId),
    /// The seat that was registered or changed.
    #[n(2)]
    Seat(#[n(0)] SeatId),
    /// The points account of this customer.
    #[n(3)]
    Points(#[n(0)] Text),
    /// Done; there is nothing more to name.
    #[n(4)]
    Done,
    /// The business says no. Nothing was changed.
    #[n(5)]
    Refused(#[n(0)] Rejection),
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $n:literal $name:ident = $text:literal),+ $(,)?) => {
        /// A stable name for why something was refused. Part of the public interface: never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
        #[cbor(index_only)]
        pub enum Code {
            $($(#[doc = $doc])+ #[n($n)] #[serde(rename = $text)] $name,)+
        }

        impl Column for Code {
            fn sql(&self) -> Sql<'_> {
                Sql::Text(std::borrow::Cow::Borrowed(self.as_str()))
            }
            fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
                match cell {
                    Cell::Text(text) => Self::parse(text).ok_or_else(|| Mismatch::new("a code", cell)),
                    _ => Err(Mismatch::new("a code", cell)),
                }
            }
        }

        impl Code {
            /// All codes, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// What it means, for people.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii_start(),)+ }
            }

            /// The code as it stands in answers and tables.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The code of a text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

codes! {
    /// Less is left than was asked for.
    0 SoldOut = "sold-out",
    /// A seat that was asked for is held or sold.
    1 SeatTaken = "seat-taken",
    /// The price sent is not the catalogue's.
    2 PriceChanged = "price-changed",
    /// More than one customer can have of an offering.
    3 LimitReached = "limit-reached",
    /// Not on sale yet, not any more, or withdrawn.
    4 NotOnSale = "not-on-sale",
    /// The payment provider said no.
    5 PaymentDeclined = "payment-declined",
    /// The deadline passed before the order was paid.
    6 Expired = "expired",
    /// It refers to something that does not exist.
    7 UnknownReference = "unknown-reference",
    /// There is none with this id.
    8 NotFound = "not-found",
    /// There is one with this id already.
    9 AlreadyExists = "already-exists",
    /// A value is out of its range.
    10 InvalidValue = "invalid-value",
    /// It would leave less than is held and sold.
    11 StockBelowSold = "stock-below-sold",
    /// A seat is held or sold, so it, or its offering, cannot be changed so or withdrawn.
    12 InUse = "in-use",
    /// What state it is in does not allow this.
    13 WrongState = "wrong-state",
    /// The delivery has arrived, so the order cannot be cancelled.
    14 AlreadyDelivered = "already-delivered",
    /// This idempotency key came before with another body.
    15 KeyReused = "key-reused",
    /// The customer took it back.
    16 Cancelled = "cancelled",
    /// It was changed since the client read it.
    17 VersionChanged = "version-changed",
    /// It was sent with another value than it has, and cannot be changed.
    18 ReadOnly = "read-only",
}

/// The business says no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Encode, Decode)]
pub struct Rejection {
    /// Why, for programs.
    #[n(0)]
    pub code: Code,
    /// The field of the command that is at fault, where there is one.
    #[n(1)]
    pub field: Option<String>,
    /// Why, for people.
    #[n(2)]
    pub message: String,
    /// The order that was refused, where it is kept to be read.
    #[n(3)]
    pub order: Option<OrderId>,
    /// What else is wrong with the command, field by field, where it is looked at as a whole.
    #[n(4)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub others: Option<Vec<(String, String)>>,
}

impl Rejection {
    /// A refusal with `code`, explained by `message`.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, field: None, message: message.into(), order: None, others: None }
    }

    /// A refusal because of `field`.
    pub fn of_field(code: Code, field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(code, message) }
    }

    /// Nothing if what has the version `now` is as a client expects it, else a refusal.
    pub fn unless_version(now: u64, expected: Option<u64>) -> Result<(), Self> {
        match expected {
            Some(expected) if expected != now => {
                let message = format!("it has the version {now} now, not {expected}");
                Err(Self::new(Code::VersionChanged, message))
            }
            _ => Ok(()),
        }
    }
}

impl From<Rejection> for Answer {
    fn from(rejection: Rejection) -> Self {
        Self::Refused(rejection)
    }
}

impl typed::Answer for Answer {
    fn done() -> Self {
        Self::Done
    }
    fn key_reused() -> Self {
        let message = "this Idempotency-Key was used before with another request";
        Self::Refused(Rejection::new(Code::KeyReused, message))
    }
    fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}
