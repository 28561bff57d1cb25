//! How much of an offering there is, and shall be.

use contracts::limits::COUNT_MAX;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::limits::{invalid, read_only};
use super::object::from_object;
use super::whole::whole;
use edge::{Problem, Wrongs};

/// How much of an offering there is: left + held + sold = capacity.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Stock {
    /// In all.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    #[serde(deserialize_with = "whole")]
    pub capacity: u64,
    /// To be had.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    #[serde(deserialize_with = "whole")]
    pub left: u64,
    /// Set aside for orders under way.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    #[serde(deserialize_with = "whole")]
    pub held: u64,
    /// Sold.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    #[serde(deserialize_with = "whole")]
    pub sold: u64,
}

impl Stock {
    /// Refuses to change what is `now`. Of one that was read before, some may have been sold or come back since.
    pub(super) fn keeps(&self, now: &Self, was_read_before: bool) -> Result<(), Problem> {
        let fields = |of: &Self| [("capacity", of.capacity), ("left", of.left), ("held", of.held), ("sold", of.sold)];
        let is_whole =
            u128::from(self.left) + u128::from(self.held) + u128::from(self.sold) == u128::from(self.capacity);
        let moved = was_read_before && is_whole && self.capacity == now.capacity;
        match fields(self).into_iter().zip(fields(now)).find(|(sent, now)| sent != now).filter(|_| !moved) {
            Some((_, (name, now))) => Err(read_only(&format!("stock.{name}"), now)),
            None => Ok(()),
        }
    }
}

/// More to sell.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct AddStock {
    /// How many more.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_u64, example = 10)]
    #[serde(deserialize_with = "whole")]
    pub add: u64,
}

impl AddStock {
    /// Adds that it cannot be counted.
    pub fn check(&self, wrongs: &mut Wrongs) {
        if !(1..=COUNT_MAX).contains(&self.add) {
            wrongs.add(invalid("add", format!("a whole number from 1 to {COUNT_MAX}")));
        }
    }
}

/// How much of an offering there shall be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Capacity {
    /// In all, what is held and sold among it: not less than that.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64, example = 80)]
    #[serde(deserialize_with = "whole")]
    pub capacity: u64,
}

from_object!(Stock, AddStock, Capacity);
