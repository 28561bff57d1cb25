//! What can be asked of the shop without changing it, and what is found: data alone, so that whoever asks may be in another process than
//! whoever knows. A query is for the one service that owns the answer.

mod cursor;
mod records;
mod stock;
mod views;

use minicbor::{Decode, Encode};
use typed::Text;

pub use cursor::{PageCursor, Recent};
pub use records::{
    CUSTOMER_NAME, DeliveryView, Field, FieldValue, PaymentView, Pick, RecordKind, RecordPage, RecordView, SortField,
};
pub use stock::{OfferingFilter, OfferingSort, SeatPlace, SortedBy};
pub use views::{
    AccountView, EntryView, HoldView, LineView, NoticeView, OfferingView, OrderDetail, OrderView, Placed, SeatView,
};

use crate::states::OrderState;
use crate::{Answer, Numbered, OfferingId, OrderId, SeatId, ServiceName, StorefrontNo};

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
/// (only the tables can tell), and what is found. Of one that is `to ByKind`, its kind tells the service.
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
                match self { $(Self::$name(_of) => queries!(@to _of $service),)+ }
            }

            /// Whether the keys of the rows that answer it follow from it, so that memory may have them.
            pub fn is_keyed(&self) -> bool {
                match self { $(Self::$name(_) => queries!(@ $how),)+ }
            }
        }
    };
    (@to $of:ident ByKind) => { $of.kind.service() };
    (@to $of:ident $service:ident) => { ServiceName::$service };
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
        /// Also those that were withdrawn.
        5 withdrawn: bool,
        /// Which of them.
        6 only: OfferingFilter,
    } -> Vec<OfferingView>
    /// All seats of an offering that is on sale, by their ids; nothing if there is no such offering.
    2 SeatMap to Stock listed {
        /// The offering.
        0 offering: OfferingId,
        /// Also those of one that was withdrawn.
        1 withdrawn: bool,
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
    /// Offerings by their ids, over some storefronts: also those that nobody is shown.
    5 Catalogue to Stock listed {
        /// The storefronts, in order.
        0 storefronts: Vec<StorefrontNo>,
        /// Also those that were withdrawn.
        1 withdrawn: bool,
        /// The offering before the first.
        2 after: OfferingId,
        /// How many at the most.
        3 limit: u64,
        /// Which of them.
        4 only: OfferingFilter,
    } -> Vec<OfferingView>
    /// What is held for an order.
    6 OneHold to Stock keyed {
        /// The order.
        0 order: OrderId,
    } -> Option<HoldView>
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
    /// Some orders with what operators want to know, each in its place; nothing for one that there is not.
    10 OrderDetails to Order keyed {
        /// Which.
        0 ids: Vec<OrderId>,
    } -> Vec<Option<OrderDetail>>
    /// The orders of some storefronts, the newest first.
    11 Orders to Order listed {
        /// The storefronts.
        0 storefronts: Vec<StorefrontNo>,
        /// Only those with which it stands so.
        1 state: Option<OrderState>,
        /// Only those of the offering with this number in its storefront.
        2 offering: Option<u64>,
        /// Only those that wait for an operator.
        3 parked: bool,
        /// Where the page before ended.
        4 after: Option<PageCursor>,
        /// How many at the most.
        5 limit: u32,
        /// Only those placed then or later, in milliseconds since the Unix epoch.
        6 placed_from: Option<u64>,
        /// Only those placed before.
        7 placed_until: Option<u64>,
    } -> Recent<OrderDetail>
    /// The orders that wait for an operator, by their ids.
    12 ParkedOrders to Order listed {
        /// How many at the most.
        0 limit: u64,
    } -> Vec<OrderDetail>
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
    /// The offering that clients of a storefront mean by its seller's reference.
    40 OfferingByReference to Stock keyed {
        /// The storefront.
        0 storefront: StorefrontNo,
        /// The reference.
        1 reference: Text,
    } -> Option<Box<OfferingView>>
    /// Things of one kind in a storefront.
    41 Records to ByKind listed {
        /// Of what kind.
        0 kind: RecordKind,
        /// The storefront.
        1 storefront: StorefrontNo,
        /// Which of them.
        2 pick: Pick,
    } -> RecordPage
    /// A customer's orders in some storefronts, the newest first.
    33 OrdersOf to MyPage listed {
        /// The customer.
        0 customer: Text,
        /// The storefronts.
        1 storefronts: Vec<StorefrontNo>,
        /// Where the page before ended.
        2 after: Option<PageCursor>,
        /// How many at the most.
        3 limit: u32,
    } -> Recent<OrderId>
    /// The payment of an order.
    42 OnePayment to Payment keyed {
        /// The order.
        0 order: OrderId,
    } -> Option<Box<PaymentView>>
    /// The delivery of an order.
    43 OneDelivery to Delivery keyed {
        /// The order.
        0 order: OrderId,
    } -> Option<Box<DeliveryView>>
}

impl Orders {
    /// All of `storefronts`, `limit` at the most.
    pub fn of(storefronts: Vec<StorefrontNo>, limit: u32) -> Self {
        let (state, offering, parked, after) = (None, None, false, None);
        Self { storefronts, state, offering, parked, after, limit, placed_from: None, placed_until: None }
    }

    /// Whether it asks for all orders of its storefronts.
    pub fn is_for_all(&self) -> bool {
        let is_by_time = self.placed_from.is_some() || self.placed_until.is_some();
        self.state.is_none() && self.offering.is_none() && !self.parked && !is_by_time
    }

    /// Whether `order` is one of those it asks for, wherever that is.
    pub fn is_for(&self, order: &OrderDetail) -> bool {
        let now = &order.view.now;
        self.state.is_none_or(|state| now.state == state)
            && self.offering.is_none_or(|number| now.offering.map(Numbered::number) == Some(number))
            && (!self.parked || now.parked.is_some())
            && self.placed_from.is_none_or(|from| now.placed_at >= from)
            && self.placed_until.is_none_or(|until| now.placed_at < until)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::states::SeatState;
    use crate::{Code, Money, Rejection, SeatNow};

    fn again<T: Encode<()> + for<'b> Decode<'b, ()>>(value: &T) -> T {
        minicbor::decode(&minicbor::to_vec(value).expect("a vector takes every byte")).expect("it is read again")
    }

    #[test]
    fn a_query_and_what_is_found_are_read_as_they_were_written() {
        let pick = Pick::Page {
            offset: 2,
            limit: 20,
            sort: vec![SortField { field: Field::Kept("color".into()), as_number: true, descending: true }],
            total: None,
        };
        let seats = vec![SeatPlace::Nowhere, SeatPlace::At("A".into(), 1), SeatPlace::Number(7)];
        let after = Some(PageCursor(vec![(1, 12), (5, 3)]));
        for query in [
            OneOrder { id: OrderId(7) }.query(),
            SeatsNamed { offering: OfferingId(1), seats }.query(),
            LinesOf { customer: "kim".into(), after, limit: 50 }.query(),
            Records { kind: RecordKind::Payment, storefront: StorefrontNo(1), pick }.query(),
        ] {
            assert_eq!(again(&query), query);
        }
        let refused = Placed::Refused(Rejection::new(Code::UnknownReference, "there is no such offering"));
        let seat = SeatNow {
            seat: SeatId(3),
            row: None,
            column: None,
            grade: Some("R".into()),
            price: Money::krw(5),
            state: SeatState::Held,
            version: 2,
            owner: Some(OrderId(7)),
        };
        let seat = RecordView::Seat(Box::new(SeatView { offering: OfferingId(1), now: seat }));
        for found in [
            Found::OneOrder(None),
            Found::PlacedOrder(Some(refused)),
            Found::SeatsNamed(vec![None, Some(SeatId(3))]),
            Found::Records(RecordPage { total: 1, records: vec![seat] }),
        ] {
            assert_eq!(again(&found), found);
        }
    }

    #[test]
    fn what_is_found_for_another_query_is_not_taken_for_an_answer() {
        assert_eq!(OneOrder::of(Found::OneOffering(None)), None);
        assert_eq!(OneOrder::of(Found::OneOrder(None)), Some(None));
    }
}
