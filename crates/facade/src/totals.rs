//! How many rows a list has, as it was counted last. Counting reads every row, so that long lists are not counted for each reader.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use contracts::StorefrontNo;
use storefronts::{Kind, Resource};

/// A list of fewer is counted each time.
const LONG: u64 = 10_000;
/// For so long the total of a long list counts, in milliseconds.
const COUNTS_MS: u64 = 2_000;

/// The totals of long lists: at most one for each kind of row of each storefront.
#[derive(Debug, Default)]
pub(super) struct Totals(Mutex<HashMap<(StorefrontNo, Kind), Counted>>);

#[derive(Debug, Clone, Copy)]
struct Counted {
    total: u64,
    at_ms: u64,
}

impl Totals {
    /// How many rows `of` has, if that was counted a moment ago.
    pub(super) fn known(&self, of: &Resource, now_ms: u64) -> Option<u64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(of.storefront, of.kind)).copied();
        known.filter(|known| now_ms.abs_diff(known.at_ms) < COUNTS_MS).map(|known| known.total)
    }

    /// Notes what was counted, where that is much.
    pub(super) fn counted(&self, of: &Resource, total: u64, now_ms: u64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if total >= LONG {
            known.insert((of.storefront, of.kind), Counted { total, at_ms: now_ms });
        } else {
            known.remove(&(of.storefront, of.kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_counted_once_in_a_while_and_a_short_one_each_time() {
        let show = storefronts::shipped().unwrap().remove(0);
        let (of, other) = (&show.resources[0], &show.resources[1]);
        let totals = Totals::default();
        totals.counted(of, LONG, 1_000);
        assert_eq!(
            (totals.known(of, 2_999), totals.known(of, 3_000), totals.known(other, 1_000)),
            (Some(LONG), None, None)
        );
        totals.counted(of, LONG - 1, 4_000);
        assert_eq!(totals.known(of, 4_000), None);
    }
}
