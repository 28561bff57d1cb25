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
    /// Their names, as far as [`sorted_name`](OfferingSort::sorted_name) goes.
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

impl OfferingSort {
    /// What of a name counts where a list is sorted by it: so that a cursor has an end, however long names are that came in before they
    /// were bounded.
    pub fn sorted_name(name: &str) -> String {
        name.chars().take_while(|c| *c != '\0').take(200).collect()
    }
}
