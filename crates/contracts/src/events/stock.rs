//! Events of stock: what is on sale, and what of it is set aside or sold.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use typed::Text;

use crate::{Code, Details, Money, OfferingId, OfferingNow, OrderId, SeatId, SeatNow, Seats};

events! {
    /// From stock: an offering is on sale.
    OfferingRegistered {
        /// The offering.
        0 offering: OfferingId,
        /// Its name.
        1 name: Option<Text>,
        /// The price of one.
        2 price: Money,
        /// What is left.
        3 left: u64,
        /// The seller's reference.
        4 reference: Option<Text>,
        /// The offering as it is now.
        5 now: Option<Box<OfferingNow>>,
        /// What it says of itself now; nothing where that is nothing.
        6 #[serde(skip_serializing_if = "Option::is_none")] details: Option<Box<Details>>,
    }
    /// From stock: an offering was changed.
    OfferingChanged {
        /// The offering.
        0 offering: OfferingId,
        /// Its name.
        1 name: Option<Text>,
        /// The price of one.
        2 price: Money,
        /// What is left.
        3 left: u64,
        /// The seller's reference.
        4 reference: Option<Text>,
        /// The offering as it is now.
        5 now: Option<Box<OfferingNow>>,
        /// What it says of itself now; nothing where that is nothing.
        6 #[serde(skip_serializing_if = "Option::is_none")] details: Option<Box<Details>>,
    }
    /// From stock: an offering is off sale.
    OfferingWithdrawn {
        /// The offering.
        0 offering: OfferingId,
        /// The offering as it is now; nothing where nothing is left of it.
        1 now: Option<Box<OfferingNow>>,
    }
    /// From stock: an offering that was withdrawn is on sale again.
    OfferingReopened {
        /// The offering.
        0 offering: OfferingId,
        /// The offering as it is now.
        1 now: Option<Box<OfferingNow>>,
    }
    /// From stock: there is more, or less, to sell than before.
    StockAdded {
        /// The offering.
        0 offering: OfferingId,
        /// By how much; below zero if the seller took some away.
        1 by: i64,
        /// What is left.
        2 left: u64,
        /// Its name.
        3 name: Option<Text>,
        /// The offering as it is now.
        4 now: Option<Box<OfferingNow>>,
    }
    /// From stock: a seat is on sale, was changed, or was taken away.
    SeatChanged {
        /// The seat.
        0 seat: SeatId,
        /// The offering it is a place of.
        1 offering: OfferingId,
        /// Whether it is still there.
        2 present: bool,
        /// The seat as it is now, or was when it was taken away.
        3 now: Option<Box<SeatNow>>,
        /// The offering as it is now, where that changed with the seat.
        4 offering_now: Option<Box<OfferingNow>>,
    }
    /// From stock: stock was set aside for an order.
    StockHeld {
        /// The order.
        0 order: OrderId,
        /// The offering.
        1 offering: OfferingId,
        /// Its name.
        2 name: Option<Text>,
        /// How many.
        3 quantity: u32,
        /// The seats, where they are named.
        4 seats: Seats,
        /// The catalogue's price of one at this moment. Of several seats: of the first.
        5 unit_price: Money,
        /// What all of it costs.
        6 total: Money,
        /// What is left.
        7 left: u64,
        /// The seller's reference.
        8 reference: Option<Text>,
        /// The row and column of the first seat.
        9 place: Option<(Text, i64)>,
        /// The offering as it is now.
        10 now: Option<Box<OfferingNow>>,
        /// The seats as they are now, where they are named.
        11 seats_now: Option<Vec<SeatNow>>,
    }
    /// From stock: stock could not be set aside, or the hold had ended before it was sold.
    StockRefused {
        /// The order.
        0 order: OrderId,
        /// Why.
        1 code: Code,
        /// Why, for people.
        2 message: Text,
        /// The field of the order that is at fault, where there is one.
        3 field: Option<Text>,
        /// The offering, if there is such a one.
        4 offering: Option<OfferingId>,
        /// Its name.
        5 name: Option<Text>,
        /// What is left.
        6 left: u64,
        /// How many were asked for.
        7 quantity: u32,
        /// The catalogue's price of one, if there is such an offering.
        8 unit_price: Option<Money>,
        /// The seats as people know them, where they are named and were not set aside.
        9 seats: Option<Vec<Text>>,
    }
    /// From stock: what was held for an order is sold.
    StockSold {
        /// The order.
        0 order: OrderId,
        /// The offering.
        1 offering: OfferingId,
        /// How many.
        2 quantity: u32,
        /// What is left.
        3 left: u64,
        /// The offering as it is now.
        4 now: Option<Box<OfferingNow>>,
        /// The seats as they are now, where they are named.
        5 seats_now: Option<Vec<SeatNow>>,
    }
    /// From stock: what was sold to an order is only held again.
    StockTakenBack {
        /// The order.
        0 order: OrderId,
        /// The offering.
        1 offering: OfferingId,
        /// The offering as it is now.
        2 now: Option<Box<OfferingNow>>,
        /// The seats as they are now, where they are named.
        3 seats_now: Option<Vec<SeatNow>>,
    }
    /// From stock: what was held for an order is free again.
    StockReleased {
        /// The order.
        0 order: OrderId,
        /// The offering; `None` where nothing had been held.
        1 offering: Option<OfferingId>,
        /// Its name.
        2 name: Option<Text>,
        /// How many.
        3 quantity: u32,
        /// What is left.
        4 left: u64,
        /// It ended because its deadline passed.
        5 expired: bool,
        /// The offering as it is now.
        6 now: Option<Box<OfferingNow>>,
        /// The seats as they are now, where they are named.
        7 seats_now: Option<Vec<SeatNow>>,
    }
}
