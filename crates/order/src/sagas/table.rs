//! The legs of an order's course. Read it from top to bottom: that is what happens; the undos, from bottom to top, take it back.
//! Payment is the pivot: before it everything can be undone in silence, after it each step is retried until it succeeds or a cancel
//! pays the money back.

use contracts::commands::*;
use contracts::{Message, Numbered, Recipe, Step};
use saga::{Leg, Table};

use crate::order::Order;

/// An order with its recipe.
pub(crate) struct Course<'a> {
    pub order: &'a Order,
    pub recipe: &'a Recipe,
    pub now: u64,
}

pub(crate) const HOLD: usize = 0;
pub(crate) const PAY: usize = 1;
pub(crate) const SELL: usize = 2;
pub(crate) const EARN: usize = 3;
pub(crate) const DELIVER: usize = 4;

/// The table.
pub(crate) fn table<'a>() -> Table<'a, Course<'a>, Message> {
    Table(&[
        Leg {
            name: "hold", // answered by StockHeld or StockRefused
            wanted: |_| true,
            ask: |of| hold(of),
            undo: |of| ReleaseStock { order: of.order.id }.into(),
        },
        Leg {
            name: "pay", // answered by PaymentTaken or PaymentDeclined, or else by the deadline; also for what costs nothing
            wanted: |of| of.recipe.has(Step::Pay),
            ask: |of| pay(of),
            undo: |of| RefundPayment { order: of.order.id, provider_key: None, asked_in: None }.into(),
        },
        Leg {
            name: "sell", // answered by StockSold
            wanted: |_| true,
            ask: |of| SellStock { order: of.order.id }.into(),
            undo: |of| TakeBackStock { order: of.order.id }.into(),
        },
        Leg {
            name: "earn", // answered by PointsEarned
            wanted: |of| of.recipe.has(Step::Earn),
            ask: |of| earn(of),
            undo: |of| revoke(of),
        },
        Leg {
            name: "deliver", // answered by DeliveryStarted
            wanted: |of| of.recipe.has(Step::Deliver),
            ask: |of| deliver(of),
            undo: |of| CancelDelivery { order: of.order.id }.into(),
        },
    ])
}

fn hold(of: &Course<'_>) -> Message {
    let order = of.order;
    let target = match order.offering {
        Some(id) => Target::Id(id),
        None => crate::commands::target(order),
    };
    HoldStock {
        order: order.id,
        target,
        quantity: order.quantity,
        seats: order.seats.clone(),
        expected_price: order.expected_price,
        until: of.now + of.recipe.hold_s * 1000,
        customer: Some(order.customer.clone()),
    }
    .into()
}

fn pay(of: &Course<'_>) -> Message {
    let order = of.order;
    TakePayment {
        order: order.id,
        customer: order.customer.clone(),
        amount: order.cost(),
        card: order.card.clone(),
        product: order.wanted_as_named().into(),
        offering: order.offering.unwrap_or_else(|| Numbered::from_raw(0)),
        provider_key: None,
        asked_before: false,
        asked_in: None,
    }
    .into()
}

fn earn(of: &Course<'_>) -> Message {
    let points = of.order.cost().percent(of.recipe.points_percent);
    EarnPoints { order: of.order.id, customer: of.order.customer.clone(), points }.into()
}

fn revoke(of: &Course<'_>) -> Message {
    RevokePoints { order: of.order.id, customer: Some(of.order.customer.clone()) }.into()
}

fn deliver(of: &Course<'_>) -> Message {
    let order = of.order;
    StartDelivery {
        order: order.id,
        customer: order.customer.clone(),
        offering: order.offering.unwrap_or_else(|| Numbered::from_raw(0)),
        quantity: order.quantity,
        product: order.wanted_as_named().into(),
    }
    .into()
}
