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
