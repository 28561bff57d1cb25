//! What can be asked of the shop without changing it, and what is found: data alone, so that whoever asks may be in another process than
//! whoever knows. A query is for the one service that owns the answer.

mod cursor;
mod stock;
mod views;

use minicbor::{Decode, Encode};
use typed::Text;

pub use cursor::{PageCursor, Recent};
pub use stock::{OfferingSort, SeatPlace, SortedBy};
pub use views::{AccountView, EntryView, LineView, NoticeView, OfferingView, OrderView, Placed, SeatView};

use crate::{Answer, OfferingId, OrderId, SeatId, ServiceName, StorefrontNo};

/// A query, with the type of what is found.
pub trait Asks: Sized {
    /// What is found.
    type Found;

    /// As one of all queries.
    fn query(self) -> Query;
    /// What was found for it; `None` if `found` is what was found for another query.
    fn of(found: Found) -> Option<Self::Found>;
}

/// Declares queries: each with its number, the service that answers it, whether it is `keyed` (rows whose keys follow from it) or `listed`
/// (only the tables can tell), and what is found.
macro_rules! queries {
    ($($(#[$doc:meta])* $n:literal $name:ident to $service:ident $how:ident {
        $($(#[$field_doc:meta])* $m:literal $field:ident: $type:ty,)*
    } -> $found:ty)+) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
        pub struct $name { $($(#[$field_doc])* #[n($m)] pub $field: $type,)* }

        impl Asks for $name {
            type Found = $found;

            fn query(self) -> Query {
                Query::$name(self)
            }

            fn of(found: Found) -> Option<$found> {
                match found {
                    Found::$name(found) => Some(found),
                    _ => None,
                }
            }
        })+

        /// Every query.
        #[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
        pub enum Query { $(#[doc = concat!("See [`", stringify!($name), "`].")] #[n($n)] $name(#[n(0)] $name),)+ }

        /// What was found, by the query it was found for.
        #[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
        pub enum Found { $(#[doc = concat!("For [`", stringify!($name), "`].")] #[n($n)] $name(#[n(0)] $found),)+ }

        impl Query {
            /// Its name.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)+ }
            }

            /// The service that answers it.
            pub fn to(&self) -> ServiceName {
                match self { $(Self::$name(_) => ServiceName::$service,)+ }
            }

            /// Whether the keys of the rows that answer it follow from it, so that memory may have them.
            pub fn is_keyed(&self) -> bool {
                match self { $(Self::$name(_) => queries!(@ $how),)+ }
            }
        }
    };
    (@ keyed) => { true };
    (@ listed) => { false };
}

queries! {
    /// An offering, also one that is withdrawn and kept for its orders.
    0 OneOffering to Stock keyed {
        /// Its id.
        0 id: OfferingId,
    } -> Option<Box<OfferingView>>
    /// A page of the offerings of a storefront that are on sale, and one more if there is another page.
    1 Offerings to Stock listed {
        /// The storefront.
        0 storefront: StorefrontNo,
        /// What they are sorted by.
        1 sort: OfferingSort,
        /// A part of their names; empty for all.
        2 name: Text,
        /// The offering before the first, and what that is sorted by.
        3 after: Option<(u64, Text)>,
        /// How many at the most.
        4 limit: u32,
    } -> Vec<OfferingView>
    /// All seats of an offering that is on sale, by their ids; nothing if there is no such offering.
    2 SeatMap to Stock listed {
        /// The offering.
        0 offering: OfferingId,
    } -> Option<Vec<SeatView>>
    /// The seats of an offering that somebody named, each in its place; nothing for one that there is not.
    3 SeatsNamed to Stock keyed {
        /// The offering.
        0 offering: OfferingId,
        /// What they are called.
        1 seats: Vec<SeatPlace>,
    } -> Vec<Option<SeatId>>
    /// A seat.
    4 OneSeat to Stock keyed {
        /// Its id.
        0 id: SeatId,
    } -> Option<Box<SeatView>>
    /// An order.
    8 OneOrder to Order keyed {
        /// Its id.
        0 id: OrderId,
    } -> Option<Box<OrderView>>
    /// What became of an order that was placed: the order or, where it was refused and is not kept, why. Known as long as an idempotency key
    /// is.
    9 PlacedOrder to Order keyed {
        /// Its id.
        0 id: OrderId,
    } -> Option<Placed>
    /// The points of a customer.
    16 OneAccount to Points keyed {
        /// The customer.
        0 customer: Text,
    } -> Option<AccountView>
    /// The points of a customer with what they are the sum of, the newest first.
    17 Ledger to Points listed {
        /// The customer.
        0 customer: Text,
        /// Where the page before ended.
        1 after: Option<PageCursor>,
        /// How many entries at the most.
        2 limit: u32,
    } -> (Option<AccountView>, Recent<EntryView>)
    /// What a customer was told, the newest first.
    24 NoticesOf to Notification listed {
        /// The customer.
        0 customer: Text,
        /// Where the page before ended.
        1 after: Option<PageCursor>,
        /// How many at the most.
        2 limit: u32,
    } -> Recent<NoticeView>
    /// A customer's orders as my page has them, the newest first.
    32 LinesOf to MyPage listed {
        /// The customer.
        0 customer: Text,
        /// Where the page before ended.
        1 after: Option<PageCursor>,
        /// How many at the most.
        2 limit: u32,
    } -> Recent<LineView>
}

impl Query {
    /// How what `answer` names is looked at; `None` where it names nothing that can be.
    pub fn of_answer(answer: &Answer) -> Option<Self> {
        match answer {
            Answer::Order(id) => Some(PlacedOrder { id: *id }.query()),
            Answer::Offering(id) => Some(OneOffering { id: *id }.query()),
            Answer::Seat(id) => Some(OneSeat { id: *id }.query()),
            Answer::Points(customer) => Some(OneAccount { customer: customer.clone() }.query()),
            Answer::Done | Answer::Refused(_) => None,
        }
    }
}
