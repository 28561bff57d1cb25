//! What queries of stock are made of.

use minicbor::{Decode, Encode};
use typed::Text;

/// What a list of offerings is sorted by, and which way. Those of which that is the same stand by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct OfferingSort {
    /// What by.
    #[n(0)]
    pub by: SortedBy,
    /// The highest first.
    #[n(1)]
    pub descending: bool,
}

/// What offerings can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum SortedBy {
    /// Their ids, which is by age.
    #[n(0)]
    Id,
    /// Their names, as far as [`OfferingView::sorted_by`](super::OfferingView::sorted_by) has them.
    #[n(1)]
    Name,
    /// Their prices.
    #[n(2)]
    Price,
}

/// Which offerings are meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode)]
pub struct OfferingFilter {
    /// Only those that can be ordered at this moment, or only those that cannot; in milliseconds since the Unix epoch.
    #[n(0)]
    pub on_sale: Option<(u64, bool)>,
    /// Only those of which so many are left.
    #[n(1)]
    pub min_left: Option<u64>,
    /// Only those of which no more are left.
    #[n(2)]
    pub max_left: Option<u64>,
    /// Only those that cost so much, in minor units; of what is sold by seats, the cheapest counts.
    #[n(3)]
    pub min_price: Option<u64>,
    /// Only those that cost no more.
    #[n(4)]
    pub max_price: Option<u64>,
}

/// What somebody calls a seat.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum SeatPlace {
    /// Nothing that a seat can be called.
    #[n(0)]
    Nowhere,
    /// The one at this row and number.
    #[n(1)]
    At(#[n(0)] Text, #[n(1)] i64),
    /// The one with this number in its storefront.
    #[n(2)]
    Number(#[n(0)] u64),
}
