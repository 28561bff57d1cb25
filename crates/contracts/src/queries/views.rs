//! What is found: things as they are at one moment. Where an event tells the whole of a thing, the view has that, and beside it what
//! only readers want to know.

use minicbor::{Decode, Encode};
use typed::Text;

use crate::states::OrderState;
use crate::{
    Code, Details, Money, NoticeNow, OfferingId, OfferingNow, OrderId, OrderNow, Rejection, SeatNow, Seats, seat_name,
};

use super::SortedBy;

macro_rules! views {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $n:literal $field:ident: $type:ty,)* })+) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
        pub struct $name { $($(#[$field_doc])* #[n($n)] pub $field: $type,)* })+
    };
}

views! {
    /// An offering.
    OfferingView {
        /// Its id.
        0 offering: OfferingId,
        /// When it was registered, in milliseconds since the Unix epoch.
        1 registered_at: u64,
        /// How it is.
        2 now: OfferingNow,
        /// What it says of itself, where that is asked for and is something.
        3 details: Option<Box<Details>>,
    }
    /// A seat.
    SeatView {
        /// The offering it is a place of.
        0 offering: OfferingId,
        /// How it is.
        1 now: SeatNow,
    }
    /// An order.
    OrderView {
        /// Its id.
        0 order: OrderId,
        /// How it is.
        1 now: OrderNow,
        /// Its seats, where they are named.
        2 seats: Seats,
        /// The field of the order that the reason of its rejection is about.
        3 field: Option<Text>,
        /// The reason, for people.
        4 explanation: Option<Text>,
        /// The request that placed it.
        5 correlation: u64,
        /// Whether a facade shows it.
        6 shown: bool,
        /// The means of payment.
        7 card: Option<Text>,
        /// The row of its first seat.
        8 seat_row: Option<Text>,
        /// The column of its first seat.
        9 seat_column: Option<i64>,
    }
    /// An order with what operators want to know of its course.
    OrderDetail {
        /// The order.
        0 view: Box<OrderView>,
        /// The step that is under way, or the one that is being undone.
        1 waits_for: Option<Text>,
        /// How often that was asked for.
        2 attempts: u32,
    }
    /// What is held for an order.
    HoldView {
        /// How it stands with it.
        0 state: Text,
        /// How many.
        1 quantity: u32,
        /// The deadline, in milliseconds since the Unix epoch.
        2 until: u64,
    }
    /// A points account.
    AccountView {
        /// Whose.
        0 customer: Text,
        /// The customer as a number, where it is one.
        1 number: Option<u64>,
        /// How many points.
        2 balance: i64,
        /// Counts its changes.
        3 version: u64,
    }
    /// An entry of a points ledger.
    EntryView {
        /// The order it is for; none if it was made by hand.
        0 order: Option<OrderId>,
        /// How many; below zero where they are taken back.
        1 points: i64,
        /// The balance after it.
        2 balance: i64,
        /// When, in milliseconds since the Unix epoch.
        3 at: u64,
        /// Why, where somebody corrected it by hand.
        4 reason: Option<Text>,
    }
    /// A message to a person about an order.
    NoticeView {
        /// Its id.
        0 id: u64,
        /// The order.
        1 order: OrderId,
        /// How it is.
        2 now: NoticeNow,
        /// To whom.
        3 customer: Text,
        /// What the customer is called.
        4 customer_name: Option<Text>,
        /// The offering, if there is such a one.
        5 offering: Option<OfferingId>,
        /// Its name.
        6 offering_name: Option<Text>,
        /// How many.
        7 quantity: u32,
    }
    /// An order as my page has it.
    LineView {
        /// The order.
        0 order: OrderId,
        /// Its number within the storefront; none as long as no facade shows it.
        1 number: Option<u64>,
        /// Its number among those that were confirmed; none unless it is.
        2 list_number: Option<u64>,
        /// The customer.
        3 customer: Text,
        /// The offering, as the client named it.
        4 wanted: Text,
        /// The offering.
        5 offering: Option<OfferingId>,
        /// Its name.
        6 name: Option<Text>,
        /// How many.
        7 quantity: u32,
        /// The price of one.
        8 unit_price: Option<Money>,
        /// What it costs.
        9 total: Option<Money>,
        /// How it stands with it.
        10 state: OrderState,
        /// Why it was rejected.
        11 reason: Option<Code>,
        /// The customer's points after what it earned, or after that was taken back.
        12 points: Option<i64>,
        /// What was paid.
        13 paid: Option<Money>,
        /// When, in milliseconds since the Unix epoch.
        14 paid_at: Option<u64>,
        /// When it was paid back.
        15 refunded_at: Option<u64>,
        /// How it stands with its delivery.
        16 delivery: Option<Text>,
        /// What maejin only keeps and gives back, as one JSON object.
        17 fields: Option<Text>,
        /// When it was placed.
        18 placed_at: u64,
        /// When it was taken back.
        19 cancelled_at: Option<u64>,
        /// Counts its changes.
        20 version: u64,
    }
}

/// What became of an order that was placed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Placed {
    /// The order, as far as it is.
    #[n(0)]
    Kept(#[n(0)] Box<OrderView>),
    /// It was refused, and is not kept as an order: it names what does not exist.
    #[n(1)]
    Refused(#[n(0)] Rejection),
}

impl OfferingView {
    /// So many characters of a name count where a list is sorted by it.
    pub const SORTED_CHARS: u32 = 200;

    /// How many can be had.
    pub fn left(&self) -> u64 {
        self.now.capacity.saturating_sub(self.now.held).saturating_sub(self.now.sold)
    }

    /// What it is sorted by, as a cursor has it. Of a name only the beginning counts: so that a cursor has an end, however long names are
    /// that came in before they were bounded.
    pub fn sorted_by(&self, by: SortedBy) -> String {
        let begins = |name: &Text| name.chars().take_while(|c| *c != '\0').take(Self::SORTED_CHARS as usize).collect();
        match by {
            SortedBy::Id => String::new(),
            SortedBy::Name => self.now.name.as_ref().map(begins).unwrap_or_default(),
            SortedBy::Price => self.now.price.amount.to_string(),
        }
    }
}

impl AccountView {
    /// Refuses a change by a client who expects another version or balance than there is.
    ///
    /// # Errors
    /// Which of the two is another one.
    pub fn refuse_unless(&self, version: Option<u64>, balance: Option<i64>) -> Result<(), Rejection> {
        Rejection::unless_version(self.version, version)?;
        if balance.is_some_and(|balance| balance != self.balance) {
            return Err(Rejection::of_field(Code::VersionChanged, "points", "it is not what was expected"));
        }
        Ok(())
    }
}

impl OrderView {
    /// Whether stock has answered: some is set aside for it, or it is refused.
    pub fn is_held(&self) -> bool {
        self.now.state != OrderState::Placed || self.now.parked.is_some()
    }

    /// Whether it is decided: it has come to an end, or waits for an operator.
    pub fn is_decided(&self) -> bool {
        let has_ended = matches!(self.now.state, OrderState::Confirmed | OrderState::Rejected | OrderState::Cancelled);
        has_ended || self.now.parked.is_some()
    }

    /// Why it was rejected, if it was.
    pub fn refusal(&self) -> Option<Rejection> {
        (self.now.state == OrderState::Rejected).then(|| Rejection {
            code: self.now.reason.unwrap_or(Code::Expired),
            field: self.field.as_ref().map(String::from),
            message: self.explanation.as_ref().map(String::from).unwrap_or_default(),
            order: Some(self.order),
            others: None,
        })
    }

    /// What people call its seats: as they were called when they were set aside for it or refused, and their numbers until then.
    pub fn seat_names(&self) -> Vec<String> {
        match &self.now.seats {
            Some(names) => names.iter().map(String::from).collect(),
            None => self.seats.0.iter().map(|id| seat_name(None, None, crate::Numbered::number(*id))).collect(),
        }
    }
}

impl Placed {
    /// The order, where it is kept.
    pub fn order(&self) -> Option<&OrderView> {
        match self {
            Self::Kept(order) => Some(order),
            Self::Refused(_) => None,
        }
    }

    /// How it stands with it.
    pub fn state(&self) -> OrderState {
        self.order().map_or(OrderState::Rejected, |order| order.now.state)
    }

    /// Why it was refused, if it was.
    pub fn refusal(&self) -> Option<Rejection> {
        match self {
            Self::Kept(order) => order.refusal(),
            Self::Refused(rejection) => Some(rejection.clone()),
        }
    }
}
