//! Stock set aside for one order until a deadline. It ends exactly once: sold, released or expired; what was sold can be taken back.

use contracts::{Money, OfferingId, OrderId, Seats, Text};

typed::names! {
    /// How it stands with a hold.
    pub enum HoldState {
        0 Held = "held",
        1 Sold = "sold",
        2 Released = "released",
        3 Expired = "expired",
    }
}

typed::row! {
    /// A hold.
    pub struct Hold in 23 "holds" {
        /// The order it is for.
        0 owner: OrderId,
        /// What is held.
        1 offering: OfferingId,
        /// How many.
        2 quantity: u32,
        /// The seats, where they are named.
        3 seats: Seats,
        /// The catalogue's price of one when it was held.
        4 unit_price: Money,
        /// The price of all of it.
        5 total: Money,
        /// How it stands with it.
        6 state: HoldState,
        /// The deadline, in milliseconds since the Unix epoch.
        7 until: u64,
        /// Since when, in milliseconds since the Unix epoch.
        8 held_at: u64,
        /// When it was sold, released or expired.
        9 ended_at: Option<u64>,
        /// The customer in whose share it counts, where one can have only so many of the offering.
        10 counted: Option<Text>,
    }
}

impl Hold {
    /// Whether nothing is set aside by it any more, nor sold.
    pub fn has_ended(&self) -> bool {
        matches!(self.state, HoldState::Released | HoldState::Expired)
    }

    /// In another state since `now`.
    pub fn moved(self, state: HoldState, now: u64) -> Self {
        let ended_at = (state != HoldState::Held).then_some(now);
        Self { state, ended_at, ..self }
    }
}
