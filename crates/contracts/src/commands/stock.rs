//! Commands to stock: what is on sale, and what of it is set aside.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use typed::Text;

use super::{AsRead, Emptied, Expected, NewSeat, SeatWish, Target, Versions};
use crate::{Detail, Details, Money, OfferingId, OrderId, Rejection, SeatId, Seats, StorefrontNo, input};

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
        /// How many of it one customer can have, held and sold together.
        #[serde(skip_serializing_if = "Option::is_none")] 11 limit_per_customer: Option<u32> as "limit_per_customer" by input::limit,
        /// What it says of itself.
        #[serde(skip_serializing_if = "Option::is_none")] 12 details: Option<Box<Details>>,
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
        /// How many there shall be in all, what is held and sold among them: not fewer than those.
        #[serde(skip_serializing_if = "Option::is_none")] 18 capacity: Option<u64>,
        /// How many of it one customer can have, held and sold together.
        #[serde(skip_serializing_if = "Option::is_none")] 19 limit_per_customer: Option<u32> as "limit_per_customer" by input::limit,
        /// A customer can have as many as there are.
        #[serde(skip_serializing_if = "Option::is_none")] 20 no_limit_per_customer: Option<bool>,
        /// What it says of itself from now on; of `extra`, each field takes the place of its own, and null takes that away.
        #[serde(skip_serializing_if = "Option::is_none")] 21 details: Option<Box<Details>>,
        /// What it does not say any more.
        #[serde(skip_serializing_if = "Option::is_none")] 22 unsaid: Option<Vec<Detail>> as "details" by input::any,
    }
    /// To stock: take an offering off sale. What is held and sold of it stays with its orders, which go on or are cancelled as ever. Unless it
    /// is to be kept, one that is sold by seats is refused while a seat of it is held or sold, and one of which nothing is held or sold, and
    /// that has no seats, is deleted.
    @outside WithdrawOffering {
        /// The offering.
        0 offering: OfferingId,
        /// Refuse it if the offering has another version.
        1 expected_version: Option<u64> as "version" by input::any,
        /// Refuse it unless it is meant in the version that there is.
        #[serde(skip_serializing_if = "Option::is_none")] 2 versions: Option<Box<Versions>> as "version" by input::any,
        /// Keep it, whatever is held and sold of it, so that it can be put on sale again. A command without this stands in the journal, and
        /// is known by its key, as it was before there was a choice.
        #[serde(skip_serializing_if = "Option::is_none")] 3 keep: Option<bool>,
    }
    /// To stock: put an offering on sale again that was withdrawn and kept. One that is on sale stays as it is.
    @outside ReopenOffering {
        /// The offering.
        0 offering: OfferingId,
        /// Refuse it unless it is meant in the version that there is.
        #[serde(skip_serializing_if = "Option::is_none")] 1 versions: Option<Box<Versions>> as "version" by input::any,
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
    /// To stock: add seats to an offering that is sold by seats, and change some that it has; all or none. A refusal says all that is wrong.
    @outside ArrangeSeats {
        /// The offering.
        0 offering: OfferingId,
        /// What each shall be.
        1 seats: Vec<SeatWish>,
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
        /// The customer, for an offering of which one can have only so many; none in one from before there were such.
        #[serde(skip_serializing_if = "Option::is_none")] 6 customer: Option<Text>,
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
            limit_per_customer: None,
            details: None,
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
            capacity: None,
            limit_per_customer: None,
            no_limit_per_customer: None,
            details: None,
            unsaid: None,
        }
    }
}

impl WithdrawOffering {
    /// One of `offering` in whatever version.
    pub fn of(offering: OfferingId) -> Self {
        Self { offering, expected_version: None, versions: None, keep: None }
    }
}

impl AddStock {
    /// One of `add` more to `offering` in whatever version.
    pub fn of(offering: OfferingId, add: u64) -> Self {
        Self { offering, add, expected_version: None, versions: None }
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
