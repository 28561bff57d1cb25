//! An order, and what is known of it.

pub use contracts::states::OrderState;
use contracts::{
    Code, DeliveryNow, Money, OfferingId, OrderDelivery, OrderId, OrderNow, OrderPayment, PaymentNow, Seats,
    StorefrontNo,
};
use engine::Stop;
use typed::{Cell, Column, Mismatch, Sql, Text};

typed::row! {
    /// An order.
    pub struct Order in 30 "orders" {
        /// Its id.
        0 id: OrderId,
        /// The storefront.
        1 storefront: StorefrontNo,
        /// The offering, as the client named it: its number, or the seller's reference.
        2 wanted: Text,
        /// The offering, once stock was set aside.
        3 offering: Option<OfferingId>,
        /// Its name.
        4 name: Option<Text>,
        /// The customer.
        5 customer: Text,
        /// How many.
        6 quantity: u32,
        /// The seats, where they are named.
        7 seats: Seats,
        /// The row of the first seat.
        8 seat_row: Option<Text>,
        /// The column of the first seat.
        9 seat_col: Option<i64>,
        /// The price of one that the client sent.
        10 expected_price: Option<Money>,
        /// The catalogue's price of one when stock was set aside.
        11 unit_price: Option<Money>,
        /// What it costs.
        12 total: Option<Money>,
        /// The points that it has: those granted for it, unless they were taken back.
        13 points: i64,
        /// The means of payment.
        14 card: Option<Text>,
        /// What maejin only keeps and gives back, as one JSON object.
        15 fields: Option<Text>,
        /// How it stands with it.
        16 state: OrderState,
        /// Why it was rejected, or is about to be.
        17 reason: Option<Code>,
        /// The same, for people; of one that is taken back, in the words of whoever did that.
        18 explanation: Option<Text>,
        /// How far its saga is.
        19 course: i64,
        /// How often the step under way was asked for.
        20 attempts: u32,
        /// Why it waits for an operator.
        21 parked: Option<Text>,
        /// The goods have arrived: it cannot be cancelled any more.
        22 delivered: bool,
        /// Whether a facade shows it.
        23 shown: bool,
        /// The request that placed it.
        24 correlation: u64,
        /// When it was placed, in milliseconds since the Unix epoch.
        25 placed_at: u64,
        /// When it was confirmed or rejected.
        26 decided_at: Option<u64>,
        /// When it was taken back.
        27 cancelled_at: Option<u64>,
        /// Counts its changes.
        28 version: u64,
        /// The field of the order that `reason` is about.
        29 field: Option<Text>,
        /// The seats as people know them, once they were set aside or refused.
        30 seat_names: Option<SeatNames>,
        /// Whether it is the whole order, with what stands below; none in a row from before that was not filled in.
        31 whole: Option<bool>,
        /// The customer's points after what it earned, or after that was taken back.
        32 balance: Option<i64>,
        /// Its payment, where one was asked for.
        33 payment: Option<OrderPayment>,
        /// Its delivery, where one has begun.
        34 delivery: Option<OrderDelivery>,
    }
}

/// The longest form of a length in the journal, in bytes.
const LENGTH: usize = 9;

/// What people call some seats. In a table: a list in JSON.
#[derive(Debug, Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct SeatNames(#[n(0)] pub Vec<Text>);

impl Column for SeatNames {
    fn sql(&self) -> Sql<'_> {
        Sql::Text(serde_json::to_string(&self.0).expect("texts can be written as JSON").into())
    }
    /// In the journal it is a list of texts.
    fn weight(&self) -> usize {
        LENGTH + self.0.iter().map(|name| LENGTH + name.len()).sum::<usize>()
    }
    fn from_cell(cell: Cell<'_>) -> Result<Self, Mismatch> {
        let Cell::Text(text) = cell else { return Err(Mismatch::new("names of seats", cell)) };
        serde_json::from_str(text).map(Self).map_err(|_| Mismatch::new("names of seats", cell))
    }
}

impl Order {
    /// What it costs, or nothing as long as that is not known.
    pub fn cost(&self) -> Money {
        self.total.unwrap_or_default()
    }

    /// What events say of it.
    pub(crate) fn now(&self) -> Box<OrderNow> {
        Box::new(self.told())
    }

    /// The same, where it does not stand in an event.
    pub(crate) fn told(&self) -> OrderNow {
        OrderNow {
            customer: self.customer.clone(),
            offering: self.offering,
            name: self.name.clone(),
            quantity: self.quantity,
            total: self.total,
            unit_price: self.unit_price,
            wanted: self.wanted_as_named().into(),
            seats: self.seat_names.as_ref().map(|names| names.0.clone()),
            placed_at: self.placed_at,
            state: self.state,
            // One that was cancelled before points were taken away here has them still.
            points: if self.state == OrderState::Cancelled { 0 } else { self.points },
            version: self.version,
            fields: self.fields.clone(),
            decided_at: self.decided_at,
            cancelled_at: self.cancelled_at,
            reason: self.reason,
            parked: self.parked.clone(),
            whole: true,
            balance: self.balance,
            payment: self.payment.clone(),
            delivery: self.delivery.clone(),
            cancel_reason: self.cancel_reason().cloned(),
        }
    }

    /// Why it is taken back, where that was said.
    fn cancel_reason(&self) -> Option<&Text> {
        let is_cancelled = matches!(self.state, OrderState::Cancelling | OrderState::Cancelled);
        self.explanation.as_ref().filter(|_| is_cancelled)
    }

    /// Whether events say the same of both, but for the version.
    pub(crate) fn is_told_as(&self, other: &Self) -> bool {
        let told = |of: &Self| {
            let moments = (of.decided_at, of.cancelled_at);
            (of.state, of.points, of.balance, of.reason, moments, of.offering, of.quantity, of.total, of.unit_price)
        };
        told(self) == told(other)
            && self.knows_its_steps_as(other)
            && self.parked == other.parked
            && self.name == other.name
            && self.seat_names == other.seat_names
    }

    /// Whether both know the same of their payment and their delivery.
    pub(crate) fn knows_its_steps_as(&self, other: &Self) -> bool {
        self.payment == other.payment && self.delivery == other.delivery
    }

    /// Takes in what is heard of its payment, unless it is known already or overtaken.
    pub(crate) fn hear_of_payment(&mut self, heard: Option<&PaymentNow>) -> Result<(), Stop> {
        let Some(heard) = heard else { return Ok(()) };
        if self.payment.as_ref().is_none_or(|known| known.version < heard.version) {
            let unknown = || Stop::fault(format!("there is no state {} of a payment", heard.state));
            self.payment = Some(heard.of_order().ok_or_else(unknown)?);
        }
        Ok(())
    }

    /// The same of its delivery.
    pub(crate) fn hear_of_delivery(&mut self, heard: Option<&DeliveryNow>) {
        let Some(heard) = heard else { return };
        if self.delivery.as_ref().is_none_or(|known| known.version < heard.version) {
            self.delivery = Some(heard.of_order());
        }
    }

    /// The next version of itself.
    pub(crate) fn changed(mut self) -> Self {
        self.version += 1;
        self
    }

    /// Whether it has come to an end.
    pub fn has_ended(&self) -> bool {
        self.state.has_ended()
    }

    /// The step that is under way, or the one that is being undone; nothing if none is.
    pub fn waits_for(&self) -> Option<String> {
        crate::sagas::under_way(self.course)
    }
}
