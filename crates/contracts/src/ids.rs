//! Ids of orders, offerings and seats: the storefront's number above, the number within the storefront below.
//! A storefront counts each of them 1, 2, 3; the whole fits a positive 64-bit integer and sorts by storefront, then by age.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};
use typed::{Cell, Column, Key, KeyValue, Mismatch, Sql};

/// How many bits of an id count within one storefront.
pub const NUMBER_BITS: u32 = 40;
/// The highest number that an order, an offering or a seat may have within its storefront: 2^40 - 1.
pub const NUMBER_MAX: u64 = (1 << NUMBER_BITS) - 1;
/// The highest number that a storefront may have. Ids with two more bits below still fit a positive `i64`.
pub const STOREFRONT_MAX: u32 = 9_999;

/// The number of a storefront, fixed in its recipe: 1 to [`STOREFRONT_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct StorefrontNo(#[n(0)] pub u32);

impl Column for StorefrontNo {
    fn sql(&self) -> Sql<'_> {
        self.0.sql()
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        u32::from_cell(cell).map(Self)
    }
}

/// An id that is made of a storefront and a number within it.
pub trait Numbered: Copy {
    /// The id of number `number` in `storefront`.
    fn of(storefront: StorefrontNo, number: u64) -> Self;
    /// The id as one integer.
    fn raw(self) -> u64;
    /// The id from its integer.
    fn from_raw(raw: u64) -> Self;
    /// The storefront it belongs to.
    fn storefront(self) -> StorefrontNo {
        StorefrontNo(u32::try_from(self.raw() >> NUMBER_BITS).unwrap_or(u32::MAX))
    }
    /// Its number within the storefront.
    fn number(self) -> u64 {
        self.raw() & NUMBER_MAX
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
        #[cbor(transparent)]
        #[serde(transparent)]
        pub struct $name(#[n(0)] pub u64);

        impl Numbered for $name {
            fn of(storefront: StorefrontNo, number: u64) -> Self {
                Self((u64::from(storefront.0) << NUMBER_BITS) | (number & NUMBER_MAX))
            }
            fn raw(self) -> u64 {
                self.0
            }
            fn from_raw(raw: u64) -> Self {
                Self(raw)
            }
        }

        impl Column for $name {
            fn sql(&self) -> Sql<'_> {
                self.0.sql()
            }
            fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
                u64::from_cell(cell).map(Self)
            }
        }

        impl Key for $name {
            fn to_value(&self) -> KeyValue {
                KeyValue::Int(self.0)
            }
            fn from_value(value: &KeyValue) -> Option<Self> {
                u64::from_value(value).map(Self)
            }
        }
    };
}

id!(
    /// An order. Also the id of its hold, its payment, its delivery and its line on my page: one order has at most one of each.
    OrderId
);
id!(
    /// A thing on sale.
    OfferingId
);
id!(
    /// A numbered place.
    SeatId
);

/// A message to a person about an order: the order's id times four, and in the two bits below it what the message tells of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct NoticeId(#[n(0)] pub u64);

impl NoticeId {
    /// The notice that tells `what` of `order`: 0 to 3.
    pub fn of(order: OrderId, what: u8) -> Self {
        Self((order.0 << 2) | u64::from(what & 3))
    }

    /// The order that it tells of.
    pub fn order(self) -> OrderId {
        OrderId(self.0 >> 2)
    }
}

/// Some seats of one offering, in the order in which they were named. In a table: their ids, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Encode, Decode)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Seats(#[n(0)] pub Vec<SeatId>);

impl Column for Seats {
    fn sql(&self) -> Sql<'_> {
        let ids: Vec<String> = self.0.iter().map(|seat| seat.0.to_string()).collect();
        Sql::Text(ids.join(",").into())
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        let Cell::Text(text) = cell else { return Err(Mismatch::new("ids of seats", cell)) };
        let ids = text.split(',').filter(|id| !id.is_empty()).map(|id| id.parse().map(SeatId));
        ids.collect::<Result<_, _>>().map(Self).map_err(|_| Mismatch::new("ids of seats", cell))
    }
    fn weight(&self) -> usize {
        0_u64.weight() + self.0.iter().map(Column::weight).sum::<usize>()
    }
}
