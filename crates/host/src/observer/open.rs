//! The orders and the holds of one storefront that have not ended: how many, and since when.
//! Most orders begin and end in one batch, and their messages stand together in it: those never reach a map.

use std::collections::{BTreeSet, HashMap};

use contracts::OrderId;

/// What is open of an order. Moments in milliseconds since the Unix epoch; zero where there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Since {
    /// It was placed, or is being taken back, since.
    pub under_way: u64,
    /// Stock is held for it since.
    pub held: u64,
}

/// What is open of one storefront.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// The order spoken of last, which is not in `rest`.
    newest: (u64, Since),
    rest: HashMap<u64, Since>,
    /// The holds in `rest`, oldest first.
    held: BTreeSet<(u64, u64)>,
    /// How many of `rest` are under way.
    under_way: usize,
}

impl Open {
    /// `order` was there before this process.
    pub(super) fn recover(&mut self, order: OrderId, held: u64) {
        *self.of(order) = Since { under_way: held, held };
    }

    /// What is open of `order`, to be looked at and changed.
    pub(super) fn of(&mut self, order: OrderId) -> &mut Since {
        if self.newest.0 != order.0 {
            let (before, since) = std::mem::take(&mut self.newest);
            if since != Since::default() {
                self.under_way += usize::from(since.under_way != 0);
                if since.held != 0 {
                    self.held.insert((since.held, before));
                }
                self.rest.insert(before, since);
            }
            self.newest = (order.0, self.take(order.0));
        }
        &mut self.newest.1
    }

    fn take(&mut self, order: u64) -> Since {
        let known = if self.rest.is_empty() { None } else { self.rest.remove(&order) };
        let since = known.unwrap_or_default();
        self.under_way -= usize::from(since.under_way != 0);
        if since.held != 0 {
            self.held.remove(&(since.held, order));
        }
        since
    }

    /// How many orders are under way.
    pub(super) fn orders(&self) -> u64 {
        (self.under_way + usize::from(self.newest.1.under_way != 0)) as u64
    }

    /// How many holds there are, and since when the oldest; zero if there is none.
    pub(super) fn holds(&self) -> (u64, u64) {
        let newest = Some(self.newest.1.held).filter(|held| *held != 0);
        let oldest = self.held.first().map(|(held, _)| *held);
        let count = self.held.len() + usize::from(newest.is_some());
        (count as u64, oldest.into_iter().chain(newest).min().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_ends_at_once_leaves_nothing() {
        let mut open = Open::default();
        *open.of(OrderId(1)) = Since { under_way: 10, held: 10 };
        assert_eq!((open.orders(), open.holds()), (1, (1, 10)));
        *open.of(OrderId(1)) = Since::default();
        open.of(OrderId(2)).under_way = 20;
        open.of(OrderId(2)).under_way = 0;
        assert_eq!((open.orders(), open.holds(), open.rest.len()), (0, (0, 0), 0));
    }

    #[test]
    fn what_stays_open_is_counted_by_its_oldest_until_it_ends() {
        let mut open = Open::default();
        open.recover(OrderId(7), 5);
        for order in 1..=3 {
            *open.of(OrderId(order)) = Since { under_way: order * 10, held: order * 10 };
        }
        assert_eq!((open.orders(), open.holds()), (4, (4, 5)));
        open.of(OrderId(7)).held = 0;
        assert_eq!((open.orders(), open.holds()), (4, (3, 10)));
        *open.of(OrderId(1)) = Since::default();
        *open.of(OrderId(7)) = Since::default();
        assert_eq!((open.orders(), open.holds()), (2, (2, 20)));
        assert_eq!(open.of(OrderId(3)).under_way, 30);
        *open.of(OrderId(2)) = Since::default();
        *open.of(OrderId(3)) = Since::default();
        assert_eq!((open.orders(), open.holds()), (0, (0, 0)));
    }
}
