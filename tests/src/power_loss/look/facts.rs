//! What somebody was told before a moment, by the marks of the log.

use std::collections::BTreeMap;

use contracts::{Numbered, OrderId, StorefrontNo};
use order::OrderState;

use crate::core_shop::{COUPON, MOVIE, SHOP, SHOW};
use crate::power_loss::lives::STOREFRONTS;
use crate::power_loss::log::{Mark, OrderEvent, Step};

/// The numbers of the storefronts that are bought in.
const NUMBERS: [StorefrontNo; STOREFRONTS.len()] = [SHOW, MOVIE, COUPON, SHOP];

/// What is known of an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Known {
    event: OrderEvent,
    /// Somebody asked for it to be taken back.
    may_be_cancelled: bool,
}

impl Known {
    /// Whether an order in `state` is what was said.
    pub(crate) fn allows(&self, state: OrderState) -> bool {
        use OrderState::{Cancelled, Cancelling, Confirmed, Rejected};
        match self.event {
            OrderEvent::Taken | OrderEvent::Cancelling => true,
            OrderEvent::Confirmed => {
                state == Confirmed || (self.may_be_cancelled && matches!(state, Cancelling | Cancelled))
            }
            OrderEvent::Rejected => state == Rejected,
            OrderEvent::Cancelled => state == Cancelled,
        }
    }
}

/// Orders that were acknowledged.
pub(crate) type Orders = BTreeMap<OrderId, Known>;

/// A copy of the store that was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Copy {
    /// What has to be in it.
    pub(crate) orders: Orders,
    /// Whether it was said to be finished.
    pub(crate) is_done: bool,
}

/// Everything that was said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) orders: Orders,
    pub(crate) backup: Option<Copy>,
    pub(crate) restored: Option<Copy>,
}

impl Facts {
    pub(crate) fn learn(&mut self, mark: &Mark<'_>) {
        match *mark {
            Mark::Order { event, storefront, number } => self.hear(event, storefront, number),
            Mark::Step(Step::BackupBegins) => self.backup = Some(Copy { orders: self.settled(), is_done: false }),
            Mark::Step(Step::RestoreBegins) => {
                self.restored = self.backup.clone().map(|copy| Copy { is_done: false, ..copy });
            }
            Mark::Step(Step::BackupDone) => self.backup.iter_mut().for_each(|copy| copy.is_done = true),
            Mark::Step(Step::RestoreDone) => self.restored.iter_mut().for_each(|copy| copy.is_done = true),
            Mark::Step(Step::LifeBegins | Step::LifeEnded) | Mark::Story { .. } => {}
        }
    }

    fn hear(&mut self, event: OrderEvent, storefront: &str, number: u64) {
        let place = STOREFRONTS.iter().position(|known| *known == storefront).expect("nothing else is bought in");
        let known = self.orders.entry(OrderId::of(NUMBERS[place], number));
        let known = known.or_insert(Known { event, may_be_cancelled: false });
        match event {
            OrderEvent::Cancelling => known.may_be_cancelled = true,
            event => known.event = event,
        }
    }

    /// The orders as a copy may have them that is made from now on: what is there may go on meanwhile.
    fn settled(&self) -> Orders {
        let may_go_on = |(id, known): (&OrderId, &Known)| (*id, Known { may_be_cancelled: true, ..*known });
        self.orders.iter().map(may_go_on).collect()
    }
}
