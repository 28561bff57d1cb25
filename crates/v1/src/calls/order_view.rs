//! How an order is shown.

use contracts::queries::OrderView;
use contracts::{Code, Numbered};
use storefronts::Storefront;

use crate::shapes;
use edge::ids;

/// An order as a client sees it; `seats` is what people call its seats.
pub(super) fn to_shape<'a>(view: &'a OrderView, seats: &'a [String], at: &'a Storefront) -> shapes::Order<'a> {
    let order = &view.now;
    let moment = |at: Option<u64>| at.map(shapes::Moment);
    shapes::Order {
        id: ids::text(view.order.number()),
        storefront: &at.recipe.name,
        offering: order.offering.map(|offering| ids::text(offering.number())),
        customer: &order.customer,
        quantity: order.quantity,
        seats,
        total: order.total.map(Into::into),
        state: order.state,
        reason: order.reason.map(Code::as_str),
        cancel_reason: order.cancel_reason.as_deref(),
        parked: order.parked.is_some(),
        placed_at: shapes::Moment(order.placed_at),
        decided_at: moment(order.decided_at),
        cancelled_at: moment(order.cancelled_at),
        payment: order.payment.as_ref().map(|payment| shapes::Payment {
            state: payment.state,
            amount: payment.amount.into(),
            reference: payment.reference.as_deref(),
            paid_at: moment(payment.paid_at),
            refunded_at: moment(payment.refunded_at),
        }),
        delivery: order.delivery.as_ref().map(|delivery| shapes::Delivery {
            state: delivery.state,
            started_at: shapes::Moment(delivery.started_at),
            ended_at: moment(delivery.ended_at),
        }),
        points: order.points,
        version: order.version,
    }
}
