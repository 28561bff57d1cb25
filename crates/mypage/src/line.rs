//! One order on my page.

use contracts::states::OrderState;
use contracts::{Code, Money, OfferingId, OrderId, StorefrontNo};
use typed::Text;

typed::row! {
    /// A line.
    pub struct Line in 80 "my_page" listed by customer {
        /// The order.
        0 owner: OrderId,
        /// The storefront.
        1 storefront: StorefrontNo,
        /// Its number within the storefront; none as long as no facade shows it.
        2 number: Option<u64>,
        /// Its number among those that were confirmed; none unless it is.
        3 list_number: Option<u64>,
        /// The customer.
        4 customer: Text,
        /// The offering, as the client named it.
        5 wanted: Text,
        /// The offering.
        6 offering: Option<OfferingId>,
        /// Its name.
        7 name: Option<Text>,
        /// How many.
        8 quantity: u32,
        /// The price of one.
        9 unit_price: Option<Money>,
        /// What it costs.
        10 total: Option<Money>,
        /// How it stands with it.
        11 state: OrderState,
        /// Why it was rejected.
        12 reason: Option<Code>,
        /// The customer's points after what it earned, or after that was taken back.
        13 points: Option<i64>,
        /// What was paid.
        14 paid: Option<Money>,
        /// When, in milliseconds since the Unix epoch.
        15 paid_at: Option<u64>,
        /// When it was paid back.
        16 refunded_at: Option<u64>,
        /// How it stands with its delivery.
        17 delivery: Option<Text>,
        /// What maejin only keeps and gives back, as one JSON object.
        18 fields: Option<Text>,
        /// When it was placed.
        19 placed_at: u64,
        /// When it was taken back.
        20 cancelled_at: Option<u64>,
        /// Counts its changes.
        21 version: u64,
        /// The version of the order that it shows; none as long as no event told the whole of the order.
        22 told: Option<u64>,
    }
}

impl Line {
    /// Whether the order is taken back, rejected, or on the way there.
    pub(crate) fn is_being_undone(&self) -> bool {
        self.state == OrderState::Cancelling || self.is_closed()
    }

    /// Whether the order has come to an end that is not taken back.
    pub(crate) fn is_closed(&self) -> bool {
        self.state.is_undone()
    }
}
